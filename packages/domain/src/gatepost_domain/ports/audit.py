"""The reads of auditors: verification of the whole record, and its export in batches."""

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
"""An event as it is hashed, with its hash: `at` has six decimals, and `data` is parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """The result of verifying a database against its event log."""

    events: int
    """The number of events up to the first broken one; all events if there is none."""
    root: bytes
    """The root hash of the tree of these events."""
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...] = ()
    """What looks unusual but does not prove tampering, such as a clock that was set back."""


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
        """Whether everything is exported."""
        return self == ExportFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBounds:
    """What an export contains at most, as of its beginning."""

    last_number: int
    """The highest number of a deployment; 0 if there is none."""
    retirements: Mapping[LaneKey, tuple[datetime, ...]] = field(default_factory=dict)
    """When each lane was retired."""
    redeployed_at: Mapping[UUID, datetime] = field(default_factory=dict)
    """When each deployment that rolled another one back went live, by its id."""


class DeploymentBatch(NamedTuple):
    """Some of the deployments of an export, by number."""

    deployments: Sequence[Deployment]
    after: int
    """The number after which the next batch begins."""


class ProvenEvent(NamedTuple):
    """An event with the proof (RFC 6962) that it is one of the first events of the log."""

    event: EventFields
    proof: Sequence[bytes]


class AuditReads(Protocol):
    """The reads of auditors. They take long, and other requests continue meanwhile."""

    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and everything that is stored against it.

        `checkpoints` are earlier tree heads of this log. Raises `ReadTimedOut` after ten minutes.
        """
        ...

    async def export_bounds(self) -> ExportBounds:
        """Return the bounds of an export that begins now."""
        ...

    async def export_deployments(
        self, criteria: ExportFilter, *, after: int, last: int
    ) -> DeploymentBatch:
        """Return the next deployments with numbers above `after`, up to `last`.

        A batch can be empty before the end, which is reached when its `after` is `last`.
        """
        ...

    async def export_events(self, *, after: int, tree_size: int) -> Sequence[ProvenEvent]:
        """Return the next of the first `tree_size` events, with their proofs; none at the end."""
        ...

    async def export_events_of(
        self, numbers: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return those of the first `tree_size` events that belong to these deployments.

        They are ordered by deployment and `seq`. The events of imports are not included.
        """
        ...

    async def export_events_by_seq(
        self, seqs: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return events by `seq`; all of them must be among the first `tree_size`."""
        ...
