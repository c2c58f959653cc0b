"""URLs of outgoing requests: joining, validation, host and port."""

from __future__ import annotations

import re
from typing import Final

import httpx2

from gatepost_worker.http.errors import InvalidUrl

_HOST: Final = re.compile(r"[A-Za-z0-9_.:-]+")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MAX_PORT: Final = 65535


def join_url(base_url: str, path: str) -> str:
    """Return the URL of a path below a base URL; the path starts with a slash."""
    return base_url.rstrip("/") + path


def parse_url(url: str) -> httpx2.URL:
    """Return the parsed URL; the host that is checked and the host that is called come from it.

    Raises:
        InvalidUrl: the text is not an absolute http or https URL, or contains credentials.
    """
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise InvalidUrl(url, f"{error}".rstrip(".")) from error
    if parsed.scheme not in _DEFAULT_PORTS or _HOST.fullmatch(host_of(parsed)) is None:
        raise InvalidUrl(url, "it must be an absolute http or https URL with a host")
    if parsed.userinfo:
        # The message is stored and shown, so it must not contain the password.
        without_userinfo = f"{parsed.copy_with(userinfo=b'')}"
        raise InvalidUrl(without_userinfo, "it must not contain a user name or password")
    if not 0 < port_of(parsed) <= _MAX_PORT:
        raise InvalidUrl(url, f"port {port_of(parsed)} is out of range")
    return parsed


def host_of(url: httpx2.URL) -> str:
    """Return the host in ASCII, without the brackets of an IPv6 address."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx2.URL) -> int:
    """Return the port, or the default port of the scheme."""
    return _DEFAULT_PORTS[url.scheme] if url.port is None else url.port
