"""Records of many streams as one array a field: what is asked of all of them lies together."""

from collections.abc import Collection
from typing import Any, cast

import numpy as np

from models.detectors.promise import Ints, Rows


class Columns:
    """Indexed as a structured array is: by a field's name, or by rows."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    @classmethod
    def zeros(
        cls,
        layout: np.dtype[Any],
        size: int,
        by_hour: Collection[str] = (),
        shape: tuple[int, ...] = (),
    ) -> "Columns":
        """So many records of this layout; shape is that of the field they are, if they are one.

        Of the fields named by_hour, whose first axis is the hours or parts of a day, one hour of
        all streams lies together: most of them speak of the same.
        """
        fields = dict[str, Any]()
        for name in layout.names or ():
            kind, inner = layout[name].base, (*shape, *layout[name].shape)
            if kind.names is not None:
                fields[name] = cls.zeros(kind, size, by_hour, inner)
            elif name in by_hour:
                fields[name] = np.moveaxis(np.zeros((inner[0], size, *inner[1:]), kind), 0, 1)
            else:
                fields[name] = np.zeros((size, *inner), kind)
        return cls(fields)

    def __getitem__(self, key: Any) -> Any:
        """A field, or a copy of these rows."""
        if isinstance(key, str):
            return self.fields[key]
        return Columns({name: each[key] for name, each in self.fields.items()})

    def __setitem__(self, key: Any, value: Any) -> None:
        """Sets a field, or these rows of every field."""
        if isinstance(key, str):
            self.fields[key][...] = value
            return
        for name, each in self.fields.items():
            each[key] = value[name]

    def packed(self, who: Ints, layout: np.dtype[Any]) -> Rows:
        """Those rows as a structured array of this layout."""
        rows = np.zeros(len(who), layout)
        self.pack(who, rows)
        return rows

    def pack(self, who: Ints, rows: Rows) -> None:
        """Puts those rows into the fields of as many records."""
        for name, each in self.fields.items():
            if isinstance(each, Columns):
                each.pack(who, rows[name])
            else:
                rows[name] = each[who]

    def as_rows(self) -> Rows:
        """Itself, for whoever does nothing but index it."""
        return cast("Rows", self)
