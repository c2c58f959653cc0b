"""What an operator can set: by flag, or by an environment variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DATABASE_FILE = "gatepost.db"


class BadSettings(Exception):
    """The server cannot start with these settings; the message names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server runs."""

    data: Path
    """The folder that holds the database and the owner's token."""
    host: str
    port: int
    """0 takes any free port."""

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / DATABASE_FILE


def defaults(environment: Mapping[str, str]) -> Settings:
    """What holds where no flag is given.

    Raises:
        BadSettings: a variable cannot be read.
    """
    return Settings(
        data=Path(environment.get("GATEPOST_DATA", "data")),
        host=environment.get("GATEPOST_HOST", "127.0.0.1"),
        port=_port(environment.get("GATEPOST_PORT", "8000")),
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:  # noqa: PLR2004  # TCP's own bound
        raise BadSettings(f"GATEPOST_PORT is {text!r}; give a port from 0 to 65535.")
    return int(text)
