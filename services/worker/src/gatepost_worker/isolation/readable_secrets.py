"""Finding secrets that a program run by the worker could read."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gatepost_worker.isolation.program_account import ProgramAccount

SERVER_FILES: Final = (
    "gatepost.db",
    "gatepost.db-wal",
    "owner.token",
    "worker.token",
    "signing.key",
)
"""The secret files in the data folder of a server."""

SERVER_VARIABLES: Final = (
    "GATEPOST_BACKUP_TO",
    "GATEPOST_OIDC",
    "GATEPOST_SIGNING_KEY",
    "GATEPOST_TLS_KEY",
    "GATEPOST_WORKER_TOKEN_FILE",
)
"""Settings of a server on this machine that name other secret files and folders."""

_LISTENING: Final = "0A"
_SOCKET_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretLocations:
    """The locations of the secrets that programs must not read."""

    server_url: str | None
    secret_files: tuple[Path, ...]
    """The files from which this worker has read its own secrets."""
    server_paths: tuple[Path, ...]
    """The secret files and folders of a server on this machine."""
    token_is_visible: bool = False
    """Whether the token is an argument of this process, which every account can read."""


def server_secret_paths(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the paths of the secrets of a server with these environment variables."""
    data = Path(environment.get("GATEPOST_DATA") or "data")
    other = [environment[name] for name in SERVER_VARIABLES if environment.get(name)]
    return (*(data / name for name in SERVER_FILES), *map(Path, other))


def find_exposure(account: ProgramAccount, locations: SecretLocations) -> str | None:
    """Return why no program may run under the account; None if the account can read no secret."""
    if account.is_root:
        return "it would run as root, which can read every secret on this machine"
    if locations.token_is_visible:
        return "every account can read the token in the arguments of this worker (--token)"
    for path in locations.secret_files:
        if account.can_read(path):
            return (
                f"the account {account.name} can read the worker's secret in {path}; pass it by a "
                f"descriptor instead (/dev/fd/3)"
            )
    for path in locations.server_paths:
        if account.can_read(path):
            return f"the account {account.name} can read the server's {path}"
    if account.uid in _server_uids(locations.server_url or "http://127.0.0.1:8000"):
        return f"the server on this machine runs under the same account, {account.name}"
    return None


def _server_uids(url: str) -> set[int]:
    """Return the user ids of the processes that serve the URL, if its host is this machine."""
    parts = urlsplit(url)
    try:
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        resolved = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return set()
    if not any(_is_local(entry[0], str(entry[4][0])) for entry in resolved):
        return set()
    return {uid for listening_port, uid in _listeners(_SOCKET_TABLES) if listening_port == port}


def _is_local(family: int, address: str) -> bool:
    """Return whether an address belongs to this machine."""
    if ip_address(address.partition("%")[0]).is_loopback:
        return True
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def _listeners(tables: Iterable[Path]) -> Iterator[tuple[int, int]]:
    """Yield the port and the user id of every listening TCP socket."""
    for table in tables:
        try:
            lines = table.read_text("utf-8").splitlines()[1:]
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTENING:
                yield int(fields[1].rpartition(":")[2], 16), int(fields[7])
