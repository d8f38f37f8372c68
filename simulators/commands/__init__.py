"""The commands: one file each, from the words of the command line to the work."""
