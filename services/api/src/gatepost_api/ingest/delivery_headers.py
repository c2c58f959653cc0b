"""Reading the headers that identify a delivery and its event type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from gatepost_api.http.problems import BadInput
from gatepost_domain.ingest.payload_parser import determine_event_type, find_delivery_id
from gatepost_domain.ingest.payload_values import Payload
from gatepost_domain.ingest.signatures import scheme_of
from gatepost_domain.ingest.source import IngestSignature, IngestSource, IngestSourceKind

_EVENT_HEADERS: Final[Mapping[IngestSourceKind, str]] = {
    IngestSourceKind.GITHUB: "X-GitHub-Event",
    IngestSourceKind.GITLAB: "X-Gitlab-Event",
    IngestSourceKind.CDEVENTS: "ce-type",
}
"""The header with the event type, for each source that has one."""
_REQUIRED: Final = frozenset({IngestSourceKind.GITHUB})
"""The sources whose payload does not contain the event type, so the header is required."""
_ID_HEADERS: Final[Mapping[IngestSourceKind, tuple[str, ...]]] = {
    IngestSourceKind.GITHUB: ("X-GitHub-Delivery",),
    IngestSourceKind.GITLAB: ("Idempotency-Key", "webhook-id", "X-Gitlab-Event-UUID"),
    IngestSourceKind.CDEVENTS: (),
    IngestSourceKind.ARGOCD: ("X-Delivery-Id", "Idempotency-Key"),
    IngestSourceKind.GENERIC: ("X-Delivery-Id", "Idempotency-Key"),
}
"""The headers with the delivery id, in order of precedence."""
_SIGNED_ID: Final = "webhook-id"
"""The header with the delivery id that Standard Webhooks signs."""
_HEADER_VALUE: Final = re.compile("[!-~]([ -~]{0,198}[!-~])?")


def read_event_type(source: IngestSource, headers: Mapping[str, str], payload: Payload) -> str:
    """Return the event type.

    Raises:
        BadInput: the header with the event type is missing, or is not text of up to 200 characters.
    """
    header = _EVENT_HEADERS.get(source.kind)
    value = None if header is None else _find_header(headers, header)
    if value is None and header is not None and source.kind in _REQUIRED:
        raise _bad_header(header, f"The header {header} is missing.")
    return determine_event_type(source.kind, payload, value)


def read_delivery_id(
    source: IngestSource, headers: Mapping[str, str], payload: Payload, body: bytes
) -> str:
    """Return the delivery id: from the payload or a header, or else the digest of the body.

    Raises:
        BadInput: the header with the id is not text of up to 200 characters.
    """
    is_signed = scheme_of(source) is IngestSignature.STANDARD_WEBHOOKS
    names = (*((_SIGNED_ID,) if is_signed else ()), *_ID_HEADERS[source.kind])
    found = find_delivery_id(source.kind, payload, source.settings)
    for name in names:
        found = found or _find_header(headers, name)
    return found or f"sha256:{sha256(body).hexdigest()}"


def _find_header(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name.lower())
    if value is not None and _HEADER_VALUE.fullmatch(value) is None:
        raise _bad_header(
            name, f"The header {name} must be text of 1 to 200 printable ASCII characters."
        )
    return value


def _bad_header(name: str, detail: str) -> BadInput:
    return BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"header/{name}", detail)
