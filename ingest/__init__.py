"""The machines' door: MQTT in, rows out."""
