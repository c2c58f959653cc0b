"""What an internet address is: anyone's, a private network's, this machine's, or none to call."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class Reach(StrEnum):
    """Whom an address belongs to; the value follows "is" in a sentence."""

    PUBLIC = "a public address"
    PRIVATE = "a private address"
    LOOPBACK = "an address of the worker's own machine"
    METADATA = "the address of a cloud's metadata, which holds credentials"
    LINK_LOCAL = "a link-local address"
    SITE_LOCAL = "a site-local address"
    MULTICAST = "a multicast address"
    UNSPECIFIED = "an address that names no machine"
    RESERVED = "a reserved address"


LISTABLE: Final = frozenset({Reach.PRIVATE, Reach.LOOPBACK})
"""What is called only where it is listed."""

NEVER: Final = frozenset(Reach) - LISTABLE - {Reach.PUBLIC}
"""What is not called even where it is listed."""

_REACHES: Final[tuple[tuple[str, Reach], ...]] = (
    # What clouds tell their machines. These stand first: some lie within networks named below.
    ("169.254.169.254/32", Reach.METADATA),
    ("169.254.170.2/32", Reach.METADATA),  # of a container's task, at Amazon
    ("100.100.100.200/32", Reach.METADATA),  # Alibaba
    ("168.63.129.16/32", Reach.METADATA),  # Azure; public by its number
    ("192.0.0.192/32", Reach.METADATA),  # Oracle
    ("fd00:ec2::254/128", Reach.METADATA),  # Amazon
    ("fd20:ce::254/128", Reach.METADATA),  # Google
    ("fd00:42::42/128", Reach.METADATA),  # Scaleway
    # IANA IPv4 special-purpose address registry (RFC 6890), and what is not unicast.
    ("0.0.0.0/8", Reach.UNSPECIFIED),
    ("10.0.0.0/8", Reach.PRIVATE),
    ("100.64.0.0/10", Reach.PRIVATE),  # shared by a carrier's customers
    ("127.0.0.0/8", Reach.LOOPBACK),
    ("169.254.0.0/16", Reach.LINK_LOCAL),
    ("172.16.0.0/12", Reach.PRIVATE),
    ("192.0.0.0/24", Reach.RESERVED),
    ("192.0.2.0/24", Reach.RESERVED),  # documentation, as the next two of its kind
    ("192.88.99.0/24", Reach.RESERVED),  # relays of 6to4
    ("192.168.0.0/16", Reach.PRIVATE),
    ("198.18.0.0/15", Reach.RESERVED),  # benchmarks
    ("198.51.100.0/24", Reach.RESERVED),
    ("203.0.113.0/24", Reach.RESERVED),
    ("224.0.0.0/4", Reach.MULTICAST),
    ("240.0.0.0/4", Reach.RESERVED),
    ("0.0.0.0/0", Reach.PUBLIC),
    # IANA IPv6 special-purpose address registry; beyond 2000::/3 nothing is anyone's.
    ("::/128", Reach.UNSPECIFIED),
    ("::1/128", Reach.LOOPBACK),
    ("2001::/23", Reach.RESERVED),  # IETF protocols
    ("2001:db8::/32", Reach.RESERVED),  # documentation
    ("3fff::/20", Reach.RESERVED),  # documentation
    ("2000::/3", Reach.PUBLIC),
    ("fc00::/7", Reach.PRIVATE),
    ("fe80::/10", Reach.LINK_LOCAL),
    ("fec0::/10", Reach.SITE_LOCAL),
    ("ff00::/8", Reach.MULTICAST),
    # Also IPv4-compatible addresses, long deprecated, and 64:ff9b:1::/48 (RFC 8215), of which only
    # the network that uses it knows where it leads.
    ("::/0", Reach.RESERVED),
)

REACHES: Final[tuple[tuple[Network, Reach], ...]] = tuple(
    (ip_network(network), reach) for network, reach in _REACHES
)
"""Every network by whom it belongs to; the first that holds an address decides.

A table of our own, since `ipaddress.is_global` and its like differ between releases of Python, and
call multicast and NAT64 global."""

_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")
"""RFC 2765."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""RFC 6052."""
_6TO4: Final = IPv6Network("2002::/16")
"""RFC 3056."""
_TEREDO: Final = IPv6Network("2001::/32")
"""RFC 4380."""


def reach_of(address: Address) -> Reach:
    """Whom an address belongs to, by its number alone; see `destinations` for what it carries."""
    return next(reach for network, reach in REACHES if address in network)


def read(text: str) -> Address:
    """The address in a text as the system's resolver writes it, which may name an interface.

    Raises:
        ValueError: it is none.
    """
    return ip_address(text.partition("%")[0])


def destinations(address: Address) -> tuple[Address, ...]:
    """Where a packet to it may end: itself, or every IPv4 address that it carries."""
    if isinstance(address, IPv4Address):
        return (address,)
    return tuple(_carried(address)) or (address,)


def _carried(address: IPv6Address) -> Iterator[IPv4Address]:
    number = int(address)
    if any(address in network for network in (_MAPPED, _TRANSLATED, _NAT64)):
        yield IPv4Address(number & 0xFFFFFFFF)
    elif address in _6TO4:
        yield IPv4Address(number >> 80 & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield IPv4Address(number >> 64 & 0xFFFFFFFF)  # its server
        yield IPv4Address(~number & 0xFFFFFFFF)  # its client, whose every bit is turned
