"""The server's settings, parsed from flags and environment variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar

from gatepost_api.settings.backups_and_retention import (
    parse_backup_interval,
    parse_backup_keep,
    parse_ingest_keep,
    parse_messages_keep,
)
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.log import LogFormat, LogLevel
from gatepost_api.settings.trusted_proxies import (
    LOCAL_PROXIES,
    NO_PROXIES,
    TrustedProxies,
    parse_networks,
)
from gatepost_api.settings.url_origin import host_of, parse_origin, parse_origins
from gatepost_domain.catalog.policy import is_outgoing_address

DATABASE_FILE: Final = "gatepost.db"
WORKER_TOKEN_FILE: Final = "worker.token"  # noqa: S105  # a file's name
GITHUB_CLOUD_API: Final = "https://api.github.com"
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Host names for the loopback interface."""

_RATE_LIMIT: Final = re.compile("[0-9]{1,9}")
_DAYS: Final = re.compile("[0-9]{1,3}")
MAX_TOKEN_DAYS: Final = 366
_PORT: Final = re.compile("[0-9]{1,5}")

T = TypeVar("T")
MemberT = TypeVar("MemberT", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageLocation:
    """The locations of the data folder, the database and the worker's token."""

    data: Path
    """The folder for the token files and, unless `database_url` is set, the database."""
    database_url: str | None = field(default=None, repr=False)
    """The URL of a PostgreSQL database. It can contain a password."""
    worker_token: Path | None = None
    """The file with the worker's token; None for the default file in the data folder."""

    @property
    def database_file(self) -> Path:
        """The SQLite database file, used if `database_url` is not set."""
        return self.data / DATABASE_FILE

    @property
    def worker_token_file(self) -> Path:
        """The file with the worker's token."""
        return self.worker_token or self.data / WORKER_TOKEN_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The server's settings."""

    location: StorageLocation
    host: str
    port: int
    """The port, or 0 for any free port."""
    allowed_hosts: frozenset[str]
    """The host names that the server accepts in addition to the loopback names."""
    behind_proxy: bool
    """Whether the server is behind a reverse proxy that terminates TLS."""
    tls_certificate: Path | None
    tls_key: Path | None
    oidc: Path | None
    """The file with the OIDC settings."""
    oidc_create_users: bool | None = None
    """Whether a first sign-in at the identity provider adds a user; None to use the file's
    setting."""
    worker: bool
    """Whether to run a worker beside the server."""
    rate_limit: int
    """The maximum number of requests per user and minute, or 0 for no limit."""
    trusted_proxies: TrustedProxies = NO_PROXIES
    """The reverse proxies whose forwarded headers are trusted."""
    cors_origins: tuple[str, ...] = ()
    """The origins of other web applications that may call the API from a browser."""
    public_url: str | None = None
    """The URL at which people reach the server, if it differs from its listening address."""
    local_token_days: int = 0
    """The lifetime of the tokens in the data folder in days, or 0 if they never expire."""
    signing_key: Path | None = None
    """The path to the checkpoint signing key; None for the default file in the data folder."""
    checkpoint_folder: Path | None = None
    """An additional folder for checkpoints, preferably on another machine."""
    checkpoint_webhook: str | None = field(default=None, repr=False)
    """The URL that checkpoints are sent to. It can contain a secret."""
    outgoing_allow: tuple[str, ...] = ()
    """Where webhooks and notifications may be sent; empty for public addresses only."""
    log_format: LogFormat = LogFormat.TEXT
    log_level: LogLevel = LogLevel.INFO
    backup_every: timedelta | None = None
    """The time between two backups; None if no backups are scheduled."""
    backup_keep: int = 28
    """The number of backups to keep."""
    backup_folder: Path | None = None
    """The folder for backups, preferably on another machine."""
    github_app: str | None = None
    """The client id of the GitHub App on whose behalf jobs are answered."""
    github_app_key: Path | None = None
    """The path to the file with the GitHub App's private key."""
    github_api: str = GITHUB_CLOUD_API
    """The address of GitHub's API."""
    ingest_keep_days: int = 30
    """How long, in days, the payloads of deliveries are kept."""
    messages_keep_days: int = 90
    """How long, in days, deliveries to webhooks and notifications are kept after they ended."""
    new_database: bool = False
    """Whether to create a database even if the data folder has had one. There is no variable for
    this, because it would stay set."""

    @property
    def accepted_hosts(self) -> frozenset[str]:
        """All host names that the server accepts."""
        public = frozenset() if self.public_url is None else {host_of(self.public_url)}
        return LOOPBACK_HOSTS | self.allowed_hosts | public

    @property
    def is_behind_proxy(self) -> bool:
        """Whether a reverse proxy terminates TLS."""
        return self.behind_proxy or bool(self.trusted_proxies)

    @property
    def effective_trusted_proxies(self) -> TrustedProxies:
        """The trusted proxies; if no addresses are set, those on this machine."""
        if self.trusted_proxies or not self.behind_proxy:
            return self.trusted_proxies
        return LOCAL_PROXIES

    @property
    def address_for_people(self) -> str | None:
        """The URL for links: the public URL, or an https URL with the proxy's only host name."""
        if self.public_url is not None or not self.is_behind_proxy:
            return self.public_url
        names = sorted(self.allowed_hosts - LOOPBACK_HOSTS)
        return f"https://{names[0]}" if len(names) == 1 else None


def settings_from_environment(environment: Mapping[str, str]) -> Settings:
    """Return the settings in environment variables, which are the defaults for the flags.

    Raises:
        BadSettings: a variable is invalid.
    """
    return Settings(
        location=StorageLocation(
            data=Path(environment.get("GATEPOST_DATA", "data")),
            database_url=environment.get("GATEPOST_DATABASE_URL") or None,
            worker_token=_optional(environment, "GATEPOST_WORKER_TOKEN_FILE", Path),
        ),
        host=environment.get("GATEPOST_HOST", "127.0.0.1"),
        port=_port(environment.get("GATEPOST_PORT", "8000")),
        allowed_hosts=parse_host_names(environment.get("GATEPOST_ALLOWED_HOSTS", "")),
        behind_proxy=_read_flag(environment, "GATEPOST_BEHIND_PROXY"),
        trusted_proxies=parse_trusted_proxies(environment.get("GATEPOST_TRUSTED_PROXIES", "")),
        cors_origins=parse_cors_origins(environment.get("GATEPOST_CORS_ORIGINS", "")),
        public_url=_optional(environment, "GATEPOST_PUBLIC_URL", parse_public_url),
        tls_certificate=_optional(environment, "GATEPOST_TLS_CERTIFICATE", Path),
        tls_key=_optional(environment, "GATEPOST_TLS_KEY", Path),
        oidc=_optional(environment, "GATEPOST_OIDC", Path),
        oidc_create_users=_read_flag(environment, "GATEPOST_OIDC_CREATE_USERS")
        if environment.get("GATEPOST_OIDC_CREATE_USERS")
        else None,
        worker=_read_flag(environment, "GATEPOST_WORKER", default="true"),
        rate_limit=parse_rate_limit(environment.get("GATEPOST_RATE_LIMIT", "1200000")),
        local_token_days=parse_token_days(environment.get("GATEPOST_LOCAL_TOKEN_DAYS", "0")),
        signing_key=_optional(environment, "GATEPOST_SIGNING_KEY", Path),
        checkpoint_folder=_optional(environment, "GATEPOST_CHECKPOINT_FOLDER", Path),
        checkpoint_webhook=_optional(environment, "GATEPOST_CHECKPOINT_WEBHOOK", parse_webhook_url),
        outgoing_allow=parse_outgoing_allow(environment.get("GATEPOST_OUTGOING_ALLOW", "")),
        log_format=parse_log_format(environment.get("GATEPOST_LOG_FORMAT") or "text"),
        log_level=parse_log_level(environment.get("GATEPOST_LOG_LEVEL") or "info"),
        backup_every=_optional(environment, "GATEPOST_BACKUP_EVERY", parse_backup_interval),
        backup_keep=parse_backup_keep(environment.get("GATEPOST_BACKUP_KEEP") or "28"),
        backup_folder=_optional(environment, "GATEPOST_BACKUP_TO", Path),
        github_app=environment.get("GATEPOST_GITHUB_APP") or None,
        github_app_key=_optional(environment, "GATEPOST_GITHUB_APP_KEY", Path),
        github_api=environment.get("GATEPOST_GITHUB_API") or GITHUB_CLOUD_API,
        ingest_keep_days=parse_ingest_keep(environment.get("GATEPOST_INGEST_KEEP_DAYS") or "30"),
        messages_keep_days=parse_messages_keep(
            environment.get("GATEPOST_MESSAGES_KEEP_DAYS") or "90"
        ),
    )


def require_safe_exposure(settings: Settings) -> None:
    """Refuse to listen on a non-loopback address without allowed hosts and encryption.

    Raises:
        BadSettings: other machines could reach the server, but its host names or encryption are not
            configured; or only one of the certificate and the key is set.
    """
    if (settings.tls_certificate is None) is not (settings.tls_key is None):
        raise BadSettings("GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY must be set together.")
    if is_loopback(settings.host):
        return
    encrypted = settings.is_behind_proxy or settings.tls_certificate is not None
    has_name = settings.accepted_hosts > LOOPBACK_HOSTS
    missing = [] if has_name else ["GATEPOST_ALLOWED_HOSTS (its host names)"]
    if not encrypted:
        missing.append(
            "GATEPOST_TRUSTED_PROXIES (the address of the proxy that terminates TLS; "
            "GATEPOST_BEHIND_PROXY=true if it is on this machine), or "
            "GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY"
        )
    if missing:
        raise BadSettings(
            f"other machines could reach the server at {settings.host}; set "
            f"{' and '.join(missing)}, or listen on 127.0.0.1."
        )


def parse_host_names(text: str) -> frozenset[str]:
    """Parse host names separated by commas."""
    return frozenset(name for part in text.split(",") if (name := part.strip().lower()))


def parse_trusted_proxies(text: str) -> TrustedProxies:
    """Parse the addresses and networks of proxies, separated by commas.

    Raises:
        BadSettings: an entry is neither an address nor a network.
    """
    try:
        return parse_networks(text)
    except ValueError as error:
        raise BadSettings(
            f"GATEPOST_TRUSTED_PROXIES contains {str(error)!r}; it must be a list of addresses and "
            "networks such as 192.0.2.7 or 10.0.0.0/8, without names and without host bits."
        ) from None


def parse_public_url(text: str) -> str:
    """Parse the URL at which people reach the server.

    Raises:
        BadSettings: it is not an http or https URL without a path.
    """
    if (origin := parse_origin(text)) is None:
        raise BadSettings(
            f"GATEPOST_PUBLIC_URL is {text!r}; it must be a URL such as https://gatepost.example, "
            "without a path."
        )
    return origin


def parse_cors_origins(text: str) -> tuple[str, ...]:
    """Parse the origins of other web applications that may call the API, separated by commas.

    Raises:
        BadSettings: an entry is not an origin.
    """
    try:
        return parse_origins(text)
    except ValueError as error:
        raise BadSettings(
            f"GATEPOST_CORS_ORIGINS contains {str(error)!r}; it must be a list of origins such as "
            "https://portal.example, without a path, or *."
        ) from None


def parse_outgoing_allow(text: str) -> tuple[str, ...]:
    """Parse hosts and networks separated by commas; raise `BadSettings` if an entry is neither."""
    for entry in (entries := tuple(part.strip() for part in text.split(",") if part.strip())):
        if not is_outgoing_address(entry):
            raise BadSettings(
                f"GATEPOST_OUTGOING_ALLOW: {entry!r} is neither a host nor a network."
            )
    return entries


def parse_rate_limit(text: str) -> int:
    """Parse the maximum number of requests per user and minute.

    Raises:
        BadSettings: it is not a number from 0 to 999,999,999.
    """
    if not _RATE_LIMIT.fullmatch(text):
        raise BadSettings(
            f"GATEPOST_RATE_LIMIT is {text!r}; it must be a number of requests per minute, or 0 "
            "for no limit."
        )
    return int(text)


def parse_log_format(text: str) -> LogFormat:
    """Parse the log format; raise `BadSettings` if there is no such format."""
    return _member(LogFormat, "GATEPOST_LOG_FORMAT", text)


def parse_log_level(text: str) -> LogLevel:
    """Parse the log level; raise `BadSettings` if there is no such level."""
    return _member(LogLevel, "GATEPOST_LOG_LEVEL", text)


def _member(kind: type[MemberT], name: str, text: str) -> MemberT:
    try:
        return kind(text.strip().lower())
    except ValueError:
        raise BadSettings(f"{name} is {text!r}; it must be one of {', '.join(kind)}.") from None


def require_complete_schedule(settings: Settings) -> None:
    """Refuse a backup interval without a folder, or a folder without an interval.

    Raises:
        BadSettings: only one of the two is set.
    """
    if (settings.backup_every is None) is not (settings.backup_folder is None):
        raise BadSettings("GATEPOST_BACKUP_EVERY and GATEPOST_BACKUP_TO must be set together.")


def parse_token_days(text: str) -> int:
    """Parse the lifetime of the tokens in the data folder.

    Raises:
        BadSettings: it is not a number of days from 0 to the maximum lifetime of a token.
    """
    if not _DAYS.fullmatch(text) or int(text) > MAX_TOKEN_DAYS:
        raise BadSettings(
            f"GATEPOST_LOCAL_TOKEN_DAYS is {text!r}; it must be a number of days up to "
            f"{MAX_TOKEN_DAYS}, or 0 for no expiry."
        )
    return int(text)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _port(text: str) -> int:
    if not _PORT.fullmatch(text) or int(text) > 65535:  # noqa: PLR2004  # the highest TCP port
        raise BadSettings(f"GATEPOST_PORT is {text!r}; it must be a port from 0 to 65535.")
    return int(text)


def _read_flag(environment: Mapping[str, str], name: str, *, default: str = "false") -> bool:
    value = environment.get(name, default).strip().lower()
    if value not in {"true", "false"}:
        raise BadSettings(f"{name} is {value!r}; it must be true or false.")
    return value == "true"


def parse_webhook_url(text: str) -> str:
    """Parse the URL of a webhook.

    Raises:
        BadSettings: it is not an http or https URL.
    """
    if not text.startswith(("http://", "https://")):
        raise BadSettings(
            "GATEPOST_CHECKPOINT_WEBHOOK must be a URL that begins with https:// or http://."
        )
    return text


def _optional(environment: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    value = environment.get(name)
    return parse(value) if value else None
