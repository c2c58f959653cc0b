"""The server's settings in environment variables, which are the defaults for the flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from gatepost_api.settings.backups_and_retention import (
    parse_backup_interval,
    parse_backup_keep,
    parse_ingest_retention_days,
    parse_message_retention_days,
)
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.log import parse_log_format, parse_log_level
from gatepost_api.settings.network import (
    parse_cors_origins,
    parse_host_names,
    parse_outgoing_allow,
    parse_port,
    parse_public_url,
    parse_rate_limit,
    parse_trusted_proxies,
    parse_webhook_url,
)
from gatepost_api.settings.server import GITHUB_CLOUD_API, Settings, StorageLocation

_DAYS: Final = re.compile("[0-9]{1,3}")
MAX_TOKEN_DAYS: Final = 366

T = TypeVar("T")


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
        port=parse_port(environment.get("GATEPOST_PORT", "8000")),
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
        ingest_keep_days=parse_ingest_retention_days(
            environment.get("GATEPOST_INGEST_KEEP_DAYS") or "30"
        ),
        messages_keep_days=parse_message_retention_days(
            environment.get("GATEPOST_MESSAGES_KEEP_DAYS") or "90"
        ),
    )


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


def _read_flag(environment: Mapping[str, str], name: str, *, default: str = "false") -> bool:
    value = environment.get(name, default).strip().lower()
    if value not in {"true", "false"}:
        raise BadSettings(f"{name} is {value!r}; it must be true or false.")
    return value == "true"


def _optional(environment: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    value = environment.get(name)
    return parse(value) if value else None
