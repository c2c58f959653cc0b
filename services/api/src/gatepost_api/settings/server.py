"""What an operator can set: by flag, or by an environment variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final

DATABASE_FILE: Final = "gatepost.db"
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names of this machine to itself."""

_PORT: Final = re.compile("[0-9]{1,5}")


class BadSettings(Exception):
    """The server cannot start with these settings; the message names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageLocation:
    """Where what the server keeps is kept."""

    data: Path
    """The folder that holds the tokens of this machine and, without a server's, the database."""
    database_url: str | None = field(default=None, repr=False)
    """The database of a PostgreSQL server; it may hold a password."""

    @property
    def database_file(self) -> Path:
        """The database, where no server keeps it."""
        return self.data / DATABASE_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server runs."""

    location: StorageLocation
    host: str
    port: int
    """0 takes any free port."""
    allowed_hosts: frozenset[str]
    """The names it goes by, besides those of this machine to itself."""
    behind_proxy: bool
    """Whether a proxy that speaks TLS stands before it, whose word about clients is taken."""
    tls_certificate: Path | None
    tls_key: Path | None
    oidc: Path | None
    """The file that says who is trusted to say who somebody is."""
    worker: bool
    """Whether a worker runs beside it."""

    @property
    def accepted_hosts(self) -> frozenset[str]:
        """Every name it answers to."""
        return LOOPBACK_HOSTS | self.allowed_hosts


def settings_from_environment(environment: Mapping[str, str]) -> Settings:
    """What holds where no flag is given.

    Raises:
        BadSettings: a variable cannot be read.
    """
    return Settings(
        location=StorageLocation(
            data=Path(environment.get("GATEPOST_DATA", "data")),
            database_url=environment.get("GATEPOST_DATABASE_URL") or None,
        ),
        host=environment.get("GATEPOST_HOST", "127.0.0.1"),
        port=_port(environment.get("GATEPOST_PORT", "8000")),
        allowed_hosts=parse_host_names(environment.get("GATEPOST_ALLOWED_HOSTS", "")),
        behind_proxy=_read_flag(environment, "GATEPOST_BEHIND_PROXY"),
        tls_certificate=_path(environment, "GATEPOST_TLS_CERTIFICATE"),
        tls_key=_path(environment, "GATEPOST_TLS_KEY"),
        oidc=_path(environment, "GATEPOST_OIDC"),
        worker=_read_flag(environment, "GATEPOST_WORKER", default="true"),
    )


def validate_settings(settings: Settings) -> None:
    """Refuse to be reachable from other machines before it is safe.

    Raises:
        BadSettings: other machines could reach it, and it is not told by which names, or nothing
            encrypts what they send.
    """
    if (settings.tls_certificate is None) is not (settings.tls_key is None):
        raise BadSettings("GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY go together.")
    if is_loopback(settings.host):
        return
    encrypted = settings.behind_proxy or settings.tls_certificate is not None
    lacking = [] if settings.allowed_hosts else ["GATEPOST_ALLOWED_HOSTS (its names)"]
    if not encrypted:
        lacking.append(
            "GATEPOST_BEHIND_PROXY=true (a proxy speaks TLS for it), or "
            "GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY"
        )
    if lacking:
        raise BadSettings(
            f"other machines could reach it at {settings.host}; set {' and '.join(lacking)}, "
            "or listen at 127.0.0.1."
        )


def parse_host_names(text: str) -> frozenset[str]:
    """Read names that are separated by commas."""
    return frozenset(name for part in text.split(",") if (name := part.strip().lower()))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _port(text: str) -> int:
    if not _PORT.fullmatch(text) or int(text) > 65535:  # noqa: PLR2004  # TCP's own bound
        raise BadSettings(f"GATEPOST_PORT is {text!r}; give a port from 0 to 65535.")
    return int(text)


def _read_flag(environment: Mapping[str, str], name: str, *, default: str = "false") -> bool:
    text = environment.get(name, default).strip().lower()
    if text not in {"true", "false"}:
        raise BadSettings(f"{name} is {text!r}; it is true or false.")
    return text == "true"


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text) if text else None
