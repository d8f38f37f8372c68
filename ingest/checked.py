"""What of a piece of a file can be stored, and why the rest cannot."""

import csv
import io
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.series import EVERY_COLUMN, NEVER, NO_WORD, Piece
from ingest.ways import Known, Nowhere, Series, Ways
from models.frame import FRAME, Frame
from models.reading import LARGEST, Span, moment
from services.store.rejects import Reject

SHOWN = 100  # rows a reject quotes, of those it stands for
KINDS = 20  # of reasons that a piece's rejects tell apart
MISSHAPEN = "another number of columns than the first line"
OTHERS = "one of many other reasons"
# Why a row cannot be taken, whatever series it is of; the first stands for no flaw.
FLAWS = (
    "",
    "no time that can be read",
    "a time that is too old",
    "a time in the future",
    "no number",
    f"a number beyond {LARGEST:g}",
)


class Checked(NamedTuple):
    """A piece whose rows have their series; flaw is a row's place in reasons, 0 for none."""

    piece: Piece
    series: list[Series]
    which: NDArray[np.intp]
    flaw: NDArray[np.int32]
    reasons: list[str]


def check(piece: Piece, span: Span, ways: Ways | Nowhere) -> Checked:
    """Finds what is wrong with each row, and the way of each series that has a good one."""
    flaw = flaws_of(piece, span)
    codes, which = np.unique(codes_of(piece), return_inverse=True)
    series = [series_of(piece, int(code)) for code in codes]
    wanted = np.unique(which[flaw == 0])
    ways.learn([series[at] for at in wanted.tolist()])
    reasons, places = list(FLAWS), {reason: at for at, reason in enumerate(FLAWS)}
    of_series = np.zeros(len(series), np.int32)
    for at in wanted.tolist():
        if reason := ways.known[series[at]].flaw:
            if len(reasons) >= len(FLAWS) + KINDS and reason not in places:
                reason = OTHERS
            if reason not in places:
                places[reason] = len(reasons)
                reasons.append(reason)
            of_series[at] = places[reason]
    flaw = np.where(flaw == 0, of_series[which] if series else flaw, flaw)
    return Checked(piece, series, which, flaw, reasons)


def flaws_of(piece: Piece, span: Span) -> NDArray[np.int32]:
    """The place in FLAWS of what is wrong with each row, whatever series it is of."""
    time, value = piece.time, piece.value
    wrong = [
        time == NEVER,
        time < span.oldest,
        time > span.newest,
        ~np.isfinite(value),
        np.abs(value) > LARGEST,
    ]
    return np.select(wrong, range(1, len(FLAWS)), 0).astype(np.int32)


def codes_of(piece: Piece) -> NDArray[np.int64]:
    """One number for each row, the same for the same series."""
    metrics, units = len(piece.metrics) + 1, len(piece.units) + 1
    asset, metric, unit = (
        column.astype(np.int64) - NO_WORD for column in (piece.asset, piece.metric, piece.unit)
    )
    return np.asarray((asset * metrics + metric) * units + unit)


def series_of(piece: Piece, code: int) -> Series:
    """The series that a code stands for; a missing name is an empty one."""
    rest, unit = divmod(code, len(piece.units) + 1)
    asset, metric = divmod(rest, len(piece.metrics) + 1)
    return Series(
        piece.assets[asset - 1] if asset else "",
        piece.metrics[metric - 1] if metric else "",
        piece.units[unit - 1] or None if unit else None,
    )


def frame_of(checked: Checked, known: Known) -> Frame:
    """The good rows as a frame, each in the unit of its stream."""
    good = checked.flaw == 0
    which = checked.which[good]
    # Of a series without a good row nothing is known, and nobody asks.
    ways = [known.get(series) for series in checked.series]
    stream, scale, offset = (
        np.array([way[column] if way else 0 for way in ways], kind)
        for column, kind in enumerate(("i4", "f8", "f8"))
    )
    frame = np.empty(len(which), FRAME)
    frame["stream_id"] = stream[which]
    frame["time"] = checked.piece.time[good]
    frame["value"] = checked.piece.value[good] * scale[which] + offset[which]
    return frame


def rejects_of(checked: Checked, topic: str, now: int) -> list[Reject]:
    """One reject for each reason, that quotes the first of its rows."""
    piece, found = checked.piece, []
    for at in np.unique(checked.flaw[checked.flaw > 0]).tolist():
        (rows,) = np.nonzero(checked.flaw == at)
        text = quoted(checked, rows[:SHOWN].tolist())
        reason = reason_of(piece.first + int(rows[0]), checked.reasons[at])
        found.append(Reject(moment(now), topic, text, reason, len(rows)))
    if piece.lost:
        text = "\n".join(piece.misshapen).encode()
        reason = reason_of(piece.first, MISSHAPEN)
        found.append(Reject(moment(now), topic, text, reason, piece.lost))
    return found


def reason_of(row: int, reason: str) -> str:
    """A reason as the reject has it: with the row from which on."""
    return f"from row {row} on: {reason}"


def reason_in(text: str) -> str:
    """The reason alone."""
    return re.sub(r"^from row \d+ on: ", "", text)


def quoted(checked: Checked, rows: Sequence[int]) -> bytes:
    """Some rows as CSV, to be mended and given again."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(EVERY_COLUMN)
    for row in rows:
        asset, metric, unit = checked.series[checked.which[row]]
        at, value = int(checked.piece.time[row]), float(checked.piece.value[row])
        writer.writerow((asset, metric, written(at), value, unit or ""))
    return text.getvalue().encode()


def written(at: int) -> str:
    """A time as a file has it; the number itself outside the calendar, nothing where there is none."""
    if at == NEVER:
        return ""
    try:
        return moment(at).isoformat()
    except OverflowError:
        return str(at)
