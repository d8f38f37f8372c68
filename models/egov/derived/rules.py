"""All rules of e-government services."""

from models.city.derivation import Rule
from models.egov.derived.connectors import CONNECTOR
from models.egov.derived.counters import COUNTERS
from models.egov.derived.standstill import DOCUMENTS, HAND_OVERS, IDLE, WAVE
from models.egov.derived.systems import PORTAL, SIGNING

SERVICE_RULES: tuple[Rule, ...] = (
    PORTAL,
    CONNECTOR,
    SIGNING,
    COUNTERS,
    IDLE,
    DOCUMENTS,
    HAND_OVERS,
    WAVE,
)
