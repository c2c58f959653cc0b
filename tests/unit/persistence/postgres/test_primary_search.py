"""Lists of servers in a database URL, and the search for the primary among them."""

from __future__ import annotations

from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg has no types
import pytest

from gatepost_persistence.postgres.engine import InvalidDatabaseUrl, parse_url
from gatepost_persistence.postgres.primary_search import PrimarySearch

HOSTS = ("a.example", "b.example", "c.example")
STANDBY = asyncpg.TargetServerAttributeNotMatched("standby")


@pytest.mark.parametrize(
    ("text", "hosts", "ports"),
    [
        ("postgresql://u:p@a,b/db", "a,b", "5432,5432"),
        ("postgresql+asyncpg://u@a:1,b:2/db?sslmode=require", "a,b", "1,2"),
        ("postgresql://u@a,b:2/db", "a,b", "5432,2"),
        ("postgresql://u@[2001:db8::1]:1,[::2]/db", "2001:db8::1,::2", "1,5432"),
        ("postgresql://u@/db?host=a:1&host=b:2", "a,b", "1,2"),
        ("postgresql://u@/db?host=a,b&port=7", "a,b", "7,7"),
        ("postgresql://u@/db?host=/run/a,/run/b", "/run/a,/run/b", "5432,5432"),
        ("postgresql://u:x,y@a,b/db?target_session_attrs=read-write", "a,b", "5432,5432"),
    ],
)
def test_every_usual_form_of_a_list_is_understood(text: str, hosts: str, ports: str) -> None:
    """The forms of libpq and of SQLAlchemy name the same servers."""
    url = parse_url(text)

    assert url.host is None
    assert (url.query["host"], url.query["port"]) == (hosts, ports)
    assert (url.username, url.database) == ("u", "db")


@pytest.mark.parametrize("text", ["postgresql://u:x,y@h/db", "postgresql://u:x,y@h:5/db"])
def test_comma_in_a_password_makes_no_list(text: str) -> None:
    """Only the part after the password names servers."""
    url = parse_url(text)

    assert (url.host, url.password, dict(url.query)) == ("h", "x,y", {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("postgresql://u:secret@a,/db", "one of its servers has no name"),
        ("postgresql://u:secret@a:x,b/db", "'x' is not a port"),
        ("postgresql://u:secret@a:70000,b/db", "'70000' is not a port"),
        ("postgresql://u:secret@a,b/db?port=1,2,3", "the numbers of its servers and ports differ"),
        ("postgresql://u:secret@a,b/db?target_session_attrs=any", "must be primary or read-write"),
    ],
)
def test_invalid_list_is_explained(text: str, reason: str) -> None:
    """The message says what is wrong, without the password."""
    with pytest.raises(InvalidDatabaseUrl, match=reason) as refused:
        parse_url(text)

    assert "secret" not in str(refused.value)


class FakeServers:
    """Servers that answer with an error, or with their name as the connection."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors
        self.calls: list[tuple[str, float]] = []

    async def connect(self, *, host: str, timeout: float, **_: Any) -> str:  # noqa: ASYNC109
        self.calls.append((host, timeout))
        error = self.errors.get(host.partition(".")[0])
        if error is not None:
            raise error
        return host


async def connection(search: PrimarySearch) -> Any:
    return await search.connect(host=HOSTS, port=[5432] * len(HOSTS), timeout=6.0)


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionRefusedError(), asyncpg.CannotConnectNowError("x"), STANDBY]
)
async def test_next_server_is_tried(error: Exception) -> None:
    """A server that is off, starting or a standby is passed over, within its part of the time."""
    servers = FakeServers(a=error)

    assert await connection(PrimarySearch(servers.connect)) == "b.example"
    assert servers.calls == [("a.example", 2.0), ("b.example", 2.0)]


async def test_last_primary_is_tried_first() -> None:
    """A connection costs the time-out of a lost server only once, and again after a failover."""
    servers = FakeServers(a=TimeoutError())
    search = PrimarySearch(servers.connect)
    await connection(search)
    servers.calls.clear()

    assert await connection(search) == "b.example"
    assert [host for host, _ in servers.calls] == ["b.example"]
    servers.errors = {"b": TimeoutError(), "c": STANDBY}
    assert await connection(search) == "a.example"


async def test_without_a_primary_every_server_is_named() -> None:
    """The error says what is wrong with each server."""
    servers = FakeServers(a=TimeoutError(), b=STANDBY, c=ConnectionRefusedError("refused"))

    with pytest.raises(OSError, match="no server is the primary") as refused:
        await connection(PrimarySearch(servers.connect))

    message = str(refused.value)
    assert "a.example port 5432 did not respond in time" in message
    assert "b.example port 5432 is a standby" in message
    assert "c.example port 5432 refused the connection (refused)" in message


async def test_wrong_password_is_reported_at_once() -> None:
    """An error of the client would be the same at every server."""
    servers = FakeServers(a=asyncpg.InvalidPasswordError("wrong"))

    with pytest.raises(asyncpg.InvalidPasswordError):
        await connection(PrimarySearch(servers.connect))


async def test_single_server_gets_the_whole_time() -> None:
    """Without a list, the driver connects as before."""
    servers = FakeServers()

    assert await PrimarySearch(servers.connect).connect(host="a.example", timeout=5.0)
    assert servers.calls == [("a.example", 5.0)]
