"""The evidence for a deployment, collected for auditors as of one instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.target import Target
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.ports.event_log import LogHead


class EventInclusion(NamedTuple):
    """The proof that an event is part of the log (RFC 6962)."""

    seq: int
    hashes: Sequence[bytes]
    """The audit path, starting with the leaf's sibling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A deployment, its policy, steps and events, and proofs that the log contains the events."""

    deployment: Deployment
    policy: PolicyVersion
    """The policy that was in force when the deployment was created."""
    policy_entry: LedgerEntry | None
    """The entry that set this policy; None if an older version of Gatepost recorded it
    differently."""
    target: Target | None
    """The target with the settings kept by the deployment; None if it keeps none."""
    state: Mapping[str, object]
    """The deployment's columns as recorded in events, leaving out null ones."""
    steps: tuple[Step, ...]
    """The steps in the order in which workers reported them."""
    entries: tuple[LedgerEntry, ...]
    """The deployment's events, oldest first, beginning with the import event if it was imported."""
    last_entry: LedgerEntry
    """The last entry of the event log as of the evidence's instant."""
    head: LogHead
    """The tree head of the log at that instant."""
    inclusions: tuple[EventInclusion, ...]
    """The proof, for each of these entries, that the tree head covers it."""

    def gates_at_start(self) -> list[dict[str, str]] | None:
        """Return each gate's state when the deployment started, or None if none was recorded."""
        started = self._first_entry(EventKind.STARTED)
        gates = None if started is None else started.event.data.get("gates")
        return cast("list[dict[str, str]] | None", gates)

    def recording_entry(self) -> LedgerEntry | None:
        """Return the entry of the record or import; None for a deployment made in Gatepost."""
        kinds = {EventKind.RECORDED, EventKind.HISTORY_IMPORTED}
        return next((entry for entry in self.entries if entry.event.kind in kinds), None)

    def state_digest_entry(self) -> LedgerEntry | None:
        """Return the latest entry with a digest of the deployment's state, or None."""
        key = [str(self.deployment.number)]
        return next(
            (entry for entry in reversed(self.entries) if _records_deployment(entry, key)), None
        )

    def steps_digest_entry(self) -> LedgerEntry | None:
        """Return the entry with the steps digest, or None if no worker finished the deployment."""
        return next((entry for entry in self.entries if "steps_digest" in entry.event.data), None)

    def _first_entry(self, kind: EventKind) -> LedgerEntry | None:
        return next((entry for entry in self.entries if entry.event.kind is kind), None)


def _records_deployment(entry: LedgerEntry, key: Sequence[str]) -> bool:
    state = cast("Sequence[Mapping[str, object]]", entry.event.data.get("state", ()))
    return any(item["table"] == "deployments" and item.get("key") == key for item in state)
