"""Sparkplug B below its codec: bytes, values, and what nodes and devices have said of themselves."""
