"""What can be set about commands, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CommandSettings(BaseSettings):
    """COMMANDS_*: who we are at the broker, and how long it may take to take a command."""

    model_config = SettingsConfigDict(env_prefix="COMMANDS_")

    client_id: str = Field(default="commands", min_length=1, max_length=128)
    # Seconds after which a command that the broker did not acknowledge is tried again.
    patience: float = Field(default=10, ge=1, le=60)
