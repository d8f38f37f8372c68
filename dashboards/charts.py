"""The panels that several boards draw of one or two metrics of one kind of assets."""

from dashboards import panels, queries
from dashboards.language import Told
from dashboards.panels import Json, target
from dashboards.queries import Value, filled
from dashboards.texts import NO_DATA, NO_DAY


def metric_of(kind: str, metric: str, *, keep: int, lowest: bool = False) -> Json:
    """A line an asset with a link to its board, for the few that stand out most."""
    values: dict[str, Value] = {
        "kinds": (kind,),
        "metrics": (metric,),
        "keep": keep,
        "sign": -1 if lowest else 1,
    }
    return target(filled(queries.LINKED, values), series=True)


def states_of(kind: str, metric: str, *, keep: int) -> Json:
    """The states of a metric, a row an asset, for the few that came to the worst."""
    values: dict[str, Value] = {"kinds": (kind,), "metrics": (metric,), "keep": keep}
    return target(filled(queries.STATES, values), series=True)


def newest_of(kind: str, metric: str, *, keep: int, within: str) -> Json:
    """What each asset says now, the highest first."""
    values: dict[str, Value] = {
        "kinds": (kind,),
        "metrics": (metric,),
        "having": metric,
        "within": within,
        "keep": keep,
    }
    return target(filled(queries.NEWEST, values))


def total_of(kinds: tuple[str, ...], metrics: tuple[str, ...]) -> Json:
    """One line a metric, all assets added up."""
    values: dict[str, Value] = {"kinds": kinds, "metrics": metrics}
    return target(filled(queries.TOTALS, values), series=True)


def limit_of(metric: str, name: Told, *averagings: str, ref: str = "B") -> Json:
    """A limit in force as a line, from the dated limits."""
    values: dict[str, Value] = {"metric": metric, "averagings": averagings, "limit_name": name}
    return target(filled(queries.LIMIT, values), ref, series=True)


def parameter_of(rule: str, name: str, label: Told, ref: str = "B") -> Json:
    """A parameter of a rule as a line, as it holds today."""
    values: dict[str, Value] = {"rule": rule, "parameter": name, "label": label}
    return target(filled(queries.PARAMETER, values), ref, series=True)


def dashed(pattern: Told, color: str) -> Json:
    """A line that is no measurement, told by its name."""
    return panels.by_pattern(
        pattern,
        color=panels.fixed(color),
        **{
            "custom.lineStyle": {"fill": "dash", "dash": [10, 6]},
            "custom.lineWidth": 1,
        },
    )


def daily(panel: Json) -> Json:
    """A chart with a point a day, whatever the range; one in which no day begins says so."""
    panel["fieldConfig"]["overrides"].append(panels.by_name(NO_DATA, displayName=NO_DAY))
    return panel | {"interval": "1d"}
