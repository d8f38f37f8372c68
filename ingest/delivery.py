"""One message as it came, with the receipt that its acknowledgement needs."""

from typing import NamedTuple


class Delivery(NamedTuple):
    """received_at is in microseconds since 1970; connection and message_id are the receipt.

    again says that the broker may have brought it before: it sends once more what was not
    acknowledged, and to every new subscriber what it keeps.
    """

    topic: str
    payload: bytes
    received_at: int
    qos: int
    connection: int
    message_id: int
    again: bool = False
