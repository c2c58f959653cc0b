"""Normalizing the URLs of source repositories for comparison."""

from __future__ import annotations

import re
from typing import Final

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SSH_ADDRESS: Final = re.compile(r"^(?:[^@/\s]+@)?([^:/\s]+):(?!\d+/)(.+)$")
_PORT: Final = re.compile(r"^([^/:]+):\d+(?=/)")


def normalize_repository(address: str) -> str:
    """Return `host/path` in lowercase, which is the same for all URLs of a repository.

    The scheme, the user, the port, a trailing `.git` and letter case make no difference.
    """
    text = address.strip().partition("?")[0].partition("#")[0]
    if (scheme := _SCHEME.match(text)) is not None:
        text = text[scheme.end() :]
        host, slash, path = text.partition("/")
        text = f"{host.rpartition('@')[2]}{slash}{path}"
        text = _PORT.sub(r"\1", text)
    elif (ssh := _SSH_ADDRESS.match(text)) is not None:
        text = f"{ssh[1]}/{ssh[2].lstrip('/')}"
    return text.rstrip("/").removesuffix(".git").rstrip("/").lower()
