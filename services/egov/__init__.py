"""The load on e-government services: clocks, days, the index, readiness, coverage, forecasts."""
