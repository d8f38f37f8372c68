"""A block of encoded telemetry packets, one per asset, that are stamped in place and sent as they are."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulators.wire import publish

# A metric and how its number is written; every # becomes a new digit now and then.
METRICS: Final = (
    ("pm25", "1#.##"),
    ("pm10", "2#.##"),
    ("no2", "3#.##"),
    ("so2", "1#.##"),
    ("o3", "4#.##"),
    ("co", "1.#1#"),
    ("temperature", "2#.##"),
)
STAMP: Final = b"1000000000000"
PACKET_IDS: Final = 65535
POOLED_DIGITS: Final = 4096


class Packets:
    """The packets of one connection's assets, handed out in turn, each with the time it leaves.

    All packets have the same size, so that a block of them is a rectangle of bytes: the time,
    the packet ids and the changing digits are written column by column, without a loop.
    """

    def __init__(self, assets: list[str], *, qos: int, values: int) -> None:
        topics = [f"city/{asset}/telemetry" for asset in assets]
        number = 1 if qos else None
        encoded = [publish(topic, _payload(values), packet_id=number) for topic in topics]
        if not encoded or len({len(packet) for packet in encoded}) != 1:
            raise ValueError("packets of one block need one size, and there must be some")
        self._block = np.frombuffer(bytearray(b"".join(encoded)), np.uint8)
        self._block = self._block.reshape(len(assets), -1)
        first = encoded[0]
        self._stamp = slice(first.index(STAMP), first.index(STAMP) + len(STAMP))
        self._number = first.index(b"/telemetry") + len(b"/telemetry") if qos else None
        self._changing = np.flatnonzero(self._block[0] == ord("#"))
        dice = np.random.default_rng(len(assets))
        pool = dice.integers(ord("0"), ord("9") + 1, (POOLED_DIGITS, self._changing.size))
        self._digits: NDArray[np.uint8] = pool.astype(np.uint8)
        self._block[:, self._changing] = ord("0")
        self._left_at = np.zeros(len(assets), np.int64)
        self.next = 0  # the asset whose turn it is
        self._sent = 0

    @property
    def size(self) -> int:
        """The bytes of each packet."""
        return int(self._block.shape[1])

    def take(self, count: int, now: int) -> tuple[memoryview, int]:
        """Return up to count packets stamped with now (epoch ms) as bytes, and how many they are.

        An asset whose last packet carries this millisecond already is not handed out again in it:
        no two packets of an asset ever carry the same time.
        """
        begin = self.next
        end = min(begin + count, len(self._block))
        end = begin + int(np.searchsorted(self._left_at[begin:end], now))
        rows = self._block[begin:end]
        taken = end - begin
        if taken:
            self._left_at[begin:end] = now
            self._write(rows, now)
            self._sent += taken
            self.next = end % len(self._block)
        return rows.reshape(-1).data, taken

    def _write(self, rows: NDArray[Any], now: int) -> None:
        rows[:, self._stamp] = np.frombuffer(b"%13d" % now, np.uint8)
        if self._number is not None:
            ids = (self._sent + np.arange(len(rows))) % PACKET_IDS + 1
            rows[:, self._number] = ids >> 8
            rows[:, self._number + 1] = ids & 255
        for at in range(0, len(rows), POOLED_DIGITS):
            some = rows[at : at + POOLED_DIGITS]
            begin = (self._sent + at) % (POOLED_DIGITS - len(some) + 1)
            some[:, self._changing] = self._digits[begin : begin + len(some)]


def _payload(values: int) -> bytes:
    named = METRICS + tuple((f"m{number}", "1#.##") for number in range(len(METRICS) + 1, 65))
    pairs = ",".join(f'"{metric}":{shape}' for metric, shape in named[:values])
    return b'{"ts":%s,"values":{%s}}' % (STAMP, pairs.encode())
