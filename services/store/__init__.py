"""All SQL of the platform: the schema and one module a table."""
