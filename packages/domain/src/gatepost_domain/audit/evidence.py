"""The evidence of a deployment for auditors, as of one instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step
from gatepost_domain.event import EventKind, LedgerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One deployment with its policy, steps and events."""

    deployment: Deployment
    policy: PolicyVersion
    """The policy that was in force at its creation."""
    steps: tuple[Step, ...]
    """The steps in the order in which workers reported them."""
    entries: tuple[LedgerEntry, ...]
    """Its events, oldest first; of an imported deployment, first the event of the import."""
    last_entry: LedgerEntry
    """The last entry of the ledger at that instant."""

    def gates_at_start(self) -> list[dict[str, str]] | None:
        """Return the state of each gate at its start; None if it never started or has no record."""
        started = self._entry(EventKind.STARTED)
        gates = None if started is None else started.event.data.get("gates")
        return cast("list[dict[str, str]] | None", gates)

    def steps_event(self) -> LedgerEntry | None:
        """Return the entry with the digest of the steps; None unless a worker finished it."""
        return next((entry for entry in self.entries if "steps_digest" in entry.event.data), None)

    def _entry(self, kind: EventKind) -> LedgerEntry | None:
        return next((entry for entry in self.entries if entry.event.kind is kind), None)
