"""Which server to call, and by which token: what is given, else what the environment says."""

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


def server_url(given: str | None) -> str:
    """The URL that is given, else GATEPOST_URL, else a server on this machine.

    Raises:
        BadSettings: it is not the URL of a server.
    """
    url = given if given is not None else os.environ.get("GATEPOST_URL") or DEFAULT_URL
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        parts = httpx2.URL()
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise BadSettings(f"The URL of a server is like {DEFAULT_URL}, not {url!r}.")
    return url


def bearer_token(given: str | None, url: str) -> str:
    """The token that is given, else GATEPOST_TOKEN, else the owner's of a data folder here.

    The owner's token is for the server that wrote it, so it goes to this machine alone.

    Raises:
        BadSettings: there is none, or it is no token.
    """
    token = given if given is not None else os.environ.get("GATEPOST_TOKEN") or _owner_token(url)
    token = token.strip()
    if not (token.isascii() and token.isprintable() and token):
        raise BadSettings("The token is empty, or has characters that no token has.")
    return token


def is_this_machine(url: str) -> bool:
    """Whether the server is here; then no proxy stands between, and the owner's token may serve."""
    host = httpx2.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _owner_token(url: str) -> str:
    if not is_this_machine(url):
        raise BadSettings(f"Set GATEPOST_TOKEN, or give a token: {url} is not this machine.")
    file = Path(os.environ.get("GATEPOST_DATA") or DEFAULT_DATA, OWNER_TOKEN_FILE)
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise BadSettings(
            "Set GATEPOST_TOKEN, give a token, or let GATEPOST_DATA name the server's data "
            f"folder: {file} cannot be read ({error})."
        ) from error
