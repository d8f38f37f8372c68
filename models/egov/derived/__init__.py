"""What the rules of e-government services make of their telemetry, in words for operators."""
