"""The allow list of an environment's policy."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.errors import (
    AddressNotListed,
    ForbiddenAddress,
    InternalAddressNotListed,
    RequestRefused,
)

HOST = "shop.test.internal"
SETTING = "outgoing_allow in the policy of test"
PUBLIC = "93.184.215.14"
FORBIDDEN = [
    "0.0.0.0",  # noqa: S104  # nothing binds to it
    "0.0.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::7f00:1",
    "::a9fe:a9fe",
    "::ffff:0.0.0.0",
    "::ffff:169.254.169.254",
    "::ffff:0:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::6464:64c8",
    "64:ff9b:1::1",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "2001:0:5db8:d70e:8000:0:5601:5601",
    "2001:2::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::",
    "2002:e000:1::",
    "3fff::1",
    "5f00::1",
    "fd00:42::42",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
INTERNAL = [
    "10.0.0.7",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.9.10",
    "172.16.0.1",
    "192.168.1.1",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.7",
    "64:ff9b::a00:7",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001:0:a00:7:8000:0:80ff:fffe",
    "fc00::1",
    "fd12:3456::1",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_forbidden_addresses_are_never_allowed(text: str) -> None:
    """The address is refused even if the host and every network are listed."""
    allow_list = AllowList([HOST, "0.0.0.0/0", "::/0", text], setting=SETTING)

    with pytest.raises(ForbiddenAddress, match="never called"):
        allow_list.check(HOST, ip_address(text))


@pytest.mark.parametrize("text", INTERNAL)
@pytest.mark.parametrize("entries", [[], [PUBLIC], ["other.test.internal"], ["*.example"]])
def test_internal_addresses_are_allowed_only_if_listed(text: str, entries: list[str]) -> None:
    """An internal address is refused if the list is empty or contains only other entries."""
    with pytest.raises(InternalAddressNotListed):
        AllowList(entries, setting=SETTING).check(HOST, ip_address(text))


@pytest.mark.parametrize(
    ("entry", "host", "text"),
    [
        (HOST, HOST, "10.0.0.7"),
        ("SHOP.Test.Internal.", HOST, "10.0.0.7"),
        (HOST, "SHOP.test.INTERNAL.", "127.0.0.1"),
        (f" {HOST} ", HOST, "10.0.0.7"),
        ("*.test.internal", HOST, "10.0.0.7"),
        ("bücher.example", "xn--bcher-kva.example", "10.0.0.7"),
        ("10.0.0.0/8", HOST, "10.0.0.7"),
        ("10.0.0.7", "10.0.0.7", "10.0.0.7"),
        ("10.0.0.9/8", HOST, "10.0.0.7"),
        ("10.0.0.0/8", HOST, "::ffff:10.0.0.7"),
        ("10.0.0.0/8", HOST, "64:ff9b::a00:7"),
        ("[::1]", "::1", "::1"),
        ("fd12::/16", HOST, "fd12::9"),
        (PUBLIC, HOST, PUBLIC),
        (HOST, HOST, PUBLIC),
    ],
)
def test_a_matching_entry_allows_the_address(entry: str, host: str, text: str) -> None:
    """An entry matches by host name, domain, address or network, in any notation."""
    AllowList([entry], setting=SETTING).check(host, ip_address(text))


def test_an_empty_list_allows_public_addresses() -> None:
    """Without any entries, every public address is allowed."""
    AllowList([], setting=SETTING).check(HOST, ip_address(PUBLIC))


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "*",
        "*.",
        "*.internal.test.shop",
        "test.internal",
        "*.shop.test.internal",
        "10.0.0.0/33",
        "http://shop.test.internal",
        "shop.test.internal:80",
        "ü" * 80,
    ],
)
def test_an_entry_allows_nothing_else_than_what_it_matches(entry: str) -> None:
    """An invalid entry still makes the list restrictive, so a typing error allows no address."""
    with pytest.raises(AddressNotListed):
        AllowList([entry], setting=SETTING).check(HOST, ip_address(PUBLIC))


@pytest.mark.parametrize(
    ("entries", "host", "text", "message"),
    [
        (
            [],
            HOST,
            "10.0.0.7",
            (
                "10.0.0.7 (shop.test.internal) is a private address; to allow it, add "
                "shop.test.internal or 10.0.0.7 to outgoing_allow in the policy of test."
            ),
        ),
        (
            [],
            "127.0.0.1",
            "127.0.0.1",
            (
                "127.0.0.1 is a loopback address of the worker's machine; to allow it, add "
                "127.0.0.1 to outgoing_allow in the policy of test."
            ),
        ),
        (
            ["10.0.0.0/8"],
            HOST,
            PUBLIC,
            (
                "93.184.215.14 (shop.test.internal) is not listed; to allow it, add "
                "shop.test.internal or 93.184.215.14 to outgoing_allow in the policy of test."
            ),
        ),
        (
            [],
            HOST,
            "64:ff9b::a9fe:a9fe",
            (
                "169.254.169.254 (shop.test.internal) is the address of a cloud metadata service, "
                "which returns credentials. Such addresses are never called, even if listed; use "
                "another address for the target."
            ),
        ),
    ],
)
def test_a_refusal_says_how_to_fix_it(
    entries: list[str], host: str, text: str, message: str
) -> None:
    """The message names the entry to add, or says that a different address is needed."""
    with pytest.raises(RequestRefused) as raised:
        AllowList(entries, setting=SETTING).check(host, ip_address(text))

    assert f"{raised.value}" == message
