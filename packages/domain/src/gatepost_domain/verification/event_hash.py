"""The hash of an event: SHA-256 of its canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from json.encoder import encode_basestring

_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

canonical_text: Callable[[object], str] = _CANONICAL.encode
"""A function that returns JSON with sorted keys, without whitespace or unnecessary escapes."""


def canonical_json(value: object) -> bytes:
    """Return JSON in UTF-8 with sorted keys, without whitespace or unnecessary escapes."""
    return canonical_text(value).encode()


def event_hash(
    *,
    seq: int,
    deployment_id: str | None,
    kind: str,
    actor: str,
    on_behalf_of: str | None,
    at: str,
    from_status: str | None,
    to_status: str | None,
    stage: str | None,
    note: str | None,
    data: str,
    prev_hash: str,
    deployment_prev_hash: str | None,
) -> str:
    """Return the SHA-256, in lowercase hexadecimal, of the canonical JSON of an event.

    `data` must already be canonical JSON, and `at` must have six decimals. The result is the same
    as hashing `canonical_json` of the whole event, but takes a fifth of the time.
    """
    return hashlib.sha256(
        (
            f'{{"actor":{encode_basestring(actor)},"at":{encode_basestring(at)},"data":{data},'
            f'"deployment_id":{_quoted(deployment_id)},'
            f'"deployment_prev_hash":{_quoted(deployment_prev_hash)},'
            f'"from_status":{_quoted(from_status)},"kind":{encode_basestring(kind)},"note":{_quoted(note)},'
            f'"on_behalf_of":{_quoted(on_behalf_of)},"prev_hash":"{prev_hash}","seq":{seq},'
            f'"stage":{_quoted(stage)},"to_status":{_quoted(to_status)}}}'
        ).encode()
    ).hexdigest()


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)
