"""What goes wrong in the simulated city, with the truth about when and where."""
