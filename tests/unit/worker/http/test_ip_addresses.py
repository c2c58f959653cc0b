"""The kinds of IP addresses and the addresses embedded in others."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from gatepost_worker.http.ip_addresses import (
    FORBIDDEN,
    INTERNAL,
    NETWORK_KINDS,
    AddressKind,
    address_kind,
    embedded_ipv4_addresses_or_self,
    parse_ip_address,
)

UNSPECIFIED = "0.0.0.0"  # noqa: S104  # nothing binds to it
KINDS = [
    (UNSPECIFIED, AddressKind.UNSPECIFIED),
    ("0.1.2.3", AddressKind.UNSPECIFIED),
    ("10.0.0.7", AddressKind.PRIVATE),
    ("100.63.255.255", AddressKind.PUBLIC),
    ("100.64.0.1", AddressKind.PRIVATE),
    ("100.100.100.200", AddressKind.METADATA),
    ("100.127.255.255", AddressKind.PRIVATE),
    ("127.0.0.1", AddressKind.LOOPBACK),
    ("127.255.255.255", AddressKind.LOOPBACK),
    ("168.63.129.16", AddressKind.METADATA),
    ("169.254.0.1", AddressKind.LINK_LOCAL),
    ("169.254.169.254", AddressKind.METADATA),
    ("169.254.170.2", AddressKind.METADATA),
    ("172.15.255.255", AddressKind.PUBLIC),
    ("172.16.0.1", AddressKind.PRIVATE),
    ("172.31.255.255", AddressKind.PRIVATE),
    ("172.32.0.0", AddressKind.PUBLIC),
    ("192.0.0.1", AddressKind.RESERVED),
    ("192.0.0.192", AddressKind.METADATA),
    ("192.0.2.1", AddressKind.RESERVED),
    ("192.88.99.1", AddressKind.RESERVED),
    ("192.168.1.1", AddressKind.PRIVATE),
    ("198.18.0.1", AddressKind.RESERVED),
    ("198.51.100.1", AddressKind.RESERVED),
    ("203.0.113.1", AddressKind.RESERVED),
    ("224.0.0.1", AddressKind.MULTICAST),
    ("239.255.255.250", AddressKind.MULTICAST),
    ("240.0.0.1", AddressKind.RESERVED),
    ("255.255.255.255", AddressKind.RESERVED),
    ("93.184.215.14", AddressKind.PUBLIC),
    ("::", AddressKind.UNSPECIFIED),
    ("::1", AddressKind.LOOPBACK),
    ("::7f00:1", AddressKind.RESERVED),
    ("100::1", AddressKind.RESERVED),
    ("64:ff9b:1::7f00:1", AddressKind.RESERVED),
    ("2001:2::1", AddressKind.RESERVED),
    ("2001:20::1", AddressKind.RESERVED),
    ("2001:db8::1", AddressKind.RESERVED),
    ("3fff::1", AddressKind.RESERVED),
    ("5f00::1", AddressKind.RESERVED),
    ("2606:2800:21f::1", AddressKind.PUBLIC),
    ("fc00::1", AddressKind.PRIVATE),
    ("fd12:3456::1", AddressKind.PRIVATE),
    ("fd00:ec2::254", AddressKind.METADATA),
    ("fd20:ce::254", AddressKind.METADATA),
    ("fd00:42::42", AddressKind.METADATA),
    ("fe80::1", AddressKind.LINK_LOCAL),
    ("fec0::1", AddressKind.SITE_LOCAL),
    ("ff02::1", AddressKind.MULTICAST),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_an_address_has_one_kind(text: str, kind: AddressKind) -> None:
    """Each address is of the expected kind, whatever the Python version."""
    assert address_kind(ip_address(text)) is kind


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("::ffff:127.0.0.1", ["127.0.0.1"]),
        ("::ffff:0:169.254.169.254", ["169.254.169.254"]),
        ("64:ff9b::a9fe:a9fe", ["169.254.169.254"]),
        ("2002:7f00:1::", ["127.0.0.1"]),
        ("2002:a00:7::1", ["10.0.0.7"]),
        ("2001:0:a00:7:8000:0:80ff:fffe", ["10.0.0.7", "127.0.0.1"]),
        ("2606:2800:21f::1", ["2606:2800:21f::1"]),
        ("10.0.0.7", ["10.0.0.7"]),
    ],
)
def test_embedded_addresses_are_the_destinations(text: str, reached: list[str]) -> None:
    """The embedded address is checked as a destination of its own."""
    assert [
        f"{address}" for address in embedded_ipv4_addresses_or_self(ip_address(text))
    ] == reached


def test_no_network_is_shadowed_by_an_earlier_one() -> None:
    """The first match decides, so a network listed after a larger one would have no effect."""
    shadowed = [
        network
        for index, (network, _) in enumerate(NETWORK_KINDS)
        for earlier, _ in NETWORK_KINDS[:index]
        if network.version == earlier.version and network.subnet_of(earlier)  # type: ignore[arg-type]  # same version
    ]

    assert shadowed == []


def test_every_address_has_a_kind() -> None:
    """The last network of each IP version contains all addresses."""
    assert {ip_network("0.0.0.0/0"), ip_network("::/0")} <= {
        network for network, _ in NETWORK_KINDS
    }
    assert set(AddressKind) == {AddressKind.PUBLIC} | INTERNAL | FORBIDDEN


def test_the_zone_of_an_address_is_ignored() -> None:
    """The zone, which the resolver appends after a percent sign, has no effect on the kind."""
    assert parse_ip_address("fe80::1%eth0") == ip_address("fe80::1")
