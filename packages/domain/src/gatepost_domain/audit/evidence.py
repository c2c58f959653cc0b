"""Evidence: all there is to tell of one deployment, as of one instant, for whoever audits it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step
from gatepost_domain.event import Entry, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One deployment with everything that was decided and told about it."""

    deployment: Deployment
    policy: PolicyVersion
    """The one that it was asked under."""
    steps: tuple[Step, ...]
    """What workers told, in the order in which they did."""
    entries: tuple[Entry, ...]
    """Its events, oldest first; of an imported one, first its import's."""
    last: Entry
    """The latest event of all at that instant."""

    def gates_at_start(self) -> list[dict[str, str]] | None:
        """How each gate stood when it started; none if it never did, or that was not told yet."""
        started = self._entry(EventKind.STARTED)
        gates = None if started is None else started.event.data.get("gates")
        return cast("list[dict[str, str]] | None", gates)

    def vouching(self) -> Entry | None:
        """The event that has the digest of the steps; none where people ended it, or none did."""
        return next((each for each in self.entries if "steps_digest" in each.event.data), None)

    def _entry(self, kind: EventKind) -> Entry | None:
        return next((each for each in self.entries if each.event.kind is kind), None)
