"""The allow list: which addresses a setting permits, such as `outgoing_allow` in a policy."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Final

from gatepost_worker.http.errors import (
    AddressNotListed,
    ForbiddenAddress,
    InternalAddressNotListed,
)
from gatepost_worker.http.ip_addresses import (
    FORBIDDEN,
    INTERNAL,
    Address,
    Network,
    address_kind,
    embedded_ipv4_addresses_or_self,
)

_WILDCARD: Final = "*."


class AllowList:
    """The hosts and addresses that a setting allows.

    An entry is a host name, `*.` followed by a domain, an address or a network; any other entry
    matches nothing. If there are no entries, only public addresses are allowed; otherwise, only
    what the entries match is allowed.
    """

    def __init__(self, entries: Iterable[str], *, setting: str) -> None:
        """Create an allow list; error messages refer to its setting by this name."""
        self._setting = setting
        self._networks: list[Network] = []
        self._names: set[str] = set()
        self._domain_suffixes: list[str] = []
        for entry in entries:
            self._add(normalize_host(entry))
        self._has_entries = bool(self._networks or self._names or self._domain_suffixes)

    def check(self, host: str, address: Address) -> None:
        """Check that `address`, one of the addresses of `host`, is allowed.

        Raises:
            ForbiddenAddress: the address, or one embedded in it, is never allowed.
            InternalAddressNotListed: the address is internal and neither it nor the host is listed.
            AddressNotListed: there are entries, and none matches the public address or the host.
        """
        host_listed = self._lists_host(normalize_host(host))
        for destination in embedded_ipv4_addresses_or_self(address):
            kind = address_kind(destination)
            if kind in FORBIDDEN:
                raise ForbiddenAddress(destination, host, kind)
            if host_listed or any(destination in network for network in self._networks):
                continue
            if kind in INTERNAL:
                raise InternalAddressNotListed(destination, host, kind, setting=self._setting)
            if self._has_entries:
                raise AddressNotListed(destination, host, setting=self._setting)

    def _add(self, entry: str) -> None:
        try:
            self._networks.append(ip_network(entry.strip("[]"), strict=False))
        except ValueError:
            if entry.startswith(_WILDCARD):
                self._domain_suffixes.append(entry.removeprefix("*"))
            else:
                self._names.add(entry)

    def _lists_host(self, host: str) -> bool:
        return host in self._names or any(host.endswith(suffix) for suffix in self._domain_suffixes)


def normalize_host(name: str) -> str:
    """Return the host name in lower case and in ASCII (IDNA), without a trailing dot."""
    lower = name.strip().lower().removesuffix(".")
    try:
        return lower if lower.isascii() else lower.encode("idna").decode("ascii")
    except UnicodeError:
        return lower  # not a valid host name, so the entry matches nothing
