"""What may not be deployed to a lane until somebody lets it: blocked versions, and promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBlock:
    """A version was rolled back somewhere and may not be deployed there again."""

    service: str
    environment: str
    version: str
    at: datetime
    by: str
    """Who rolled it back."""
    reason: str
    deployment_id: UUID
    """What was rolled back."""
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A person deployed another version by hand, so nothing is promoted there by itself."""

    service: str
    environment: str
    version: str
    """What they deployed."""
    at: datetime
    by: str
    """Who asked for it."""
    deployment_id: UUID
    number: int


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
