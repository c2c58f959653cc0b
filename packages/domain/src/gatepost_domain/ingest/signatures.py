"""Verifying that the sender of a delivery knows the source's secret."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from gatepost_domain.errors import Refusal
from gatepost_domain.ingest.source import (
    FIXED_SCHEMES,
    OWN_HEADERS,
    OWN_SCHEMES,
    IngestSignature,
    IngestSource,
    IngestSourceKind,
)

TIMESTAMP_TOLERANCE: Final = timedelta(minutes=5)
"""The maximum difference between a delivery's timestamp and now (Standard Webhooks)."""

_ID, _TIMESTAMP, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_SECONDS: Final = re.compile("[0-9]{1,12}")
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # the prefix of secrets
_MAX_SIGNATURES: Final = 10
"""The maximum number of signatures checked per delivery; a rotated secret needs two."""


class InvalidSignature(Refusal):
    """The delivery does not prove that its sender knows the secret; the message explains why."""

    code = "invalid_signature"


def scheme_of(source: IngestSource) -> IngestSignature:
    """Return a source's signature scheme."""
    if source.kind in FIXED_SCHEMES:
        return OWN_SCHEMES[source.kind]
    return source.settings.signature or OWN_SCHEMES[source.kind]


def header_of(source: IngestSource) -> str:
    """Return the name of the header that contains a source's HMAC or token."""
    if source.kind in FIXED_SCHEMES:
        return OWN_HEADERS[source.kind]
    return source.settings.signature_header or OWN_HEADERS[source.kind]


def verify_signature(
    source: IngestSource, headers: Mapping[str, str], body: bytes, at: datetime
) -> None:
    """Verify a delivery's signature. The header names must be in lowercase.

    For GitLab, the signature is verified if there is one, and the token if there is none.

    Raises:
        InvalidSignature: the signature is missing or wrong, or the timestamp is not within five
            minutes.
    """
    scheme, header = scheme_of(source), header_of(source)
    is_signed_by_gitlab = source.kind is IngestSourceKind.GITLAB and _SIGNATURE in headers
    if scheme is IngestSignature.STANDARD_WEBHOOKS or is_signed_by_gitlab:
        _verify_standard_webhook(source.secret, headers, body, at)
        return
    sent = headers.get(header.lower())
    if sent is None:
        raise InvalidSignature(f"The header {header} is missing. {_remedy(source)}")
    if scheme is IngestSignature.TOKEN:
        is_valid = _is_same(sent.removeprefix("Bearer "), source.secret)
    else:
        is_valid = _matches_hmac(sent, source.secret, body)
    if not is_valid:
        raise InvalidSignature(f"The header {header} does not match the secret. {_remedy(source)}")


def _verify_standard_webhook(
    secret: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> None:
    missing = [name for name in (_ID, _TIMESTAMP, _SIGNATURE) if name not in headers]
    if missing:
        raise InvalidSignature(f"These headers are missing: {', '.join(missing)}.")
    timestamp = headers[_TIMESTAMP]
    sent_at_s = int(timestamp) if _SECONDS.fullmatch(timestamp) else None
    if sent_at_s is None or abs(at.timestamp() - sent_at_s) > TIMESTAMP_TOLERANCE.total_seconds():
        raise InvalidSignature(
            f"The header {_TIMESTAMP} is not within five minutes of the server's clock. Check both "
            "clocks; a delivery that is sent again needs a new timestamp and signature."
        )
    signed = b".".join((headers[_ID].encode("latin-1"), timestamp.encode(), body))
    expected = [
        b64encode(hmac.digest(key, signed, sha256)).decode()
        for key in _standard_webhook_keys(secret)
    ]
    for sent in headers[_SIGNATURE].split()[:_MAX_SIGNATURES]:
        version, _, signature = sent.partition(",")
        if version == "v1" and any(_is_same(signature, each) for each in expected):
            return
    raise InvalidSignature(f"The header {_SIGNATURE} does not match the secret.")


def _standard_webhook_keys(secret: str) -> list[bytes]:
    """Return the possible keys: decoded Base64 after `whsec_`, if valid, and the secret itself."""
    if not secret.startswith(_SECRET_PREFIX):
        return [secret.encode()]
    try:
        return [b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True), secret.encode()]
    except ValueError:
        return [secret.encode()]


def _matches_hmac(sent: str, secret: str, body: bytes) -> bool:
    expected = hmac.digest(secret.encode(), body, sha256).hex()
    return _is_same(sent.strip().lower().removeprefix("sha256="), expected)


def _is_same(one: str, other: str) -> bool:
    """Return whether two texts are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _remedy(source: IngestSource) -> str:
    return (
        f"Set the same secret at the sender and with `PUT /ingest/{source.kind}`; the signature is "
        "computed over the body exactly as it is sent."
    )
