"""What a door is told of dossiers: events of known fields in their forms, and nothing else of it.

Personal data is dropped here, before anything is kept: only fields of FIELDS and DATES are looked
at, a value stays only in the form of its field, and no reason repeats what was said. The names of
the national dossier record (MaHoSo, TrangThaiHoSoId, ...) are accepted beside our own.
"""

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from models.egov.course import Event
from models.egov.state import Channel, State
from models.egov.worktime import VIETNAM

# Ours, and what the national record calls them.
FIELDS = {
    "event": ("event",),
    "dossier": ("dossier", "MaHoSo"),
    "unit": ("unit", "DonViId"),
    "procedure": ("procedure", "MaTTHC"),
    "channel": ("channel", "KenhThucHien"),
    "state": ("state", "TrangThaiHoSoId"),
    "at": ("at",),
    "due_at": ("due_at", "NgayHenTra"),
}
# A record without an event's time tells when its dossier came to which state.
DATES = {
    State.REGISTERED: "NgayNopHoSo",
    State.RECEIVED: "NgayTiepNhan",
    State.REFUSED: "NgayTuChoi",
    State.DONE: "NgayKetThucXuLy",
    State.RETURNED: "NgayTra",
}
NAMES = frozenset(name for names in FIELDS.values() for name in names) | frozenset(DATES.values())

