"""Decoding a delivery's payload, and reading it with its source's reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NoReturn, cast
from urllib.parse import parse_qs

from gatepost_domain.ingest.cdevents import event_id_of, event_type_of, read_cdevent
from gatepost_domain.ingest.generic import (
    find_mapped_delivery_id,
    mapping_of,
    read_mapped_payload,
)
from gatepost_domain.ingest.github import read_github_payload
from gatepost_domain.ingest.gitlab import read_gitlab_payload
from gatepost_domain.ingest.payload_interpretation import PayloadContent
from gatepost_domain.ingest.payload_values import MappingFault, Payload
from gatepost_domain.ingest.source import IngestSourceKind, SourceSettings

_FORM: Final = "application/x-www-form-urlencoded"
_MAX_FORM_FIELDS: Final = 10
_MAX_DIGITS: Final = 400
"""Longer numbers are read as text, because converting them takes quadratic time."""


class UnreadablePayload(ValueError):
    """The body is not a JSON object; the message explains why."""


def decode_payload(body: bytes, content_type: str) -> Payload:
    """Return the JSON object in a body; GitHub can also send it in the form field `payload`.

    Raises:
        UnreadablePayload: the body is not a JSON object.
    """
    if content_type.partition(";")[0].strip().lower() == _FORM:
        body = _read_payload_field(body)
    try:
        decoded = json.loads(
            body.decode("utf-8-sig"), parse_int=_parse_integer, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise UnreadablePayload("The JSON is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise UnreadablePayload(
            f"The body is not valid UTF-8: the first error is at byte {error.start}."
        ) from None
    except json.JSONDecodeError as error:
        raise UnreadablePayload(
            f"The body is not valid JSON: the first error is in line {error.lineno}, column "
            f"{error.colno}."
        ) from None
    if not isinstance(decoded, Mapping):
        raise UnreadablePayload("The body must be a JSON object.")
    return cast("Payload", decoded)


def determine_event_type(kind: IngestSourceKind, payload: Payload, header: str | None) -> str:
    """Return the event's type, from a CDEvent or from a header."""
    if kind is IngestSourceKind.CDEVENTS:
        return event_type_of(payload) or header or "unknown"
    return header or str(kind)


def find_delivery_id(
    kind: IngestSourceKind, payload: Payload, settings: SourceSettings
) -> str | None:
    """Return the delivery id contained in the payload itself, or None."""
    if kind is IngestSourceKind.CDEVENTS:
        return event_id_of(payload)
    return find_mapped_delivery_id(payload, mapping_of(kind, settings))


def read_payload(
    kind: IngestSourceKind,
    payload: Payload,
    settings: SourceSettings,
    *,
    event: str,
    delivery_id: str,
) -> PayloadContent:
    """Return the deployment that a payload reports, or why it is not recorded.

    Raises:
        MappingFault: the payload lacks what a record needs.
    """
    match kind:
        case IngestSourceKind.GITHUB:
            return read_github_payload(payload, event, settings)
        case IngestSourceKind.GITLAB:
            return read_gitlab_payload(payload, event, settings)
        case IngestSourceKind.CDEVENTS:
            return read_cdevent(payload)
        case IngestSourceKind.ARGOCD | IngestSourceKind.GENERIC:
            mapping = mapping_of(kind, settings)
            if mapping is None:
                raise MappingFault("The settings of the source have no `mapping`; add it.")
            return read_mapped_payload(payload, mapping, source=kind, delivery_id=delivery_id)


def _read_payload_field(body: bytes) -> bytes:
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FORM_FIELDS)
    except ValueError:
        raise UnreadablePayload("The form has too many fields.") from None
    values = fields.get("payload")
    if not values:
        raise UnreadablePayload("The form has no field `payload`.")
    return values[0].encode()


def _parse_integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadablePayload(f"The body is not valid JSON: JSON does not allow {name}.")
