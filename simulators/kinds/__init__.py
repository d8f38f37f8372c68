"""The laws of what a city measures: one file per concern, each with its kinds."""
