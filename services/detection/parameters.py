"""The parameters of a model version: those settings that decide what is odd."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from services.detection.settings import DetectionSettings

# How a process works, and not what it finds: no matter of a version.
RUNNING = frozenset({"lead_days", "arrivals_per_turn", "readings_per_turn"})
NAMES = sorted(DetectionSettings.model_fields.keys() - RUNNING)

EXAMPLE = '{"threshold": 0.999, "detectors": {"rate": 1}}'


class BadParameters(Exception):
    """Parameters that no model can have; the text names each flaw."""


def of(settings: DetectionSettings) -> dict[str, object]:
    """What a version registers of these settings."""
    return settings.model_dump(mode="json", exclude=set(RUNNING))


def overruled(settings: DetectionSettings, parameters: Mapping[str, object]) -> list[str]:
    """The parameters that the environment sets otherwise than a version."""
    ours = of(settings)
    told = settings.model_fields_set & ours.keys() & parameters.keys()
    return sorted(name for name in told if ours[name] != parameters[name])


def applied(settings: DetectionSettings, parameters: Mapping[str, object]) -> DetectionSettings:
    """The settings with these parameters in place of their own. Raises BadParameters.

    Of the detectors' weights those that are named: the others stay as they are.
    """
    unknown = sorted(parameters.keys() - set(NAMES))
    if unknown:
        raise BadParameters(
            f"{', '.join(unknown)}: there is no such parameter; there are {', '.join(NAMES)}"
        )
    changed = settings.model_dump() | dict(parameters)
    if isinstance(weights := parameters.get("detectors"), Mapping):
        changed["detectors"] = settings.detectors | dict(weights)
    try:
        return DetectionSettings(**changed)
    except ValidationError as error:
        raise BadParameters("; ".join(map(spoken, error.errors()))) from error


def spoken(flaw: Mapping[str, object]) -> str:
    """One flaw in words."""
    where = flaw["loc"]
    named = ".".join(map(str, where)) if isinstance(where, tuple) else ""
    return f"{named}: {str(flaw['msg']).removeprefix('Value error, ')}".removeprefix(": ")


def read(file: Path) -> dict[str, object]:
    """The parameters that a JSON file names. Raises BadParameters where it cannot be read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadParameters(f"{file}: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadParameters(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadParameters(f"{file}: parameters are one JSON object, as in {EXAMPLE}")
    return found
