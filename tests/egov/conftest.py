"""A broker of the test's own, and ingest beside it."""

from tests.flow.conftest import ingest, own_broker

__all__ = ["ingest", "own_broker"]
