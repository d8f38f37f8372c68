"""Every decision of the platform and no I/O: what the city is, and what is normal in it."""
