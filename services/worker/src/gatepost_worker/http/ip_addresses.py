"""IP addresses classified by their purpose: public, private, loopback, metadata and so on."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class AddressKind(StrEnum):
    """The purpose of an address; the value completes the sentence "It is …"."""

    PUBLIC = "a public address"
    PRIVATE = "a private address"
    LOOPBACK = "a loopback address of the worker's machine"
    METADATA = "the address of a cloud metadata service, which returns credentials"
    LINK_LOCAL = "a link-local address"
    SITE_LOCAL = "a site-local address"
    MULTICAST = "a multicast address"
    UNSPECIFIED = "an unspecified address"
    RESERVED = "a reserved address"


INTERNAL: Final = frozenset({AddressKind.PRIVATE, AddressKind.LOOPBACK})
"""The kinds of addresses that are called only if the policy lists them."""

FORBIDDEN: Final = frozenset(AddressKind) - INTERNAL - {AddressKind.PUBLIC}
"""The kinds of addresses that are never called, even if the policy lists them."""

_NETWORK_KINDS: Final[tuple[tuple[str, AddressKind], ...]] = (
    # Cloud metadata services. They come first, because some are within networks listed below.
    ("169.254.169.254/32", AddressKind.METADATA),
    ("169.254.170.2/32", AddressKind.METADATA),  # metadata of Amazon ECS tasks
    ("100.100.100.200/32", AddressKind.METADATA),  # Alibaba Cloud
    ("168.63.129.16/32", AddressKind.METADATA),  # Azure; within a public network
    ("192.0.0.192/32", AddressKind.METADATA),  # Oracle Cloud
    ("fd00:ec2::254/128", AddressKind.METADATA),  # Amazon EC2
    ("fd20:ce::254/128", AddressKind.METADATA),  # Google Cloud
    ("fd00:42::42/128", AddressKind.METADATA),  # Scaleway
    # IANA IPv4 Special-Purpose Address Registry (RFC 6890) and the non-unicast networks.
    ("0.0.0.0/8", AddressKind.UNSPECIFIED),
    ("10.0.0.0/8", AddressKind.PRIVATE),
    ("100.64.0.0/10", AddressKind.PRIVATE),  # carrier-grade NAT (RFC 6598)
    ("127.0.0.0/8", AddressKind.LOOPBACK),
    ("169.254.0.0/16", AddressKind.LINK_LOCAL),
    ("172.16.0.0/12", AddressKind.PRIVATE),
    ("192.0.0.0/24", AddressKind.RESERVED),
    ("192.0.2.0/24", AddressKind.RESERVED),  # for examples in documentation
    ("192.88.99.0/24", AddressKind.RESERVED),  # 6to4 relay anycast
    ("192.168.0.0/16", AddressKind.PRIVATE),
    ("198.18.0.0/15", AddressKind.RESERVED),  # for network benchmarks
    ("198.51.100.0/24", AddressKind.RESERVED),  # for examples in documentation
    ("203.0.113.0/24", AddressKind.RESERVED),  # for examples in documentation
    ("224.0.0.0/4", AddressKind.MULTICAST),
    ("240.0.0.0/4", AddressKind.RESERVED),
    ("0.0.0.0/0", AddressKind.PUBLIC),
    # IANA IPv6 Special-Purpose Address Registry; no address outside 2000::/3 is public.
    ("::/128", AddressKind.UNSPECIFIED),
    ("::1/128", AddressKind.LOOPBACK),
    ("2001::/23", AddressKind.RESERVED),  # assigned to IETF protocols
    ("2001:db8::/32", AddressKind.RESERVED),  # for examples in documentation
    ("3fff::/20", AddressKind.RESERVED),  # for examples in documentation
    ("2000::/3", AddressKind.PUBLIC),
    ("fc00::/7", AddressKind.PRIVATE),
    ("fe80::/10", AddressKind.LINK_LOCAL),
    ("fec0::/10", AddressKind.SITE_LOCAL),
    ("ff00::/8", AddressKind.MULTICAST),
    # Includes the deprecated IPv4-compatible addresses and 64:ff9b:1::/48 (RFC 8215), whose
    # translation only the local network knows.
    ("::/0", AddressKind.RESERVED),
)

NETWORK_KINDS: Final[tuple[tuple[Network, AddressKind], ...]] = tuple(
    (ip_network(network), kind) for network, kind in _NETWORK_KINDS
)
"""The kind of each network; the first network that contains an address decides.

The standard library is not used for this: `ipaddress.is_global` differs between Python versions
and counts multicast and NAT64 addresses as global."""

_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")
"""IPv4-translated addresses (RFC 2765)."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""NAT64 addresses (RFC 6052)."""
_6TO4: Final = IPv6Network("2002::/16")
"""6to4 addresses (RFC 3056)."""
_TEREDO: Final = IPv6Network("2001::/32")
"""Teredo addresses (RFC 4380)."""


def address_kind(address: Address) -> AddressKind:
    """Return the kind of the address itself, regardless of an IPv4 address embedded in it."""
    return next(kind for network, kind in NETWORK_KINDS if address in network)


def parse_ip_address(text: str) -> Address:
    """Return the address in the resolver's notation, without a zone such as `%eth0`.

    Raises:
        ValueError: the text is not an IP address.
    """
    return ip_address(text.partition("%")[0])


def embedded_ipv4_addresses_or_self(address: Address) -> tuple[Address, ...]:
    """Return the addresses that packets can reach: any embedded IPv4 addresses, or the address."""
    if isinstance(address, IPv4Address):
        return (address,)
    return tuple(_embedded_addresses(address)) or (address,)


def _embedded_addresses(address: IPv6Address) -> Iterator[IPv4Address]:
    number = int(address)
    if any(address in network for network in (_MAPPED, _TRANSLATED, _NAT64)):
        yield IPv4Address(number & 0xFFFFFFFF)
    elif address in _6TO4:
        yield IPv4Address(number >> 80 & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield IPv4Address(number >> 64 & 0xFFFFFFFF)  # the Teredo server
        yield IPv4Address(~number & 0xFFFFFFFF)  # the client, stored with inverted bits
