"""Samples put aside, as bytes, and back."""

from collections.abc import Sequence

import msgspec

from models.reading import Quality, Sample


class Form(msgspec.Struct, array_like=True):
    """A sample as JSON, and what an asset has to be registered with."""

    asset: str
    kind: str
    parent: str | None
    time: int
    values: dict[str, float]
    units: dict[str, str] = {}
    quality: dict[str, int] = {}
    historical: bool = False


class Aside(msgspec.Struct):
    """A sample, with the kind and the gateway its asset is registered with."""

    sample: Sample
    kind: str
    parent: str | None


reader = msgspec.json.Decoder(list[Form])


def wrapped(samples: Sequence[Aside]) -> bytes:
    """Samples as the store keeps them.

    >>> wrapped([Aside(Sample("a", 5, {"x": 1.5}), "unknown", None)])
    b'[["a","unknown",null,5,{"x":1.5},{},{},false]]'
    """
    return msgspec.json.encode(
        [
            Form(
                each.sample.asset,
                each.kind,
                each.parent,
                each.sample.time,
                each.sample.values,
                dict(each.sample.units or {}),
                {metric: int(word) for metric, word in (each.sample.quality or {}).items()},
                each.sample.historical,
            )
            for each in samples
        ]
    )


def as_message(each: Aside) -> tuple[str, bytes]:
    """Topic and payload of a message of our own convention that says the same.

    >>> as_message(Aside(Sample("a", 5000, {"x": 1.5}, historical=True), "unknown", None))
    ('city/a/telemetry', b'{"ts":5.0,"values":{"x":1.5},"units":{},"quality":{},"historical":true}')
    """
    sample = each.sample
    told = {
        "ts": sample.time / 1000,
        "values": sample.values,
        "units": dict(sample.units or {}),
        "quality": {metric: word.name.lower() for metric, word in (sample.quality or {}).items()},
        "historical": sample.historical,
    }
    return f"city/{sample.asset}/telemetry", msgspec.json.encode(told)


def unwrapped(content: bytes) -> list[Aside]:
    """Samples as they were put aside.

    >>> unwrapped(b'[["a","unknown",null,5,{"x":1.5}]]')[0].sample.values
    {'x': 1.5}
    """
    return [
        Aside(
            Sample(
                form.asset,
                form.time,
                form.values,
                form.units or None,
                {metric: Quality(word) for metric, word in form.quality.items()} or None,
                form.historical,
            ),
            form.kind,
            form.parent,
        )
        for form in reader.decode(content)
    ]
