"""Blocked versions and promotion holds in memory."""

from __future__ import annotations

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.event import Event
from tests.support.memory.state import MemoryState


class MemoryRestrictions:
    """Blocked versions and promotion holds in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """Return the block on a version in a lane, or None if it is not blocked."""
        return self._state.blocks.get((service, environment, version))

    def blocked_versions(self, service: str, environment: str) -> frozenset[str]:
        """Return the versions that are blocked in a lane."""
        lane = (service, environment)
        return frozenset(key[2] for key in self._state.blocks if key[:2] == lane)

    def put_block(self, block: VersionBlock, event: Event) -> None:
        """Block a version in a lane; this replaces an earlier block of the version."""
        self._state.blocks[block.service, block.environment, block.version] = block
        self._state.append(event)

    def remove_block(self, block: VersionBlock, event: Event) -> None:
        """Remove the block of a version."""
        del self._state.blocks[block.service, block.environment, block.version]
        self._state.append(event)

    def find_hold(self, service: str, environment: str) -> AutoPromotionHold | None:
        """Return the hold on automatic promotion to a lane, or None if there is none."""
        return self._state.holds.get((service, environment))

    def put_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Set a hold on automatic promotion to a lane; this replaces an earlier hold."""
        self._state.holds[hold.service, hold.environment] = hold
        self._state.append(event)

    def remove_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Release a hold on automatic promotion."""
        del self._state.holds[hold.service, hold.environment]
        self._state.append(event)


class MemoryRestrictionReads:
    """Reads of blocked versions and promotion holds in memory."""

    _state: MemoryState

    async def restrictions(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[AutoPromotionHold, ...]]:
        """Return the blocks and the promotion holds of a service."""
        blocks = (block for _, block in sorted(self._state.blocks.items()))
        holds = (hold for _, hold in sorted(self._state.holds.items()))
        return (
            tuple(block for block in blocks if block.service == service),
            tuple(hold for hold in holds if hold.service == service),
        )
