"""What can be set about ingest, by environment variables."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class BrokerSettings(BaseSettings):
    """MQTT_*: where the broker is and who we are there; with a CA file, over TLS."""

    model_config = SettingsConfigDict(env_prefix="MQTT_")

    host: str = Field(default="localhost", min_length=1)
    port: int = Field(default=1883, ge=1, le=65_535)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    password_file: Path | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    def secret(self) -> str | None:
        """The password, from its file where one is named."""
        if self.password_file is not None:
            return self.password_file.read_text(encoding="utf-8").strip()
        return self.password

    @model_validator(mode="after")
    def password_is_readable(self) -> Self:
        """A password file that is not there is found out at the start."""
        if self.password_file is not None and not self.password_file.is_file():
            raise ValueError(f"MQTT_PASSWORD_FILE names no file: {self.password_file}")
        return self

    @model_validator(mode="after")
    def certificates_are_readable(self) -> Self:
        """A certificate without its key or its authority is of no use, nor is a file not there."""
        given = {"CA": self.ca_file, "CERT": self.cert_file, "KEY": self.key_file}
        for name, path in given.items():
            if path is not None and not path.is_file():
                raise ValueError(f"MQTT_{name}_FILE names no file: {path}")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("MQTT_CERT_FILE and MQTT_KEY_FILE go together")
        if self.cert_file is not None and self.ca_file is None:
            raise ValueError("MQTT_CERT_FILE needs MQTT_CA_FILE: whom is the broker known by?")
        return self


class Unknown(StrEnum):
    """What becomes of the readings of an asset that nobody has claimed."""

    REGISTER = "register"
    HOLD = "hold"


class IngestSettings(BaseSettings):
    """INGEST_*: how much is taken in at once, and what is refused."""

    model_config = SettingsConfigDict(env_prefix="INGEST_")

    worker: str = Field(default="ingest-1", pattern=r"^[A-Za-z0-9-]{1,64}$")
    client_id: str | None = Field(default=None, min_length=1, max_length=128)
    batch_size: int = Field(default=2000, ge=1)
    batch_age: float = Field(default=0.2, gt=0, le=60)
    writers: int = Field(default=2, ge=1, le=16)
    in_flight: int = Field(default=20_000, ge=1, le=60_000)
    in_flight_bytes: int = Field(default=256 * 1024 * 1024, ge=1_000_000)
    max_payload: int = Field(default=262_144, ge=1)
    oldest: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    future_seconds: float = Field(default=300, ge=0)
    metrics_per_asset: int = Field(default=256, ge=1)
    routes: Path | None = None
    unknown: Unknown = Unknown.REGISTER
    reject_limit: int = Field(default=10_000, ge=0)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    workers: int = Field(default=1, ge=1, le=64)
    remembers: bool = True
    share: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,64}$")
    max_assets: int = Field(default=1_000_000, ge=1)
    canary_seconds: float = Field(default=0, ge=0)  # 0: none

    @model_validator(mode="after")
    def batches_can_fill(self) -> Self:
        """A batch that is larger than what may be inside could never fill."""
        if self.batch_size > self.in_flight:
            raise ValueError("INGEST_BATCH_SIZE is over INGEST_IN_FLIGHT: no batch could fill")
        if self.oldest.tzinfo is None:
            raise ValueError("INGEST_OLDEST needs a zone, as in 2000-01-01T00:00Z")
        return self
