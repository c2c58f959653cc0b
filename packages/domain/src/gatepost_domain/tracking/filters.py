"""Which history a list holds, and counts of what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gatepost_domain.deployments.deployment import Deployment

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Whose history is wanted: of services, of environments, or of services in environments."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    since: datetime | None = None
    """Happened at this instant or later."""
    until: datetime | None = None
    """Happened before this instant."""

    def __post_init__(self) -> None:
        """Refuse the history of everything, which no index answers."""
        if not self.services and not self.environments:
            raise ValueError("A history is that of a service or of an environment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """A few figures to begin a day with."""

    services: int
    deployments_this_week: int
    """Deployed within the last seven days, whatever became of it."""
    recent: tuple[Deployment, ...]
    """The ten that were deployed last, the latest first."""


def happened_at(deployment: Deployment) -> datetime:
    """Where a deployment belongs in a history."""
    return deployment.deployed_at or deployment.created_at
