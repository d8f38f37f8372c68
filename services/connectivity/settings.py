"""What can be set about connectivity, by environment variables."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.cadence import Rules
from models.connectivity import Limits


class ConnectivitySettings(BaseSettings):
    """CONNECTIVITY_*: how a cadence is learned, and how much silence is tolerated."""

    model_config = SettingsConfigDict(env_prefix="CONNECTIVITY_")

    memory: int = Field(default=30, ge=2)
    warm_up: int = Field(default=10, ge=2)
    warm_up_seconds: float = Field(default=900, ge=0)
    late_cadences: float = Field(default=3, ge=1)
    silent_cadences: float = Field(default=10, ge=1)
    late_seconds: float = Field(default=30, gt=0)
    silent_seconds: float = Field(default=120, gt=0)
    together_seconds: float = Field(default=60, ge=0)
    settle_seconds: float = Field(default=120, ge=0)
    children_share: float = Field(default=0.8, gt=0, le=1)
    children_fewest: int = Field(default=3, ge=2)
    skew_seconds: float = Field(default=60, gt=0)
    judge_seconds: float = Field(default=2, gt=0)
    save_seconds: float = Field(default=10, ge=0)
    arrivals_per_turn: int = Field(default=64, ge=1)

    @model_validator(mode="after")
    def not_contradicting(self) -> Self:
        """Late comes before silent, and a warm-up fits into the memory."""
        if self.memory < self.warm_up:
            raise ValueError("CONNECTIVITY_WARM_UP is over CONNECTIVITY_MEMORY")
        if self.late_cadences > self.silent_cadences:
            raise ValueError("CONNECTIVITY_LATE_CADENCES is over CONNECTIVITY_SILENT_CADENCES")
        if self.late_seconds > self.silent_seconds:
            raise ValueError("CONNECTIVITY_LATE_SECONDS is over CONNECTIVITY_SILENT_SECONDS")
        return self

    @property
    def rules(self) -> Rules:
        """How a cadence is learned and what is tolerated."""
        return Rules(
            self.memory,
            self.warm_up,
            self.warm_up_seconds,
            self.late_cadences,
            self.silent_cadences,
            self.late_seconds,
            self.silent_seconds,
        )

    @property
    def limits(self) -> Limits:
        """When children speak for their gateway."""
        return Limits(self.together_seconds, self.children_share, self.children_fewest)
