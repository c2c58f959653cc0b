"""The reverse proxies whose forwarded headers the server trusts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The addresses and networks of the reverse proxies in front of the server."""

    networks: tuple[Network, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.networks)

    def includes(self, address: Address | None) -> bool:
        """Return whether the address belongs to a trusted proxy."""
        return address is not None and any(address in network for network in self.networks)


NO_PROXIES: Final = TrustedProxies()
LOCAL_PROXIES: Final = TrustedProxies((ip_network("127.0.0.1"), ip_network("::1")))
"""Proxies on this machine, trusted if the server is behind a proxy and no address is set."""


@lru_cache(maxsize=1024)  # a connection sends many requests
def parse_address(text: str) -> Address | None:
    """Parse a peer's address, or return None if it is not an IP address.

    A dual-stack socket reports IPv4 peers as `::ffff:192.0.2.1`; these become IPv4 addresses.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def parse_networks(text: str) -> TrustedProxies:
    """Parse addresses and networks, separated by commas.

    Raises:
        ValueError: an entry is neither; the message is this entry.
    """
    parts = [part.strip() for part in text.split(",")]
    return TrustedProxies(tuple(_parse_network(part) for part in parts if part))


def _parse_network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(text) from None
