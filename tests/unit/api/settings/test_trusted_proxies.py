"""Addresses and networks of trusted proxies."""

from __future__ import annotations

import pytest

from gatepost_api.settings.trusted_proxies import (
    LOCAL_PROXIES,
    NO_PROXIES,
    parse_address,
    parse_networks,
)


@pytest.mark.parametrize(
    ("text", "address", "is_trusted"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        (" 192.0.2.7 ,10.0.0.0/8,", "10.9.8.7", True),
        ("10.0.0.0/8", "11.0.0.0", False),
        ("0.0.0.0/0", "198.51.100.1", True),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("::/0", "2001:db8::1", True),
        ("2001:db8::/32", "2001:DB8::0:1", True),
        ("10.0.0.0/8", "::ffff:10.0.0.1", True),
        ("fe80::/10", "fe80::1%eth0", True),
    ],
)
def test_address_belongs_to_a_proxy_or_not(text: str, address: str, is_trusted: bool) -> None:  # noqa: FBT001  # of the table
    """Addresses are compared by value, not by spelling."""
    assert parse_networks(text).includes(parse_address(address)) is is_trusted


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/8", "*", "300.0.0.1", "10.0.0.0/33", "a, b"])
def test_anything_else_is_refused(text: str) -> None:
    """Names are refused, because they would have to be resolved for each request."""
    with pytest.raises(ValueError, match=r"."):
        parse_networks(text)


@pytest.mark.parametrize("text", ["", "localhost", "1", "unix:", "10.0.0.0/8"])
def test_what_is_no_address_is_not_trusted(text: str) -> None:
    """Only addresses can belong to a proxy."""
    assert parse_address(text) is None
    assert not parse_networks("0.0.0.0/0").includes(parse_address(text))


def test_local_proxies_are_those_of_this_machine() -> None:
    """Without addresses, only the proxy on the same machine is trusted."""
    assert LOCAL_PROXIES.includes(parse_address("127.0.0.1"))
    assert LOCAL_PROXIES.includes(parse_address("::1"))
    assert not LOCAL_PROXIES.includes(parse_address("127.0.0.2"))
    assert not NO_PROXIES
