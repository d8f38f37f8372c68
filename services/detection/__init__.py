"""Reads on from its cursor, judges what arrived, keeps anomalies and state."""
