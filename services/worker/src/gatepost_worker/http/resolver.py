"""Resolution of host names to addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Protocol

from gatepost_worker.http.errors import HostNotFound
from gatepost_worker.http.ip_addresses import Address, parse_ip_address


class Resolver(Protocol):
    """Resolves a host name."""

    async def __call__(self, host: str, port: int, /) -> Sequence[Address]:
        """Return the addresses of the host, at least one, in order of preference.

        Raises:
            HostNotFound: the host has no address.
        """
        ...


async def resolve_host(host: str, port: int, /) -> Sequence[Address]:
    """Return the addresses from the system's resolver.

    The resolver also accepts other notations of an IPv4 address, such as 2130706433 and 0x7f.1.

    Raises:
        HostNotFound: the host has no address.
    """
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = dict.fromkeys(parse_ip_address(f"{entry[4][0]}") for entry in entries)
    except (OSError, ValueError) as error:  # UnicodeError is a ValueError: host name too long
        raise HostNotFound(host, getattr(error, "strerror", None) or f"{error}") from error
    return tuple(addresses)
