"""Files in the data folder with the running server's URLs, for commands on the same machine."""

from __future__ import annotations

import socket
import ssl
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

ADDRESS_FILE: Final = "server.url"
PUBLIC_ADDRESS_FILE: Final = "public.url"
"""The file with the URL at which people reach the server, if the server's own URL is different."""

_ATTEMPTS: Final = 4
"""The number of attempts to reach the server, which writes its file shortly before it is ready."""
_PAUSE_S: Final = 0.25
_TIMEOUT_S: Final = 2.0


@contextmanager
def announced_address(data: Path, url: str, public_url: str | None = None) -> Generator[None]:
    """Write the server's URLs to their files, and delete the files when the block ends.

    A file that another server has overwritten with its own URL is not deleted.
    """
    urls = {data / ADDRESS_FILE: url, data / PUBLIC_ADDRESS_FILE: public_url or ""}
    for file, text in urls.items():
        if text:
            file.write_text(f"{text}\n", encoding="ascii")
        else:
            file.unlink(missing_ok=True)
    try:
        yield
    finally:
        for file, text in urls.items():
            if text and _read_url(file) == text:
                file.unlink(missing_ok=True)


def find_address_for_people(data: Path) -> str | None:
    """Return the URL at which people reach the server running on this data folder, if known."""
    return _read_url(data / PUBLIC_ADDRESS_FILE) or None


def find_server_url(data: Path, *, default: str) -> str:
    """Return the URL of the server running on this data folder, or the default if there is none.

    If the file names a server that does not answer, report that on standard error.
    """
    file = data / ADDRESS_FILE
    url = _read_url(file)
    if not url:
        return default
    if _answers(url):
        return url
    sys.stderr.write(
        f"According to {file}, the server is at {url}, but no Gatepost server answers there: "
        "the server was killed or is on another machine. "
        f"Using {default}; choose another URL with --url.\n"
    )
    return default


def find_running_server(data: Path) -> str | None:
    """Return the URL of the server running on this data folder, or None if none answers."""
    url = _read_url(data / ADDRESS_FILE)
    return url if url and _answers(url) else None


def _read_url(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _answers(url: str) -> bool:
    """Return whether a server answers at the URL; with TLS, only test the connection."""
    try_once = _is_healthy if url.startswith("http://") else _accepts_connections
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_S)
        if try_once(url):
            return True
    return False


def _is_healthy(url: str) -> bool:
    try:
        # A context without certificates, because loading them takes long, and the URL is http://.
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with httpx2.Client(timeout=_TIMEOUT_S, trust_env=False, verify=tls) as client:
            response = client.get(f"{url}/health/live")
        return response.status_code == HTTPStatus.OK and response.json()["status"] == "ok"
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError):
        return False


def _accepts_connections(url: str) -> bool:
    try:
        parts = urlsplit(url)
        socket.create_connection((parts.hostname or "", parts.port or 443), _TIMEOUT_S).close()
    except (OSError, ValueError):
        return False
    return True
