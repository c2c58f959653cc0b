"""Responses for what proves evidence: recorded state, hashes, proofs and signatures."""

from __future__ import annotations

from typing import Any, Self

from gatepost_api.evidence.offline.document_format import RULES
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.audit import evidence as domain
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.recorded_rows import row_digest


class RecordedState(ResponseModel):
    """The deployment as stored, in the form from which the digest in events is computed."""

    columns: dict[str, Any]
    """The columns that are not null. Lists and objects are JSON text."""
    digest: str
    """The SHA-256 digest of `columns`."""
    event: int | None
    """The `seq` of the event that recorded the digest. Null for imported rows, and for deployments
    last changed by a version of Gatepost that did not record digests."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the recorded columns in domain evidence to their response."""
        entry = evidence.state_digest_entry()
        return cls(
            columns=dict(evidence.state),
            digest=row_digest(evidence.state),
            event=None if entry is None else entry.seq,
        )


class EventInclusion(ResponseModel):
    """The proof (RFC 6962) that an event is part of the log that the checkpoint covers."""

    seq: int
    """The `seq` of the event."""
    index: int
    """The position of the event in the tree, counted from 0: its `seq` minus 1."""
    hashes: list[str]
    """The audit path, in Base64: the hashes to combine with the leaf, from the leaf up to the
    root."""


class SignedCheckpoint(ResponseModel):
    """A signed statement of the number of events and the root hash of their tree."""

    note: str
    """The checkpoint as a signed note (C2SP `tlog-checkpoint`)."""
    public_key: str
    """The public key of the signature, as `NAME+ID+BASE64`. Auditors should not rely on this copy,
    but ask the operator for the key."""


class EnvelopeSignature(ResponseModel):
    """A signature of an envelope."""

    keyid: str
    """The id of the public key, in hexadecimal. It is only a hint, because it is not signed."""
    sig: bytes
    """The Ed25519 signature, in Base64."""


class SignedEnvelope(ResponseModel, rename={"payload_type": "payloadType"}):
    """Evidence as an in-toto statement, signed as a whole (DSSE)."""

    payload: bytes
    """The statement, in Base64. Its predicate is the evidence."""
    payload_type: str
    """The media type of the payload, `application/vnd.in-toto+json`."""
    signatures: list[EnvelopeSignature]
    """The signatures of the payload."""


class EvidenceChain(ResponseModel):
    """How each hash is computed, and the end of the event log."""

    event_rule: str
    """How the hash of an event is computed."""
    chain_rule: str
    """How the hashes of the events are chained."""
    consent_rule: str
    """How the digest in `consent` is computed."""
    steps_rule: str
    """How the digest in `steps` is computed."""
    state_rule: str
    """How the digest in `state` is computed."""
    tree_rule: str
    """How the root hash of the log is computed."""
    events: int
    """The number of events in this document."""
    deployment_hash: str
    """The hash of the deployment's last event. 64 zeros if the deployment has no events of its
    own."""
    last_seq: int
    """The `seq` of the latest event at the time of the export. Together with `last_hash`, it
    forms a checkpoint that can be compared with a stored one."""
    last_hash: str
    """The hash of the event with the `seq` in `last_seq`."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the hashes in domain evidence to their response."""
        deployment_hashes = [
            entry.hash for entry in evidence.entries if entry.event.deployment_id is not None
        ]
        return cls(
            **RULES,
            events=len(evidence.entries),
            deployment_hash=deployment_hashes[-1] if deployment_hashes else GENESIS_HASH,
            last_seq=evidence.last_entry.seq,
            last_hash=evidence.last_entry.hash,
        )
