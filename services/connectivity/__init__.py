"""Reads on from its cursor, learns how often everybody speaks, tells who is silent."""
