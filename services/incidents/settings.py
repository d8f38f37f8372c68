"""What can be set about incidents, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class IncidentSettings(BaseSettings):
    """INCIDENTS_*: when a condition counts as over."""

    model_config = SettingsConfigDict(env_prefix="INCIDENTS_")

    quiet_minutes: float = Field(default=30, gt=0)
    settled_minutes: float = Field(default=30, gt=0)
