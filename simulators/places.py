"""The administrative units of the province as they were in 2019, with their official codes.

Codes and names are those of the General Statistics Office; a commune's coordinates are made up
around its district's centre.
"""

import csv
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = Path(__file__).with_name("places.csv")
PROVINCE: Final = "24"


class Place(NamedTuple):
    """A unit of any level: the province, a district or a commune."""

    code: str
    name: str  # with its kind, as in "Huyện Yên Thế"
    kind: str
    parent: str
    latitude: float
    longitude: float

    @property
    def short(self) -> str:
        """Its name alone, as in "Yên Thế"."""
        for kind in ("Thành phố ", "Thị trấn ", "Phường ", "Huyện ", "Tỉnh ", "Xã "):
            if self.name.startswith(kind):
                return self.name.removeprefix(kind)
        return self.name

    @property
    def slug(self) -> str:
        """Its name for a topic, as in "yen-the"."""
        plain = unicodedata.normalize("NFKD", self.short.lower().replace("đ", "d"))
        return plain.encode("ascii", "ignore").decode().replace(" ", "-")


@cache
def places() -> tuple[Place, ...]:
    """Return all units, the province first, then each district followed by its communes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent=row["parent"],
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
            )
            for row in csv.DictReader(file)
        )


def districts() -> tuple[Place, ...]:
    """Return the ten districts."""
    return tuple(place for place in places() if place.parent == PROVINCE)


def communes() -> tuple[Place, ...]:
    """Return the 230 communes, wards and townships."""
    return tuple(place for place in places() if place.parent not in {"", PROVINCE})
