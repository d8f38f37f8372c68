"""What is known of all streams, each part kept as its reader reads it best."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

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

    def packed(self, who: Ints) -> Rows:
        """Those rows, as they are stored."""
        rows = np.zeros(len(who), self.layout)
        for name, each in self.fields.items():
            rows[name] = (
                each.packed(who, self.layout[name]) if isinstance(each, Columns) else each[who]
            )
        return rows

    def put(self, who: Ints, rows: Rows) -> None:
        """Knows these packed rows instead."""
        for name, each in self.fields.items():
            each[who] = rows[name]
