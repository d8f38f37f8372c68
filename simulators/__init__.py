"""The outside world: devices, services and their faults; it knows only the wire."""
