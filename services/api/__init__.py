"""The people's door: HTTP with a token."""
