"""All rules, each after those whose outputs it reads."""

from models.city.derivation import Rule
from models.city.derived import (
    air,
    energy,
    flood,
    lighting,
    noise,
    parking,
    rain,
    traffic,
    waste,
    water,
)
from models.egov.derived.rules import SERVICE_RULES

RULES: tuple[Rule, ...] = (
    flood.FLOOD,
    waste.FIRE,
    energy.ENERGY,
    air.HOURLY,
    air.DAILY,
    noise.NOISE,
    rain.RAIN,
    lighting.LIGHT,
    lighting.GROUP,
    waste.FILL,
    water.WATER_NIGHT,
    water.WATER_LEAK,
    traffic.TRAFFIC,
    parking.PARKING,
    *SERVICE_RULES,
)
BY_NAME = {rule.name: rule for rule in RULES}
