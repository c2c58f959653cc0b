"""The server's settings, and which combinations of them are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.log import LogFormat, LogLevel
from gatepost_api.settings.trusted_proxies import LOCAL_PROXIES, NO_PROXIES, TrustedProxies
from gatepost_api.settings.url_origin import host_of

DATABASE_FILE: Final = "gatepost.db"
WORKER_TOKEN_FILE: Final = "worker.token"  # noqa: S105  # a file's name
GITHUB_CLOUD_API: Final = "https://api.github.com"
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Host names for the loopback interface."""


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
        """The file with the worker's token, by default in the data folder."""
        return self.worker_token or self.data / WORKER_TOKEN_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of the server, from flags and environment variables."""

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
    """The lifetime, in days, of the tokens in the data folder, or 0 if they never expire."""
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
    """The client id of the GitHub App that answers jobs."""
    github_app_key: Path | None = None
    """The path to the file with the GitHub App's private key."""
    github_api: str = GITHUB_CLOUD_API
    """The address of GitHub's API."""
    ingest_keep_days: int = 30
    """How long, in days, the payloads of deliveries are kept."""
    messages_keep_days: int = 90
    """How long, in days, webhook deliveries and notifications are kept after they have ended."""
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
        """The URL for links: the public URL or, behind a proxy with one host, its https URL."""
        if self.public_url is not None or not self.is_behind_proxy:
            return self.public_url
        names = sorted(self.allowed_hosts - LOOPBACK_HOSTS)
        return f"https://{names[0]}" if len(names) == 1 else None


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


def require_complete_backup_schedule(settings: Settings) -> None:
    """Refuse a backup interval without a folder, or a folder without an interval.

    Raises:
        BadSettings: only one of the two is set.
    """
    if (settings.backup_every is None) is not (settings.backup_folder is None):
        raise BadSettings("GATEPOST_BACKUP_EVERY and GATEPOST_BACKUP_TO must be set together.")


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
