"""All rules, each after those whose outputs it reads."""

from models.city.derivation import Rule
from models.city.derived import air, flood

RULES: tuple[Rule, ...] = (
    air.HOURLY,
    air.DAILY,
    flood.FLOOD,
)
BY_NAME = {rule.name: rule for rule in RULES}
