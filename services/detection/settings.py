"""What can be set about detection, by environment variables."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.detectors import standard


class DetectionSettings(BaseSettings):
    """DETECTION_*: how odd is odd, and how the detectors remember."""

    model_config = SettingsConfigDict(env_prefix="DETECTION_")

    threshold: float = Field(default=0.995, gt=0, lt=1)
    level_memory: int = Field(default=60, ge=2)
    level_warm_up: int = Field(default=30, ge=2)
    stand_in_threshold: float = Field(default=0.9999, gt=0, lt=1)
    # How much each detector counts, by name; 0 leaves it out. JSON, e.g. {"rate": 1, "season": 0}.
    detectors: dict[str, float] = Field(default_factory=lambda: dict(standard.WEIGHTS))
    lead_days: float = Field(default=9, ge=0, le=60)  # 200 hourly samples warm the ensemble up
    arrivals_per_turn: int = Field(default=64, ge=1)
    readings_per_turn: int = Field(default=20_000, ge=1)

    @field_validator("detectors")
    @classmethod
    def completed(cls, told: dict[str, float]) -> dict[str, float]:
        """What it does not name counts as it usually does; what makes no bank is refused."""
        weights = {**standard.WEIGHTS, **told}
        standard.refuse(weights)
        return weights
