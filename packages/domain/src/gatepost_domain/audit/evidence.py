"""Evidence: all there is to tell of one deployment, as of one instant, for whoever audits it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step
from gatepost_domain.event import EventKind, LedgerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One deployment with everything that was decided and told about it."""

    deployment: Deployment
    policy: PolicyVersion
    """The one that it was asked under."""
    steps: tuple[Step, ...]
    """What workers told, in the order in which they did."""
    entries: tuple[LedgerEntry, ...]
    """Its events, oldest first; of an imported one, first its import's."""
    last_entry: LedgerEntry
    """The latest event of all at that instant."""

    def gates_at_start(self) -> list[dict[str, str]] | None:
        """How each gate stood when it started; none if it never did, or that was not told yet."""
        started = self._entry(EventKind.STARTED)
        gates = None if started is None else started.event.data.get("gates")
        return cast("list[dict[str, str]] | None", gates)

    def steps_event(self) -> LedgerEntry | None:
        """The event that has the digest of the steps; none where people ended it, or none did."""
        return next((each for each in self.entries if "steps_digest" in each.event.data), None)

    def _entry(self, kind: EventKind) -> LedgerEntry | None:
        return next((each for each in self.entries if each.event.kind is kind), None)
