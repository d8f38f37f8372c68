"""What goes wrong in the simulated province, one file a sort, with the truth about it."""
