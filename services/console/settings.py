"""What can be set about the console, by environment variables."""

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

# An address without a path of its own, as the store takes it too (0032_console.sql).
Address = Annotated[str, StringConstraints(pattern=r"^(https?://[A-Za-z0-9.:_/\[\]-]+[^/])?$")]
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not listened at)


class ConsoleSettings(BaseSettings):
    """CONSOLE_*: where it listens, how browsers find it, and how it shares the database."""

    model_config = SettingsConfigDict(env_prefix="CONSOLE_")

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8010, ge=1, le=65535)
    # Where browsers find it, where that is elsewhere (a proxy with TLS); and Grafana's boards.
    public_url: Address = ""
    grafana_url: Address = ""
    # A shift and a hand-over.
    session_hours: float = Field(default=12.0, gt=0, le=168)
    pool: int = Field(default=4, ge=1, le=100)
    queue_seconds: float = Field(default=5.0, gt=0, le=60)

    @property
    def address(self) -> str:
        """Where browsers find it."""
        host = "localhost" if self.host in EVERYWHERE else self.host
        named = f"[{host}]" if ":" in host else host
        return self.public_url or f"http://{named}:{self.port}"
