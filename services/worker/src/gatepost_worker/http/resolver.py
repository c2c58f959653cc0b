"""From a host's name to its addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Protocol

from gatepost_worker.http.addresses import Address, read
from gatepost_worker.http.errors import HostNotFound


class Resolver(Protocol):
    """Finds the addresses of a host, the preferred one first."""

    async def __call__(self, host: str, port: int, /) -> Sequence[Address]:
        """Every address, and at least one.

        Raises:
            HostNotFound: there is none.
        """
        ...


async def resolve_host(host: str, port: int, /) -> Sequence[Address]:
    """As this machine's own resolver finds them; it also reads 2130706433, 0x7f.1 and the like.

    Raises:
        HostNotFound: it finds none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = dict.fromkeys(read(f"{entry[4][0]}") for entry in found)
    except (OSError, ValueError) as error:  # of which UnicodeError is one: no name is that long
        raise HostNotFound(host, getattr(error, "strerror", None) or f"{error}") from error
    return tuple(addresses)
