"""Signed envelopes (DSSE 1.0) around evidence in an in-toto statement (Statement v1)."""

from __future__ import annotations

import json
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from gatepost_api.evidence.offline.document_format import PREDICATE_TYPE

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"

_PREDICATE_START: Final = b',"predicate":'
_DIGEST: Final = re.compile("(sha256|sha384|sha512):([0-9A-Fa-f]+)")
"""An artifact digest in the notation of OCI registries, with one of the usual algorithms."""


class MalformedEnvelope(ValueError):
    """The document is not an envelope with a statement about evidence."""


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes to sign: `PAE(payload_type, payload)` in the specification."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def subject_of(deployment: Mapping[str, Any], predicate: bytes) -> Mapping[str, Any]:
    """Return the subject of a statement: the deployed artifact or, if unknown, the evidence."""
    digest = _DIGEST.fullmatch(deployment["artifact_digest"] or "")
    if digest is not None:
        name = f"{deployment['service']}/{deployment['version']}"
        return {"name": name, "digest": {digest[1]: digest[2].lower()}}
    name = f"{deployment['number']}/evidence.json"
    return {"name": name, "digest": {"sha256": sha256(predicate).hexdigest()}}


def build_statement(deployment: Mapping[str, Any], predicate: bytes) -> bytes:
    """Return the statement about a deployment; its last member is the evidence, byte for byte."""
    start = {
        "_type": STATEMENT_TYPE,
        "subject": [subject_of(deployment, predicate)],
        "predicateType": PREDICATE_TYPE,
    }
    text = json.dumps(start, separators=(",", ":"), ensure_ascii=False)
    return text[:-1].encode() + _PREDICATE_START + predicate + b"}"


def payload_of(envelope: Mapping[str, Any]) -> bytes:
    """Return the payload of an envelope.

    Raises:
        MalformedEnvelope: the envelope has no payload, or one of another type.
    """
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        raise MalformedEnvelope(f"The payloadType must be {PAYLOAD_TYPE}.")
    return from_base64(envelope.get("payload"), "payload")


def signatures_of(envelope: Mapping[str, Any]) -> list[bytes]:
    """Return the signatures of an envelope, ignoring key ids, which are only hints.

    Raises:
        MalformedEnvelope: the envelope has no signatures, or one that is not in Base64.
    """
    signatures = envelope.get("signatures")
    if not isinstance(signatures, list) or not signatures:
        raise MalformedEnvelope("The envelope has no signatures.")
    return [from_base64(signature.get("sig"), "sig") for signature in signatures]


def from_base64(text: object, field: str) -> bytes:
    """Decode a text in standard or URL-safe Base64, both of which DSSE allows.

    Raises:
        MalformedEnvelope: the text is in neither encoding.
    """
    if not isinstance(text, str):
        raise MalformedEnvelope(f"The field {field} is missing.")
    try:
        if "-" in text or "_" in text:
            return urlsafe_b64decode(text)
        return b64decode(text, validate=True)
    except ValueError:
        raise MalformedEnvelope(f"The field {field} is not in Base64.") from None


def predicate_of(payload: bytes) -> bytes:
    """Return the evidence within a statement, byte for byte.

    Raises:
        MalformedEnvelope: the statement does not end with the evidence.
    """
    _, start, rest = payload.partition(_PREDICATE_START)
    if not start or not rest.endswith(b"}"):
        raise MalformedEnvelope("The last member of the statement must be its predicate.")
    return rest[:-1]


def find_statement_faults(statement: Mapping[str, Any], predicate: bytes) -> list[str]:
    """Return what is wrong with a statement about this evidence."""
    deployment = statement["predicate"]["deployment"]
    expected = {
        "_type": STATEMENT_TYPE,
        "subject": [subject_of(deployment, predicate)],
        "predicateType": PREDICATE_TYPE,
    }
    return [
        f"The {name} of the statement is {statement.get(name)!r}, but must be {value!r}."
        for name, value in expected.items()
        if statement.get(name) != value
    ]
