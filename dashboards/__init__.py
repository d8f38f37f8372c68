"""Grafana as code: boards and panels as plain functions, their JSON generated and committed."""
