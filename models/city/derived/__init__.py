"""The city's rules on a grid: which streams they read, which they give, and what is an alarm."""
