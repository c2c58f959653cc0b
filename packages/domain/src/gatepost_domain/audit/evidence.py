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
    """The policy that was in force when the deployment was created."""
    steps: tuple[Step, ...]
    """The steps in the order in which workers reported them."""
    entries: tuple[LedgerEntry, ...]
    """The deployment's events, oldest first, beginning with the import event if it was imported."""
    last_entry: LedgerEntry
    """The last entry of the ledger at the instant of the evidence."""

    def gates_at_start(self) -> list[dict[str, str]] | None:
        """Return the state of each gate at the start, or None if no gates were recorded."""
        started = self._first_entry(EventKind.STARTED)
        gates = None if started is None else started.event.data.get("gates")
        return cast("list[dict[str, str]] | None", gates)

    def steps_digest_entry(self) -> LedgerEntry | None:
        """Return the entry with the steps digest, or None if no worker finished the deployment."""
        return next((entry for entry in self.entries if "steps_digest" in entry.event.data), None)

    def _first_entry(self, kind: EventKind) -> LedgerEntry | None:
        return next((entry for entry in self.entries if entry.event.kind is kind), None)
