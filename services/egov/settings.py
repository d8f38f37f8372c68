"""What can be set about the reckoning of e-government services, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EgovSettings(BaseSettings):
    """EGOV_*: how often it reckons, and how much it does at once."""

    model_config = SettingsConfigDict(env_prefix="EGOV_")

    # A day that changes all the time (today) is reckoned again after so many seconds.
    patience_seconds: float = Field(default=15.0, ge=0)
    # Coverage and what must not stand still are looked at this often.
    watch_seconds: float = Field(default=60.0, gt=0)
    # A batch has up to some hundred dossiers: a turn is a transaction, and should take seconds.
    batches_per_turn: int = Field(default=50, ge=1)
    days_per_turn: int = Field(default=31, ge=1)
    # Working time without a word after which a unit's service is not there.
    silent_minutes: float = Field(default=30.0, gt=0)
