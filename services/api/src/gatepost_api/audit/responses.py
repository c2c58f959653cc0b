"""Responses of the auditor operations."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from gatepost_api.schemas.base import ResponseModel
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.ports.audit import VerificationResult


class Fault(ResponseModel):
    """A contradiction between the event log and the stored data, or within the log itself."""

    code: str
    """A stable code for the kind of fault."""
    table: str
    """The database table in which the fault was found."""
    subject: str
    """What the fault is about, such as `DEP-42`, `event 17` or `shop in production`."""
    field: str | None
    """The database column that has the fault. Null if the fault does not concern a single
    column."""
    detail: str
    """The stored value and the expected value, in words."""


class Verification(ResponseModel):
    """The result of verifying the event log and comparing all stored data with it."""

    ok: bool
    """Whether verification found no faults."""
    events: int
    """The number of events before the first faulty one; the number of all events if none is
    faulty."""
    faults: list[Fault]
    """The faults, at most about a thousand; verification stops when that number is reached."""
    notices: list[Fault]
    """Findings that are unusual but do not prove tampering, such as a clock that was set back."""
    checkpoint: str | None
    """The signed checkpoint of the verified events. Null if there are faults."""

    @classmethod
    def from_domain(cls, result: VerificationResult, signer: CheckpointSigner | None) -> Self:
        """Map a result to its response; without a signer, the response has no checkpoint."""
        is_intact = not result.faults
        return cls(
            ok=is_intact,
            events=result.events,
            faults=[Fault(**asdict(fault)) for fault in result.faults],
            notices=[Fault(**asdict(notice)) for notice in result.notices],
            checkpoint=signer.sign(result.events, result.root) if signer and is_intact else None,
        )


class InclusionProof(ResponseModel):
    """The proof that an event is part of the log, as in RFC 6962."""

    index: int
    """The position of the event in the tree, counted from 0: its `seq` minus 1."""
    size: int
    """The number of events in the tree."""
    leaf_hash: str
    """SHA-256, in Base64, of a zero byte and the 32 bytes of the event's `hash`."""
    hashes: list[str]
    """The audit path, in Base64: the hashes to combine with the leaf, from the leaf up to the
    root."""
    root: str
    """The root hash of the tree, in Base64, which must result from the leaf and the path."""
    checkpoint: str
    """The signed checkpoint of the tree with this size and root hash."""


class ConsistencyProof(ResponseModel):
    """The proof that a later log contains an earlier one unchanged, as in RFC 6962."""

    old_size: int
    """The number of events in the earlier tree."""
    size: int
    """The number of events in the later tree."""
    hashes: list[str]
    """The proof, in Base64."""
    old_root: str
    """The root hash of the earlier tree, in Base64."""
    root: str
    """The root hash of the later tree, in Base64."""
    checkpoint: str
    """The signed checkpoint of the later tree."""
