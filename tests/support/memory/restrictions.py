"""Blocked versions and holds in memory."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from gatepost_domain.event import Event
from gatepost_domain.gates.restrictions import Hold, VersionBlock
from gatepost_domain.tracking.current_state import LanePlace

VersionPlace: TypeAlias = tuple[str, str, str]
"""A version in a lane, by service, environment and version."""


class _StoredState(Protocol):
    blocks: dict[VersionPlace, VersionBlock]
    holds: dict[LanePlace, Hold]

    def append(self, event: Event) -> None: ...


class MemoryRestrictions:
    """See `ports.Restrictions`."""

    def __init__(self, state: _StoredState) -> None:
        self._state = state

    def block_of(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """See `ports.Restrictions`."""
        return self._state.blocks.get((service, environment, version))

    def blocked(self, service: str, environment: str) -> frozenset[str]:
        """See `ports.Restrictions`."""
        lane = (service, environment)
        return frozenset(key[2] for key in self._state.blocks if key[:2] == lane)

    def of_service(self, service: str) -> tuple[tuple[VersionBlock, ...], tuple[Hold, ...]]:
        """See `ports.Restrictions`."""
        blocks = (each for _, each in sorted(self._state.blocks.items()))
        holds = (each for _, each in sorted(self._state.holds.items()))
        return (
            tuple(each for each in blocks if each.service == service),
            tuple(each for each in holds if each.service == service),
        )

    def block(self, block: VersionBlock, event: Event) -> None:
        """See `ports.Restrictions`."""
        self._state.blocks[block.service, block.environment, block.version] = block
        self._state.append(event)

    def unblock(self, block: VersionBlock, event: Event) -> None:
        """See `ports.Restrictions`."""
        del self._state.blocks[block.service, block.environment, block.version]
        self._state.append(event)

    def hold_on(self, service: str, environment: str) -> Hold | None:
        """See `ports.Restrictions`."""
        return self._state.holds.get((service, environment))

    def hold(self, hold: Hold, event: Event) -> None:
        """See `ports.Restrictions`."""
        self._state.holds[hold.service, hold.environment] = hold
        self._state.append(event)

    def release(self, hold: Hold, event: Event) -> None:
        """See `ports.Restrictions`."""
        del self._state.holds[hold.service, hold.environment]
        self._state.append(event)
