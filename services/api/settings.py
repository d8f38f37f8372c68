"""What can be set about the API, by environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """API_*: where it listens, and how it shares the database."""

    model_config = SettingsConfigDict(env_prefix="API_")

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=1, le=65535)
    # Connections to the database, and how many seconds a request waits for one of them.
    pool: int = Field(default=8, ge=1, le=100)
    queue_seconds: float = Field(default=5.0, gt=0, le=60)
