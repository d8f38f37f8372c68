"""Keeps the bank told of what its streams are, in step with what people change."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from models.detectors.bank import Bank
from models.detectors.traits import Sort, Traits
from services.store import stream_rules
from services.store.pool import Connection
from services.store.stream_rules import Facts

# A row is stamped before its transaction commits: who looks for what is new looks back so far.
OVERLAP = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Acquaintance:
    """Knows of each stream that came by whether it is judged; the bank knows the rest."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.judged: dict[int, bool] = {}
        self.seen_until = EPOCH

    def meet(self, conn: Connection, stream_ids: Iterable[int]) -> list[int]:
        """Looks up newcomers, and what was changed; returns those of the streams to be judged."""
        present = list(stream_ids)
        newest = stream_rules.changed_at(conn) or EPOCH
        if newest != self.seen_until:
            since = max(EPOCH, self.seen_until - OVERLAP)
            self.take_over(stream_rules.facts(conn, list(self.judged), since))
            self.seen_until = newest
        if new := [each for each in present if each not in self.judged]:
            self.take_over(stream_rules.facts(conn, new))
        return [each for each in present if self.judged.get(each)]

    def take_over(self, found: Iterable[Facts]) -> None:
        """Believes these facts from now on."""
        for each in found:
            self.judged[each.stream_id] = each.judged
            self.bank.know(each.stream_id, as_traits(each))


def as_traits(facts: Facts) -> Traits:
    """Facts as the detectors take them."""
    told = Traits(
        -math.inf if facts.low is None else facts.low,
        math.inf if facts.high is None else facts.high,
        math.inf if facts.max_rate is None else facts.max_rate,
        Sort[facts.sort.upper()],
        facts.unit,
    )
    return told.of(facts.kind, facts.metric, facts.area, under_its_kind=facts.under_its_kind)
