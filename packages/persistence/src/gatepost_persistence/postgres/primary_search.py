"""Parsing a list of PostgreSQL servers, and finding the primary among them.

asyncpg can also find the primary, but its timeout covers all servers together: if the first server
does not respond at all, it never tries the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # asyncpg has no types
from sqlalchemy import URL

DEFAULT_PORT: Final = 5432
PRIMARY_ATTRIBUTES: Final = frozenset({"primary", "read-write"})
"""The values of `target_session_attrs` that mean the primary."""

_AUTHORITY: Final = re.compile(
    r"(?P<before>[^/@]*//(?:[^/]*@)?)(?P<hosts>[^/@?]*,[^/@?]*)(?P<after>(?:[/?].*)?)"
)
_PORT: Final = re.compile("[0-9]{1,5}")


class InvalidServerList(ValueError):
    """The list of servers in a URL is invalid; the message says why."""


def split_servers(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a URL without its list of several servers, and the servers.

    A URL without such a list is returned unchanged, with an empty tuple. The list has libpq's form,
    as in `postgresql://user@a.example:5432,b.example:5432/database`.
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return text, ()
    return f"{found['before']}{found['after']}", tuple(found["hosts"].split(","))


def with_servers(url: URL, servers: Sequence[str]) -> URL:
    """Return a URL whose options `host` and `port` have one value per server.

    If `servers` is empty, the URL lists them: `host=a:5432&host=b:5432` or `host=a,b&port=5432`.

    Raises:
        InvalidServerList: a server has no name or no valid port, or the numbers of servers and
            ports differ.
    """
    hosts = list(servers) or _values(url.query, "host")
    if len(hosts) < 2:  # noqa: PLR2004  # one server needs no list
        return url
    ports = _values(url.query, "port")
    if len(ports) not in {0, 1, len(hosts)}:
        raise InvalidServerList("the numbers of its servers and ports differ")
    if ports:
        pairs = [(host, ports[index % len(ports)]) for index, host in enumerate(hosts)]
    else:
        pairs = [_split_port(host) for host in hosts]
    for host, port in pairs:
        if not host:
            raise InvalidServerList("one of its servers has no name")
        if not _PORT.fullmatch(port) or not 0 < int(port) <= 65535:  # noqa: PLR2004  # highest port
            raise InvalidServerList(f"{port!r} is not a port")
    query = {
        **url.query,
        "host": ",".join(host for host, _ in pairs),
        "port": ",".join(port for _, port in pairs),
    }
    return url.set(query=query)


class PrimarySearch:
    """Connects to the primary among several servers; tries the most recent primary first.

    Each server gets an equal share of the time, so that all are tried.
    """

    def __init__(
        self,
        connect: Callable[..., Any] = asyncpg.connect,
    ) -> None:
        self._connect = connect
        self._last = 0

    async def connect(
        self,
        *,
        host: str | Sequence[str] | None = None,
        port: int | Sequence[int] | None = None,
        timeout: float,  # noqa: ASYNC109  # the driver's parameter
        **options: Any,  # noqa: ANN401  # the driver's parameters
    ) -> Any:  # noqa: ANN401  # asyncpg has no types
        """Connect to the server, or to the primary if there are several.

        Raises:
            OSError: none of the servers is a primary that responds.
        """
        if isinstance(host, str | None) or isinstance(port, int | None):
            return await self._connect(host=host, port=port, timeout=timeout, **options)
        servers = list(zip(host, port, strict=True))
        reasons = []
        for offset in range(len(servers)):
            index = (self._last + offset) % len(servers)
            name, number = servers[index]
            try:
                connection = await self._connect(
                    host=name,
                    port=number,
                    timeout=timeout / len(servers),
                    target_session_attrs="primary",
                    **options,
                )
            except _NOT_USABLE as error:
                reasons.append(f"{name} port {number} {_describe(error)}")
            else:
                self._last = index
                return connection
        raise ConnectionRefusedError(f"no server is the primary: {'; '.join(sorted(reasons))}")


_NOT_USABLE: Final = (
    OSError,
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
)
"""Errors from a server that is off, starting, stopping or a standby. Other errors are raised."""


def _describe(error: Exception) -> str:
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return "is a standby"
    if isinstance(error, TimeoutError):
        return "did not respond in time"
    return f"refused the connection ({str(error) or type(error).__name__})"


def _values(query: Mapping[str, tuple[str, ...] | str], name: str) -> list[str]:
    value = query.get(name, ())
    lists = (value,) if isinstance(value, str) else value
    return [part.strip() for text in lists for part in text.split(",")]


def _split_port(host: str) -> tuple[str, str]:
    """Split `a.example:5432` or `[2001:db8::1]:5432`; a socket folder gets the default port."""
    if host.startswith("["):
        address, _, port = host[1:].partition("]")
        return address, port.removeprefix(":") or str(DEFAULT_PORT)
    if host.startswith("/"):
        return host, str(DEFAULT_PORT)
    name, _, port = host.partition(":")
    return name, port or str(DEFAULT_PORT)
