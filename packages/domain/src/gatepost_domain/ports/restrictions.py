"""What actions require of storage for blocked versions and holds."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.event import Event
from gatepost_domain.gates.restrictions import Hold, VersionBlock


class Restrictions(Protocol):
    """What may not be deployed to a lane until somebody lets it."""

    def block_of(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """Why this version may not be deployed there; none if it may."""
        ...

    def blocked(self, service: str, environment: str) -> frozenset[str]:
        """The versions that may not be deployed there."""
        ...

    def of_service(self, service: str) -> tuple[tuple[VersionBlock, ...], tuple[Hold, ...]]:
        """All there are of a service, by environment and version."""
        ...

    def block(self, block: VersionBlock, event: Event) -> None:
        """Keep a version from a lane, in place of what kept it from there before."""
        ...

    def unblock(self, block: VersionBlock, event: Event) -> None:
        """Let a version be deployed there again."""
        ...

    def hold_on(self, service: str, environment: str) -> Hold | None:
        """Why nothing is promoted there by itself; none if it is."""
        ...

    def hold(self, hold: Hold, event: Event) -> None:
        """Let nothing be promoted there by itself, in place of what held it before."""
        ...

    def release(self, hold: Hold, event: Event) -> None:
        """Let what is promoted by itself go there again."""
        ...
