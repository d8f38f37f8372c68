"""Reads on from its cursor and keeps what the city's rules make of what arrived."""
