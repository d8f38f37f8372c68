"""What is known of all streams, each part kept as its reader reads it best."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.detectors.columns import Columns
from models.detectors.promise import Ints, Rows


class Records:
    """Rows that begin as zeros. layout is the packed record of one of them.

    Its fields are kept apart from each other: those named in `columns` as Columns, with the names
    of their fields by hour, the others as structured arrays.
    """

    def __init__(
        self, layout: np.dtype[Any], columns: Mapping[str, Collection[str]], size: int
    ) -> None:
        self.layout, self.columns, self.size = layout, columns, size
        self.fields = {name: self.zeros(name, size) for name in layout.names or ()}

    def __getitem__(self, name: str) -> Rows:
        """One part of all records."""
        return self.fields[name]

    def zeros(self, name: str, size: int) -> Rows:
        """So many of one part."""
        if name in self.columns:
            return Columns.zeros(self.layout[name], size, self.columns[name]).as_rows()
        return np.zeros(size, self.layout[name])

    def make_room(self, size: int) -> None:
        """Makes them so many."""
        for name, old in self.fields.items():
            self.fields[name] = self.zeros(name, size)
            self.fields[name][: self.size] = old
        self.size = size

    def packed(self, who: Ints) -> list[bytes]:
        """Those rows, as they are stored.

        A byte says which fields follow: those of detectors that never heard of a stream are left
        out, so that a stream pays for those alone that judge it.
        """
        parts = [self.part(name, who) for name in self.fields]
        told = np.stack([part.any(axis=1) for part in parts], axis=1)
        follows = (told << np.arange(len(parts))).sum(axis=1).tolist()
        return [
            bytes([mask])
            + b"".join(part[i].tobytes() for n, part in enumerate(parts) if mask >> n & 1)
            for i, mask in enumerate(follows)
        ]

    def part(self, name: str, who: Ints) -> NDArray[np.uint8]:
        """One field of those rows, as bytes (n, size of the field)."""
        kind, field = self.layout[name], self.fields[name]
        rows = field.packed(who, kind) if isinstance(field, Columns) else field[who]
        plain: NDArray[np.uint8] = np.ascontiguousarray(rows).view(np.uint8)
        return plain.reshape(len(who), kind.itemsize)

    def unpack(self, records: Sequence[bytes]) -> None:
        """Knows these records, as `packed` gives them, in the first rows."""
        places: dict[int, list[int]] = {}
        for place, record in enumerate(records):
            places.setdefault(record[0], []).append(place)
        for mask, alike in places.items():
            told = [name for n, name in enumerate(self.fields) if mask >> n & 1]
            kind = np.dtype([("mask", "u1"), *((name, self.layout[name]) for name in told)])
            rows = np.frombuffer(b"".join(records[place] for place in alike), kind)
            for name in told:
                self.fields[name][np.array(alike)] = rows[name]

    def put(self, who: Ints, rows: Rows) -> None:
        """Knows these whole rows instead."""
        for name, each in self.fields.items():
            each[who] = rows[name]
