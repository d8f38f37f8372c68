"""One message as it came, with the receipt that its acknowledgement needs."""

from typing import NamedTuple


class Delivery(NamedTuple):
    """received_at is in microseconds since 1970; connection and message_id are the receipt."""

    topic: str
    payload: bytes
    received_at: int
    qos: int
    connection: int
    message_id: int
