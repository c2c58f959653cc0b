"""What actions require of storage for blocked versions and holds."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.event import Event
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock


class RestrictionRepository(Protocol):
    """What may not be deployed to a lane until somebody lets it."""

    def find_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """Why this version may not be deployed there; none if it may."""
        ...

    def blocked_versions(self, service: str, environment: str) -> frozenset[str]:
        """The versions that may not be deployed there."""
        ...

    def list_for_service(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[PromotionHold, ...]]:
        """All there are of a service, by environment and version."""
        ...

    def add_block(self, block: VersionBlock, event: Event) -> None:
        """Keep a version from a lane, in place of what kept it from there before."""
        ...

    def remove_block(self, block: VersionBlock, event: Event) -> None:
        """Let a version be deployed there again."""
        ...

    def find_hold(self, service: str, environment: str) -> PromotionHold | None:
        """Why nothing is promoted there by itself; none if it is."""
        ...

    def add_hold(self, hold: PromotionHold, event: Event) -> None:
        """Let nothing be promoted there by itself, in place of what held it before."""
        ...

    def remove_hold(self, hold: PromotionHold, event: Event) -> None:
        """Let what is promoted by itself go there again."""
        ...
