"""A block of encoded telemetry packets, one per asset, that are stamped in place and sent as they are."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulators.forms import SEQUENCE, WHEN, Form
from simulators.wire import publish

PACKET_IDS: Final = 65535
POOLED_DIGITS: Final = 4096


class Packets:
    """The packets of one connection's assets, handed out in turn, each with the time it leaves.

    All packets have the same size, so that a block of them is a rectangle of bytes: the time,
    the packet ids and the changing digits are written column by column, without a loop.
    """

    def __init__(self, assets: list[str], *, qos: int, form: Form) -> None:
        number = 1 if qos else None
        encoded = [publish(form.topic(each), form.payload, packet_id=number) for each in assets]
        if not encoded or len({len(packet) for packet in encoded}) != 1:
            raise ValueError("packets of one block need one size, and there must be some")
        self._block = np.frombuffer(bytearray(b"".join(encoded)), np.uint8)
        self._block = self._block.reshape(len(assets), -1)
        self._form, self._assets, self._qos = form, assets, qos
        begin = len(encoded[0]) - len(form.payload)
        width = len(form.stamp(WHEN))
        self._stamps = [slice(begin + at, begin + at + width) for at in form.times]
        self._number = begin - 2 if qos else None
        self._count = None if form.count is None else begin + form.count
        self._changing = begin + np.array(form.changing, np.intp)
        dice = np.random.default_rng(len(assets))
        pool = dice.integers(ord("0"), ord("9") + 1, (POOLED_DIGITS, self._changing.size))
        self._digits: NDArray[np.uint8] = pool.astype(np.uint8)
        self._left_at = np.zeros(len(assets), np.int64)
        self._counted = np.zeros(len(assets), np.int64)
        self.next = 0  # the asset whose turn it is
        self._sent = 0

    def births(self, now: int) -> list[bytes]:
        """The packets that each asset begins with, stamped with now (epoch ms); often none."""
        if self._form.birth is None:
            return []
        told = [self._form.birth(asset, now) for asset in self._assets]
        numbers = [self._next_number() if self._qos else None for _ in told]
        return [
            publish(topic, payload, packet_id=number)
            for (topic, payload), number in zip(told, numbers, strict=True)
        ]

    def _next_number(self) -> int:
        self._sent += 1
        return (self._sent - 1) % PACKET_IDS + 1

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
            if self._count is not None:
                self._number_on(rows[:, self._count : self._count + 2], slice(begin, end))
            self._sent += taken
            self.next = end % len(self._block)
        return rows.reshape(-1).data, taken

    def _write(self, rows: NDArray[Any], now: int) -> None:
        stamp = np.frombuffer(self._form.stamp(now), np.uint8)
        for place in self._stamps:
            rows[:, place] = stamp
        if self._number is not None:
            ids = (self._sent + np.arange(len(rows))) % PACKET_IDS + 1
            rows[:, self._number] = ids >> 8
            rows[:, self._number + 1] = ids & 255
        for at in range(0, len(rows), POOLED_DIGITS):
            some = rows[at : at + POOLED_DIGITS]
            begin = (self._sent + at) % (POOLED_DIGITS - len(some) + 1)
            some[:, self._changing] = self._digits[begin : begin + len(some)]

    def _number_on(self, places: NDArray[Any], whose: slice) -> None:
        self._counted[whose] += 1
        counts = self._counted[whose] % SEQUENCE
        places[:, 0] = counts & 127 | 128
        places[:, 1] = counts >> 7
