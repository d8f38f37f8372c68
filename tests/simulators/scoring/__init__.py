"""The score, by hand and over the real API."""
