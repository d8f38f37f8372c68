"""What can be set about the reckoning of e-government services, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EgovSettings(BaseSettings):
    """EGOV_*: how often it reckons, and how much it does at once."""

    model_config = SettingsConfigDict(env_prefix="EGOV_")

    # A day that changes all the time (today) is reckoned again after so many seconds.
    patience_seconds: float = Field(default=30.0, ge=0)
    # Who is heard is looked at this often.
    watch_seconds: float = Field(default=60.0, gt=0)
    # A turn is a transaction, and an open one holds every reader of the feed back.
    dossiers_per_turn: int = Field(default=5_000, ge=1)
    days_per_turn: int = Field(default=10, ge=1)
    # Working time without a word after which a unit's service is not there.
    silent_minutes: float = Field(default=30.0, gt=0)
