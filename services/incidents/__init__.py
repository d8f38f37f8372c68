"""Turns anomalies into few incidents and moves them through their life."""
