"""The assets of a recorded province: their numbers, their families, who speaks through whom."""

from collections.abc import Mapping

from models.correlate import Sign
from models.detectors.traits import Sort, Traits
from models.evaluation.province import Asset, Stream

# As the store's catalogue has them (services/store/schema/0020_detection.sql), of what is judged.
SORTS = {
    "filling_level": Sort.COUNTER,
    "energy": Sort.COUNTER,
    "uptime": Sort.COUNTER,
    "wind_direction": Sort.ANGLE,
}


class Town:
    """Numbers for names: those of assets, and who speaks through whom."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self.assets = dict(assets)
        self.names = ["platform", *self.assets]
        self.numbers = {name: number for number, name in enumerate(self.names)}

    def number(self, name: str) -> int:
        """The number of an asset; one that the registry does not know gets one too."""
        if name not in self.numbers:
            self.numbers[name] = len(self.names)
            self.names.append(name)
            self.assets[name] = Asset(name, "unknown", None, None, None, None)
        return self.numbers[name]

    @property
    def family(self) -> list[tuple[int, int]]:
        """(asset, gateway) of everybody who has one."""
        return [
            (self.numbers[name], self.number(asset.parent))
            for name, asset in list(self.assets.items())
            if asset.parent
        ]

    def traits(self, stream: Stream) -> Traits:
        """What is known of a stream: its unit, and whom it is like."""
        asset = self.assets[stream.asset]
        above = self.assets.get(asset.parent or "")
        told = Traits(sort=SORTS.get(stream.metric, Sort.GAUGE), unit=stream.unit)
        same = bool(above and above.kind == asset.kind)
        return told.of(asset.kind, stream.metric, asset.area, under_its_kind=same)

    def sign(self, asset: str, metric: str, time: int, detector: str, score: float) -> Sign:
        """What was said of an asset."""
        known = self.assets.get(asset, Asset(asset, "unknown", None, None, None, None))
        return Sign(asset, metric, known.kind, known.area, known.parent, time, detector, score)
