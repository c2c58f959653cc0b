"""The repository of blocked versions and promotion holds."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.event import Event


class RestrictionRepository(Protocol):
    """Blocked versions and promotion holds."""

    def find_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """Return the block on a version in a lane, or None if it is not blocked."""
        ...

    def blocked_versions(self, service: str, environment: str) -> frozenset[str]:
        """Return the versions that are blocked in a lane."""
        ...

    def put_block(self, block: VersionBlock, event: Event) -> None:
        """Block a version in a lane; this replaces an earlier block of the version."""
        ...

    def remove_block(self, block: VersionBlock, event: Event) -> None:
        """Remove the block on a version, so that it can be deployed to the environment again."""
        ...

    def find_hold(self, service: str, environment: str) -> AutoPromotionHold | None:
        """Return the hold on automatic promotion to a lane, or None if there is none."""
        ...

    def put_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Set a hold on automatic promotion to a lane; this replaces an earlier hold."""
        ...

    def remove_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Remove a hold, so that versions are promoted to the lane automatically again."""
        ...
