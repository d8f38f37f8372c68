"""Writes the registry's accounts into the files that the MQTT broker reads."""
