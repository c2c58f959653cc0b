"""Which addresses an environment's policy lets the worker call: its `outgoing_allow`, applied."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Final

from gatepost_worker.http.addresses import (
    NEEDS_LISTING,
    NEVER,
    Address,
    Network,
    address_kind,
    destinations,
)
from gatepost_worker.http.errors import AddressNotListed, ForbiddenAddress, InternalAddressNotListed

_ANY_BELOW: Final = "*."


class AllowList:
    """What one environment allows.

    An entry is a host name, `*.` and the domain it is below, an address or a network. Without
    entries, public addresses may be called and nothing else; with some, only what they name. An
    entry that is none of these allows nothing.
    """

    def __init__(self, entries: Iterable[str], *, environment: str) -> None:
        self._environment = environment
        self._networks: list[Network] = []
        self._names: set[str] = set()
        self._domains: list[str] = []
        for entry in entries:
            self._take(canonical(entry))
        self._lists = bool(self._networks or self._names or self._domains)

    def check(self, host: str, address: Address) -> None:
        """Refuse an address that `host` leads to, unless it may be called.

        Raises:
            ForbiddenAddress: it, or one it carries, is called for nobody.
            InternalAddressNotListed: it is inside, and neither it nor the host is listed.
            AddressNotListed: it is anyone's, and the list names neither it nor the host.
        """
        named = self._names_host(canonical(host))
        for end in destinations(address):
            reach = address_kind(end)
            if reach in NEVER:
                raise ForbiddenAddress(end, host, reach)
            if named or any(end in network for network in self._networks):
                continue
            if reach in NEEDS_LISTING:
                raise InternalAddressNotListed(end, host, reach, environment=self._environment)
            if self._lists:
                raise AddressNotListed(end, host, environment=self._environment)

    def _take(self, entry: str) -> None:
        try:
            self._networks.append(ip_network(entry.strip("[]"), strict=False))
        except ValueError:
            if entry.startswith(_ANY_BELOW):
                self._domains.append(entry.removeprefix("*"))
            else:
                self._names.add(entry)

    def _names_host(self, host: str) -> bool:
        return host in self._names or any(host.endswith(domain) for domain in self._domains)


def canonical(name: str) -> str:
    """A host name as names are compared: in lower case and ASCII, without the root's full stop."""
    plain = name.strip().lower().removesuffix(".")
    try:
        return plain if plain.isascii() else plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain  # no host is called so, and the entry allows nothing
