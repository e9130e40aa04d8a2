"""Settings from the environment, typed. Every name begins with ``BATON_``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_url() -> str:
    """Return an SQLite file in the user's data folder."""
    folder = user_data_path("baton", appauthor=False)
    return f"sqlite:///{folder / 'baton.db'}"


def _zone(name: str) -> str:
    ZoneInfo(name)
    return name


class Settings(BaseSettings):
    """How this process of Baton runs."""

    model_config = SettingsConfigDict(env_prefix="BATON_", extra="ignore")

    database_url: str = Field(
        default_factory=default_url,
        description="sqlite:///FILE or postgresql+psycopg2://USER@HOST/DATABASE",
    )
    bootstrap_key: str | None = Field(
        default=None,
        min_length=16,
        description="Secret of a first service key, issued when the log is empty.",
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Shanghai", description="Zone of calendar dates (IANA name)."
    )
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$", description="ISO 4217.")
    follow: bool = Field(
        default=True, description="Follow the projections in the server's own process."
    )
    wait_seconds: float = Field(
        default=5.0, gt=0, le=60, description="Longest wait for a projection or a batch."
    )
    max_body_bytes: int = Field(
        default=16 * 1024 * 1024, gt=0, description="Largest request body that is read."
    )
    signing_key: Path | None = Field(
        default=None, description="Private key that signs checkpoints (PEM, Ed25519)."
    )
    log_name: str = Field(
        default="baton",
        pattern=r"^[^\s+\p{C}]{1,100}$",
        description="Name of the log in its checkpoints, and of the key: no spaces, no plus.",
    )
    pdf_font: Path | None = Field(
        default=None, description="Font with Chinese for statements as PDF (.ttf, .otf, .ttc)."
    )

    def prepared(self) -> Settings:
        """Make the folder of a SQLite file, where that is the database."""
        if self.database_url.startswith("sqlite:///"):
            path = Path(self.database_url.removeprefix("sqlite:///"))
            path.parent.mkdir(parents=True, exist_ok=True)
        return self
