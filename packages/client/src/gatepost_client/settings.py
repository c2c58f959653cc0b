"""The server URL and token of a client, from its arguments or environment variables."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import httpx2

from .errors import BadSettings

DEFAULT_URL: Final = "http://127.0.0.1:8000"
DEFAULT_DATA: Final = "data"
OWNER_TOKEN_FILE: Final = "owner.token"  # noqa: S105  # a file's name


def server_url(url: str | None) -> str:
    """Return the server URL from the argument, from GATEPOST_URL or, by default, `DEFAULT_URL`.

    Raises:
        BadSettings: The URL is not an HTTP or HTTPS URL with a host.
    """
    if url is None:
        url = os.environ.get("GATEPOST_URL") or DEFAULT_URL
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        parts = httpx2.URL()
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise BadSettings(f"{url!r} is not a valid server URL; an example is {DEFAULT_URL}.")
    return url


def bearer_token(token: str | None, url: str) -> str:
    """Return the token from the argument, from GATEPOST_TOKEN or, by default, the owner's token.

    The owner's token is read from the data directory on this machine. It belongs to the server
    that wrote it, so it is sent to loopback addresses only.

    Raises:
        BadSettings: No token is configured, or it is empty or has invalid characters. A variable
            that is set but empty is not treated as unset, which would select the owner's token.
    """
    if token is None:
        token = os.environ.get("GATEPOST_TOKEN")
        if token == "":
            raise BadSettings(
                "GATEPOST_TOKEN is set but empty; a pipeline secret may be missing. To use the "
                "owner's token of a server on this machine, unset GATEPOST_TOKEN."
            )
    if token is None:
        token = _read_owner_token(url)
    token = token.strip()
    if not (token.isascii() and token.isprintable() and token):
        raise BadSettings("The token is empty or contains invalid characters.")
    return token


def is_loopback(url: str) -> bool:
    """Return whether the server is on this machine and may therefore receive the owner's token."""
    host = httpx2.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_owner_token(url: str) -> str:
    if not is_loopback(url):
        raise BadSettings(
            f"Pass a token or set GATEPOST_TOKEN: {url} is not on this machine, "
            "so the owner's token is not sent to it."
        )
    file = Path(os.environ.get("GATEPOST_DATA") or DEFAULT_DATA, OWNER_TOKEN_FILE)
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise BadSettings(
            "Pass a token, set GATEPOST_TOKEN, or set GATEPOST_DATA to the server's data "
            f"directory: cannot read {file} ({error})."
        ) from error