# Office, day and number, as in H02.213-190102-0001 (Circular 01/2018/TT-VPCP, [G]). An identity
# or a telephone number is none: the office's code has a letter, the day is one.
DOSSIER = re.compile(
    r"(?=[^-]*[A-Z])(?:[A-Z0-9]{1,6}\.){0,5}[A-Z0-9]{1,6}"
    r"-\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{1,6}"
)
STEP = re.compile(r"-(?:\d{1,6}|s\d{1,2}-[0-9a-f]{8}(?:-[0-9a-f]{8})?)")
DIGEST = re.compile(r"sha256:[0-9a-f]{32}")
# What may be kept of a unit or a procedure that nobody knows, so that it can be mended.
UNIT = re.compile(
    r"\d{2,5}|S\d{2}|onestop-[a-z]{1,12}(?:-[a-z0-9]{1,8}){0,2}|(?:\d{2,3}\.){0,4}H\d{2}(?:\.\d{2,3}){0,4}"
)
PROCEDURE = re.compile(r"[A-Z]{2}\.\d{2}|\d\.\d{6}(?:(?:\.\d{2,3}){1,4}\.H\d{2})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # of either, to be looked up
LONGEST = 200  # characters of a foreign event's name
LOCAL = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
FARTHEST = timedelta(days=3653)  # ahead, for what is due
AHEAD = timedelta(minutes=10)  # a sender's clock may be, as ingest bears it of a device
DATE_ONLY = 10  # characters
CHANNELS = {int(each): each for each in Channel}
STATES = {int(each): each for each in State}


class Refused(NamedTuple):
    """An event that cannot be taken, with the reason and what may be kept of it."""

    kept: dict[str, str | int]
    reason: str


Told = Event | Refused


class BadField(ValueError):
    """A field whose value is not of its form; the text names the field, never the value."""


def read(item: object, now: datetime, unit: str | None = None) -> list[Told]:
    """The events that one object tells, oldest first; unit is meant where it names none.

    An object with `at` is one event. One without is a national record: an event for each of its
    dates. Their ids are made of the dossier, the state and the time, so that a record which is
    sent again with more dates tells only what is new.
    """
    if not isinstance(item, Mapping):
        return [Refused({}, "an event is an object")]
    said = said_of(item)
    if unit is not None:
        said.setdefault("unit", unit)
    try:
        if "at" in said or not any(item.get(name) for name in DATES.values()):
            return [event_of(said, now)]
        return list(record_of(said, item, now))
    except BadField as flaw:
        return [Refused(kept_of(said, now), str(flaw))]


def said_of(item: Mapping[object, object]) -> dict[str, object]:
    """What an object says in the known fields, under our own names."""
    said = {}
    for field, names in FIELDS.items():
        for name in names:
            value = item.get(name)
            if value is not None:
                if value != "":
                    said[field] = value
                break
    return said


def event_of(said: Mapping[str, object], now: datetime) -> Event:
    """One event. Raises BadField."""
    dossier, unit, procedure, channel = heads(said)
    state = state_of(said)
    at = past(said.get("at"), "at", now)
    due = due_of(said, now)
    name = name_of(said.get("event"), dossier)
    return Event(name, dossier, unit, procedure, channel, state, at, due)


def record_of(
    said: Mapping[str, object], item: Mapping[object, object], now: datetime
) -> list[Told]:
    """The events of a national record. Raises BadField."""
    dossier, unit, procedure, channel = heads(said)
    state = state_of(said)
    dates = {each: past(item[name], name, now) for each, name in DATES.items() if item.get(name)}
    due = due_of(said, now)
    moves = moves_of(state, dates)
    if not moves:
        raise BadField("its dates are of no state")
    found: list[Told] = [
        Event(
            named(dossier, each, at, due if last else None),
            dossier, unit, procedure, channel, each, at, due if last else None,
        )
        for (each, at), last in zip(moves, [False] * (len(moves) - 1) + [True], strict=True)
    ]  # fmt: skip
    if state not in {each for each, _ in moves}:
        found.append(Refused(kept_of(said, now), f"state {int(state)} has no date"))
    return found


def moves_of(state: State, dates: Mapping[State, datetime]) -> list[tuple[State, datetime]]:
    """The moves that a record tells by its state and its dates, oldest first.

    It has no date for the beginning of the work, which was on acceptance, and none for the end
    where the result was given at once.
    """
    begun, taken = dates.get(State.REGISTERED), dates.get(State.RECEIVED)
    refused, ended = dates.get(State.REFUSED), dates.get(State.DONE)
    given = dates.get(State.RETURNED)
    moves: list[tuple[State, datetime | None]] = []
    if taken is None or state is State.REGISTERED:
        moves.append((State.REGISTERED, begun or refused))
    moves.append((State.RECEIVED, taken))
    if state not in (State.REGISTERED, State.RECEIVED, State.REFUSED) or ended or given:
        moves.append((State.IN_PROCESS, taken))
    moves.append((State.REFUSED, refused))
    last = state if state in (State.WITHDRAWN, State.STOPPED) else State.DONE
    moves += [(last, ended or given), (State.RETURNED, given)]
    return [(each, at) for each, at in moves if at is not None]


def heads(said: Mapping[str, object]) -> tuple[str, str, str, Channel]:
    """Dossier, unit, procedure and channel. Raises BadField."""
    dossier = code(said, "dossier", DOSSIER)
    unit, procedure = code(said, "unit", CODE), code(said, "procedure", CODE)
    return dossier, unit, procedure, channel_of(said)


def codes_kept(unit: str, procedure: str) -> dict[str, str | int]:
    """What may be kept of a unit's and a procedure's code before anybody has looked them up."""
    found: dict[str, str | int] = {}
    if UNIT.fullmatch(unit):
        found["unit"] = unit
    if PROCEDURE.fullmatch(procedure):
        found["procedure"] = procedure
    return found


def kept_of(said: Mapping[str, object], now: datetime) -> dict[str, str | int]:
    """What may be kept of an event that was refused: the fields that have their form, until one has not.

    Its name is among them where that is one of ours.
    """
    kept: dict[str, str | int] = {}
    with suppress(BadField):
        kept["dossier"] = code(said, "dossier", DOSSIER)
        kept |= codes_kept(code(said, "unit", CODE), code(said, "procedure", CODE))
        kept["channel"] = int(channel_of(said))
        kept["state"] = int(state_of(said))
        kept["at"] = past(said.get("at"), "at", now).isoformat()
        if (due := due_of(said, now)) is not None:
            kept["due_at"] = due.isoformat()
    dossier, name = kept.get("dossier"), said.get("event")
    if isinstance(dossier, str) and isinstance(name, str) and 0 < len(name) <= LONGEST:
        return {"event": name_of(name, dossier), **kept}
    return kept


def kept_from(event: Event) -> dict[str, str | int]:
    """What may be kept of an event whose unit or procedure nobody knows."""
    found: dict[str, str | int] = {"event": event.id, "dossier": event.dossier}
    found |= codes_kept(event.unit, event.procedure)
    found |= {"channel": int(event.channel), "state": int(event.state)}
    found["at"] = event.at.isoformat()
    if event.due_at is not None:
        found["due_at"] = event.due_at.isoformat()
    return found


def code(said: Mapping[str, object], field: str, form: re.Pattern[str]) -> str:
    """A field that is a code. Raises BadField."""
    value = said.get(field)
    if value is None:
        raise BadField(f"{field}: there is none")
    text = str(value).strip() if isinstance(value, str | int) else ""
    if isinstance(value, bool) or not form.fullmatch(text):
        raise BadField(f"{field}: this is no code of one")
    return text


def channel_of(said: Mapping[str, object]) -> Channel:
    """The channel. Raises BadField."""
    found = CHANNELS.get(whole(said.get("channel"), "channel"))
    if found is None:
        raise BadField("channel: there is none such; 1 direct, 2 online, 3 by post")
    return found


def state_of(said: Mapping[str, object]) -> State:
    """The state. Raises BadField."""
    found = STATES.get(whole(said.get("state"), "state"))
    if found is None:
        raise BadField("state: there is none such; they are 1 to 10")
    return found


def whole(value: object, field: str) -> int:
    """A small whole number, or digits that say one. Raises BadField."""
    if value is None:
        raise BadField(f"{field}: there is none")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}", value.strip()):
        return int(value)
    raise BadField(f"{field}: this is no number of one")


