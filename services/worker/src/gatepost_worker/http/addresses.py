"""What an internet address is: anyone's, a private network's, this machine's, or none to call."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class AddressKind(StrEnum):
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


NEEDS_LISTING: Final = frozenset({AddressKind.PRIVATE, AddressKind.LOOPBACK})
"""What is called only where it is listed."""

NEVER: Final = frozenset(AddressKind) - NEEDS_LISTING - {AddressKind.PUBLIC}
"""What is not called even where it is listed."""

_NETWORK_KINDS: Final[tuple[tuple[str, AddressKind], ...]] = (
    # What clouds tell their machines. These stand first: some lie within networks named below.
    ("169.254.169.254/32", AddressKind.METADATA),
    ("169.254.170.2/32", AddressKind.METADATA),  # of a container's task, at Amazon
    ("100.100.100.200/32", AddressKind.METADATA),  # Alibaba
    ("168.63.129.16/32", AddressKind.METADATA),  # Azure; public by its number
    ("192.0.0.192/32", AddressKind.METADATA),  # Oracle
    ("fd00:ec2::254/128", AddressKind.METADATA),  # Amazon
    ("fd20:ce::254/128", AddressKind.METADATA),  # Google
    ("fd00:42::42/128", AddressKind.METADATA),  # Scaleway
    # IANA IPv4 special-purpose address registry (RFC 6890), and what is not unicast.
    ("0.0.0.0/8", AddressKind.UNSPECIFIED),
    ("10.0.0.0/8", AddressKind.PRIVATE),
    ("100.64.0.0/10", AddressKind.PRIVATE),  # shared by a carrier's customers
    ("127.0.0.0/8", AddressKind.LOOPBACK),
    ("169.254.0.0/16", AddressKind.LINK_LOCAL),
    ("172.16.0.0/12", AddressKind.PRIVATE),
    ("192.0.0.0/24", AddressKind.RESERVED),
    ("192.0.2.0/24", AddressKind.RESERVED),  # documentation, as the next two of its kind
    ("192.88.99.0/24", AddressKind.RESERVED),  # relays of 6to4
    ("192.168.0.0/16", AddressKind.PRIVATE),
    ("198.18.0.0/15", AddressKind.RESERVED),  # benchmarks
    ("198.51.100.0/24", AddressKind.RESERVED),
    ("203.0.113.0/24", AddressKind.RESERVED),
    ("224.0.0.0/4", AddressKind.MULTICAST),
    ("240.0.0.0/4", AddressKind.RESERVED),
    ("0.0.0.0/0", AddressKind.PUBLIC),
    # IANA IPv6 special-purpose address registry; beyond 2000::/3 nothing is anyone's.
    ("::/128", AddressKind.UNSPECIFIED),
    ("::1/128", AddressKind.LOOPBACK),
    ("2001::/23", AddressKind.RESERVED),  # IETF protocols
    ("2001:db8::/32", AddressKind.RESERVED),  # documentation
    ("3fff::/20", AddressKind.RESERVED),  # documentation
    ("2000::/3", AddressKind.PUBLIC),
    ("fc00::/7", AddressKind.PRIVATE),
    ("fe80::/10", AddressKind.LINK_LOCAL),
    ("fec0::/10", AddressKind.SITE_LOCAL),
    ("ff00::/8", AddressKind.MULTICAST),
    # Also IPv4-compatible addresses, long deprecated, and 64:ff9b:1::/48 (RFC 8215), of which only
    # the network that uses it knows where it leads.
    ("::/0", AddressKind.RESERVED),
)

NETWORK_KINDS: Final[tuple[tuple[Network, AddressKind], ...]] = tuple(
    (ip_network(network), reach) for network, reach in _NETWORK_KINDS
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


def address_kind(address: Address) -> AddressKind:
    """Whom an address belongs to, by its number alone; see `destinations` for what it carries."""
    return next(reach for network, reach in NETWORK_KINDS if address in network)


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
