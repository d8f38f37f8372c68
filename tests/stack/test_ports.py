"""Ports: free, taken, not ours."""

import socket

import pytest

from scripts.stack.ports import answers, free_port, reachable, trouble


def test_a_free_port_gives_no_trouble() -> None:
    assert trouble("127.0.0.1", free_port()) is None


def test_a_port_somebody_listens_on_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert trouble("127.0.0.1", port) == "taken"
        assert trouble("0.0.0.0", port) == "taken"
        assert answers("127.0.0.1", port)


def test_nobody_answers_on_a_free_port() -> None:
    assert not answers("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_foreign() -> None:
    assert trouble("192.0.2.1", 5440) == "foreign"


@pytest.mark.parametrize(
    ("bind", "host"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.7", "10.0.0.7")]
)
def test_who_listens_everywhere_is_found_at_home(bind: str, host: str) -> None:
    assert reachable(bind) == host
