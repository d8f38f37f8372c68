"""Pictures of what goes wrong in the simulated province: first what to show, then the drawing."""
