"""A street light that does what it is told: its lamp, and what it answers to a command."""

import json
import math
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import numpy as np

from simulators.dice import bells, key_of

REMEMBERED: Final = 100  # commands whose answer is known: a second delivery is answered alike
RATED_KW: Final = 0.12
STANDBY_KW: Final = 0.002
MAINS: Final = 230.0
LARGEST: Final = 16 * 1024  # bytes of a command: a lamp has little memory


class Refusal(Exception):
    """Why the lamp does not do what it was told."""


class Lamp:
    """One lamp of `level` 0 (off) to 1; the same seed flickers the same.

    It knows the commands `dim` {"level": 0..1}, `on` and `off`.
    """

    def __init__(self, asset: str, level: float = 1.0) -> None:
        self.level = level
        self.done = 0  # commands that changed something: not those it had done already
        self._key = key_of(asset)
        self._answers: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def report(self, at: float) -> dict[str, float]:
        """Return what it measures at a moment, in seconds since 1970."""
        voltage = MAINS + float(bells(self._key, np.array([round(at * 1000)]))[0])
        power = STANDBY_KW + RATED_KW * self.level
        return {
            "illuminance_level": round(self.level, 3),
            "power_kw": round(power, 4),
            "current": round(power * 1000 / voltage, 3),
            "voltage": round(voltage, 1),
        }

    def obey(self, payload: bytes, now: float) -> dict[str, Any] | None:
        """Do what a payload says and return the answer; None where it is no command at all.

        A command that came before (the same id) is not done again: its answer is repeated.
        """
        said = _read(payload)
        if said is None:
            return None
        identity = said["id"]
        if identity not in self._answers:
            self._answers[identity] = {"id": identity, **self._outcome(said, now)}
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[identity]

    def _outcome(self, said: dict[str, Any], now: float) -> dict[str, Any]:
        try:
            _check_in_time(said.get("expires_at"), now)
            self.level = self._wanted(said.get("command"), said.get("arguments"))
        except Refusal as why:
            return {"status": "refused", "detail": str(why)}
        self.done += 1
        return {"status": "done", "level": self.level}

    @staticmethod
    def _wanted(command: object, arguments: object) -> float:
        steps: dict[str, Callable[[object], float]] = {
            "dim": _level,
            "on": lambda _: 1.0,
            "off": lambda _: 0.0,
        }
        step = steps.get(command) if isinstance(command, str) else None
        if step is None:
            raise Refusal(f"a lamp knows {', '.join(steps)}, and not {str(command)[:64]!r}")
        return step(arguments)


def _read(payload: bytes) -> dict[str, Any] | None:
    if len(payload) > LARGEST:
        return None
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    known = isinstance(said, dict) and isinstance(said.get("id"), str) and len(said["id"]) <= 64
    return said if known else None


def _check_in_time(text: object, now: float) -> None:
    try:
        end = datetime.fromisoformat(text).timestamp() if isinstance(text, str) else math.inf
    except (ValueError, OverflowError):
        raise Refusal("expires_at is no time") from None
    if now >= end:
        raise Refusal("it came after it had expired")


def _level(arguments: object) -> float:
    level = arguments.get("level") if isinstance(arguments, dict) else None
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 <= level <= 1:
        raise Refusal("dim takes a level from 0 to 1")
    return float(level)
