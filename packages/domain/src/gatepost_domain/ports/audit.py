"""Reads for auditors: verifying all recorded data, and exporting it in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeAlias
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault

EventFields: TypeAlias = Mapping[str, Any]
"""An event in the form that is hashed, with its hash: `at` has six decimals, and `data` is
parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """The result of verifying a database against its event log."""

    events: int
    """The number of events before the first broken one, or of all events if none is broken."""
    root: bytes
    """The root hash of the tree of these events."""
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...] = ()
    """Findings that are unusual but do not prove tampering, such as a clock that was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilter:
    """Which deployments to export. A field matches any of its values; an empty one matches all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    since: datetime | None = None
    """Deployed or, if not deployed, requested at this instant or later."""
    until: datetime | None = None
    """Deployed or, if not deployed, requested before this instant."""

    @property
    def is_empty(self) -> bool:
        """Whether the filter is empty, so that everything is exported."""
        return self == ExportFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContext:
    """The limits of an export, fixed when it begins."""

    last_number: int
    """The highest deployment number; 0 if there are no deployments."""
    retirements: Mapping[LaneKey, tuple[datetime, ...]] = field(default_factory=dict)
    """Maps lanes to the times at which they were retired."""
    redeployed_at: Mapping[UUID, datetime] = field(default_factory=dict)
    """Maps the id of each deployment that rolled back another one to the time when it went live."""


class DeploymentBatch(NamedTuple):
    """A batch of an export's deployments, sorted by number."""

    deployments: Sequence[Deployment]
    after: int
    """The number after which the next batch begins."""


class ProvenEvent(NamedTuple):
    """An event with the proof (RFC 6962) that it is among the first events in the log."""

    event: EventFields
    proof: Sequence[bytes]


class AuditReads(Protocol):
    """Reads for auditors. They can take a long time, while other requests continue."""

    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and verify everything stored against it.

        `checkpoints` are earlier tree heads of this log. Raises `ReadTimedOut` after ten minutes.
        """
        ...

    async def export_context(self) -> ExportContext:
        """Return the limits of an export that begins now."""
        ...

    async def export_deployments(
        self, criteria: ExportFilter, *, after: int, last: int
    ) -> DeploymentBatch:
        """Return the next deployments with numbers above `after`, up to `last`.

        A batch can be empty before the end; the end is reached when its `after` is `last`.
        """
        ...

    async def export_events(self, *, after: int, tree_size: int) -> Sequence[ProvenEvent]:
        """Return the next batch of the first `tree_size` events, with proofs; empty at the end."""
        ...

    async def export_events_of(
        self, numbers: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return the events among the first `tree_size` that belong to these deployments.

        They are ordered by deployment and `seq`. The events of imports are not included.
        """
        ...

    async def export_events_by_seq(
        self, seqs: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return events by `seq`; all of them must be among the first `tree_size`."""
        ...
