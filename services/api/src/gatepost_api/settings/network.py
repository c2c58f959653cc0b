"""Settings for addresses, proxies, origins and the rate of requests."""

from __future__ import annotations

import re
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.trusted_proxies import TrustedProxies, parse_networks
from gatepost_api.settings.url_origin import parse_origin, parse_origins
from gatepost_domain.catalog.policy import is_outgoing_address

_RATE_LIMIT: Final = re.compile("[0-9]{1,9}")
_PORT: Final = re.compile("[0-9]{1,5}")


def parse_port(text: str) -> int:
    """Parse the port; raise `BadSettings` if it is not a number from 0 to 65535."""
    if not _PORT.fullmatch(text) or int(text) > 65535:  # noqa: PLR2004  # the highest TCP port
        raise BadSettings(f"GATEPOST_PORT is {text!r}; it must be a port from 0 to 65535.")
    return int(text)


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
