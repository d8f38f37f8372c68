"""What can be set about derivation, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DerivationSettings(BaseSettings):
    """DERIVATION_*: how patient it is, and how much it does at once."""

    model_config = SettingsConfigDict(env_prefix="DERIVATION_")

    # Of the seconds that a rule waits for company (models/city/derived): 0 waits for none.
    patience: float = Field(default=1.0, ge=0)
    arrivals_per_turn: int = Field(default=64, ge=1)
    readings_per_turn: int = Field(default=20_000, ge=1)
    # A turn is a transaction, and an open one holds every reader of the feed back.
    parts_per_turn: int = Field(default=100, ge=1)
    steps_per_turn: int = Field(default=2_000, ge=1)
