"""What can be set about accounts, by environment variables."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class AccountsSettings(BaseSettings):
    """ACCOUNTS_*: where the broker's files are written, and how often without being woken."""

    model_config = SettingsConfigDict(env_prefix="ACCOUNTS_")

    folder: Path
    look_seconds: float = Field(default=30.0, gt=0, le=3600)

    @field_validator("folder")
    @classmethod
    def folder_is_there(cls, folder: Path) -> Path:
        """A folder that is not there is found out at the start."""
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder
