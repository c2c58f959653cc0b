"""Responses of the operations of auditors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from gatepost_api.schemas.base import ResponseModel
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.ports.audit import VerificationResult


class Fault(ResponseModel):
    """A contradiction between the event log and what is stored, or in the log itself."""

    code: str
    """A stable code for the kind of fault."""
    table: str
    """The table of the database."""
    subject: str
    """What the fault is about, such as `DEP-42`, `event 17` or `shop in production`."""
    field: str | None
    """The column. Null if no single column is meant."""
    detail: str
    """What is stored, and what should be."""


class Verification(ResponseModel):
    """The result of verifying the event log and everything stored against it."""

    ok: bool
    """Whether there are no faults."""
    events: int
    """The number of events up to the first broken one; all events if none is broken."""
    faults: list[Fault]
    """At most about a thousand faults; verification ends with the last one."""
    notices: list[Fault]
    """What looks unusual but does not prove tampering, such as a clock that was set back."""
    checkpoint: str | None
    """The signed checkpoint of these events. Null if there are faults: only what was verified is
    signed."""

    @classmethod
    def from_domain(cls, result: VerificationResult, signer: CheckpointSigner | None) -> Self:
        """Map a result to its response. Without a signer, there is no checkpoint."""
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
    """The audit path, in Base64, beginning beside the leaf."""
    root: str
    """The root hash of the tree, in Base64, to which leaf and path lead."""
    checkpoint: str
    """The signed checkpoint of this size and root."""


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
