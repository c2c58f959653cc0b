"""Computing when the live deployment in a lane changed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar


class PossiblyLiveDeployment(Protocol):
    """A deployment that may have gone live, and may have been rolled back since."""

    @property
    def number(self) -> int:
        """The deployment number, which orders deployments at the same instant."""
        ...

    @property
    def deployed_at(self) -> datetime | None:
        """When it went live; None if it never did."""
        ...

    @property
    def rolled_back_at(self) -> datetime | None:
        """When it was rolled back; None if it was not."""
        ...


D = TypeVar("D", bound=PossiblyLiveDeployment)


def live_deployment_changes(
    deployments: Iterable[D], retired: Iterable[datetime]
) -> Iterator[tuple[datetime, D | None]]:
    """Yield each instant at which a lane's live deployment may change, and what is live afterwards.

    A version deployed and rolled back in the same instant is never live.
    """
    changes: list[tuple[datetime, int, int, D | None]] = [(at, 1, 0, None) for at in retired]
    for deployment in deployments:
        if deployment.deployed_at is not None:
            changes.append((deployment.deployed_at, 0, deployment.number, deployment))
            if deployment.rolled_back_at is not None:
                changes.append((deployment.rolled_back_at, 2, deployment.number, deployment))
    live: list[tuple[datetime, int]] = []
    by_number: dict[int, D] = {}
    changes.sort(key=lambda change: change[:3])
    for at, simultaneous in groupby(changes, key=lambda change: change[0]):
        for _, order, _, changed in simultaneous:
            if changed is None:
                live.clear()
                continue
            position = (changed.deployed_at or at, changed.number)
            by_number[changed.number] = changed
            if order == 0:
                insort(live, position)
            elif position in live:
                live.remove(position)
        yield at, by_number[live[-1][1]] if live else None
