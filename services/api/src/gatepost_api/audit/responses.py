"""Responses of the operations of auditors."""

from __future__ import annotations

from gatepost_api.schemas.base import ResponseModel


class InclusionProof(ResponseModel):
    """The proof that an event is part of the log, after RFC 6962."""

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
    """The proof that a later log contains an earlier one unchanged, after RFC 6962."""

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
