"""Blocked versions and holds in memory."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from gatepost_domain.event import Event
from gatepost_domain.gates.blocks_and_holds import PromotionHold, VersionBlock
from gatepost_domain.tracking.current_state import LaneKey

VersionPlace: TypeAlias = tuple[str, str, str]
"""A version in a lane, by service, environment and version."""


class _StoredState(Protocol):
    blocks: dict[VersionPlace, VersionBlock]
    holds: dict[LaneKey, PromotionHold]

    def append(self, event: Event) -> None: ...


class MemoryRestrictions:
    """See `ports.Restrictions`."""

    def __init__(self, state: _StoredState) -> None:
        self._state = state

    def find_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """See `ports.Restrictions`."""
        return self._state.blocks.get((service, environment, version))

    def blocked_versions(self, service: str, environment: str) -> frozenset[str]:
        """See `ports.Restrictions`."""
        lane = (service, environment)
        return frozenset(key[2] for key in self._state.blocks if key[:2] == lane)

    def list_for_service(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[PromotionHold, ...]]:
        """See `ports.Restrictions`."""
        blocks = (each for _, each in sorted(self._state.blocks.items()))
        holds = (each for _, each in sorted(self._state.holds.items()))
        return (
            tuple(each for each in blocks if each.service == service),
            tuple(each for each in holds if each.service == service),
        )

    def add_block(self, block: VersionBlock, event: Event) -> None:
        """See `ports.Restrictions`."""
        self._state.blocks[block.service, block.environment, block.version] = block
        self._state.append(event)

    def remove_block(self, block: VersionBlock, event: Event) -> None:
        """See `ports.Restrictions`."""
        del self._state.blocks[block.service, block.environment, block.version]
        self._state.append(event)

    def find_hold(self, service: str, environment: str) -> PromotionHold | None:
        """See `ports.Restrictions`."""
        return self._state.holds.get((service, environment))

    def add_hold(self, hold: PromotionHold, event: Event) -> None:
        """See `ports.Restrictions`."""
        self._state.holds[hold.service, hold.environment] = hold
        self._state.append(event)

    def remove_hold(self, hold: PromotionHold, event: Event) -> None:
        """See `ports.Restrictions`."""
        del self._state.holds[hold.service, hold.environment]
        self._state.append(event)