def name_of(value: object, dossier: str) -> str:
    """An event's name: ours as it is, any other as a digest, for it may be anybody's number."""
    if value is None:
        raise BadField("event: there is none")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadField("event: this is no name of one")
    text = str(value)
    if not 0 < len(text) <= LONGEST:
        raise BadField(f"event: a name has 1 to {LONGEST} characters")
    ours = text.startswith(dossier) and STEP.fullmatch(text, len(dossier))
    if ours or DIGEST.fullmatch(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:32]}"


def named(dossier: str, state: State, at: datetime, due: datetime | None) -> str:
    """The name of an event that a record tells. Work goes on with another date as a new event."""
    text = f"{dossier}-s{int(state)}-{int(at.timestamp()):08x}"
    if state is State.IN_PROCESS and due is not None:
        text += f"-{int(due.timestamp()):08x}"
    return text


def past(value: object, field: str, now: datetime) -> datetime:
    """A moment that has been. Raises BadField."""
    at = moment(value, field)
    if at < OLDEST:
        raise BadField(f"{field}: before {OLDEST:%Y}")
    if at > now + AHEAD:
        raise BadField(f"{field}: in the future")
    return at


def due_of(said: Mapping[str, object], now: datetime) -> datetime | None:
    """When it is due, where that is said. Raises BadField."""
    if "due_at" not in said:
        return None
    due = moment(said["due_at"], "due_at")
    if not OLDEST <= due <= now + FARTHEST:
        raise BadField("due_at: in no year that can be meant")
    return due


def moment(value: object, field: str) -> datetime:
    """A moment in UTC; without a zone it is Vietnam's. Raises BadField.

    >>> moment("02/01/2019 08:30:00", "at").isoformat()
    '2019-01-02T01:30:00+00:00'
    """
    if value is None:
        raise BadField(f"{field}: there is none")
    if not isinstance(value, str) or len(value) <= DATE_ONLY:
        raise BadField(f"{field}: a time is a text with date and hour")
    try:
        if "/" in value and (local := LOCAL.fullmatch(value.strip())):
            day, month, year, hour, minute, second = (int(part or 0) for part in local.groups())
            found = datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
        else:
            found = datetime.fromisoformat(value.strip())
        if found.tzinfo is UTC:
            return found
        aware = found if found.tzinfo else found.replace(tzinfo=VIETNAM)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadField(f"{field}: this is no time that can be read") from None
