"""Reading payloads of any shape, using a mapping of JSON pointers from the settings."""

from __future__ import annotations

from typing import Final

from gatepost_domain.ingest.json_pointer import resolve_pointer
from gatepost_domain.ingest.payload_interpretation import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
)
from gatepost_domain.ingest.payload_times import parse_payload_time
from gatepost_domain.ingest.payload_values import (
    MappingFault,
    Payload,
    bounded_id,
    commit_at,
    is_version_name,
    short_line,
    to_line,
)
from gatepost_domain.ingest.source import (
    IngestMapping,
    IngestSourceKind,
    MappedOutcome,
    SourceSettings,
)

ARGOCD_MAPPING: Final = IngestMapping(
    service="/service",
    environment="/environment",
    version="/version",
    status="/phase",
    deployed_at="/finished_at",
    deployed_by="/initiated_by",
    commit_sha="/revision",
    notes="/message",
    status_map={
        "Succeeded": MappedOutcome.SUCCEEDED,
        "Failed": MappedOutcome.FAILED,
        "Error": MappedOutcome.FAILED,
        "Running": MappedOutcome.IGNORED,
        "Terminating": MappedOutcome.IGNORED,
    },
)
"""The default mapping for Argo CD; it matches the notification template in docs/ingest.md."""

USUAL_OUTCOMES: Final = {
    "succeeded": MappedOutcome.SUCCEEDED,
    "success": MappedOutcome.SUCCEEDED,
    "successful": MappedOutcome.SUCCEEDED,
    "failed": MappedOutcome.FAILED,
    "failure": MappedOutcome.FAILED,
    "error": MappedOutcome.FAILED,
}
"""Maps common status words to their default outcomes."""


def mapping_of(kind: IngestSourceKind, settings: SourceSettings) -> IngestMapping | None:
    """Return the mapping in the settings, else the default for the kind of source, else None."""
    if settings.mapping is not None:
        return settings.mapping
    return ARGOCD_MAPPING if kind is IngestSourceKind.ARGOCD else None


def read_mapped_payload(
    payload: object, mapping: IngestMapping, *, source: IngestSourceKind, delivery_id: str
) -> PayloadContent:
    """Return the deployment that a payload reports, or why it is not recorded.

    Raises:
        MappingFault: a pointer leads to nothing, or a value cannot be used.
    """
    outcome = _read_outcome(payload, mapping)
    if isinstance(outcome, Unrecorded):
        return outcome
    version = _require_text(payload, mapping.version, "version")
    if not is_version_name(version):
        raise MappingFault(
            f"{short_line(version)!r} cannot be a version: it must have at most 200 characters, "
            "without white space."
        )
    external_id = _find_text(payload, mapping.external_id) or delivery_id
    deployed_at = _find_value(payload, mapping.deployed_at)
    return ReportedDeployment(
        service=_require_text(payload, mapping.service, "service"),
        environment=_require_text(payload, mapping.environment, "environment"),
        versions=(version,),
        commit_sha=commit_at({"sha": _find_text(payload, mapping.commit_sha)}, "sha"),
        deployed_at=parse_payload_time(deployed_at, name=mapping.deployed_at or "deployed_at"),
        person=_find_text(payload, mapping.deployed_by),
        external_id=bounded_id(f"{source}/{external_id}"),
        has_failed=outcome is MappedOutcome.FAILED,
        notes=_find_text(payload, mapping.notes),
    )


def find_mapped_delivery_id(payload: Payload, mapping: IngestMapping | None) -> str | None:
    """Return the delivery id contained in the payload, or None."""
    return None if mapping is None else _find_text(payload, mapping.delivery_id)


def _read_outcome(payload: object, mapping: IngestMapping) -> MappedOutcome | Unrecorded:
    """Return whether the deployment succeeded or failed, or why nothing is recorded."""
    if mapping.status is None:
        return MappedOutcome.SUCCEEDED
    status = _require_text(payload, mapping.status, "status")
    outcomes = {text.casefold(): outcome for text, outcome in mapping.status_map.items()}
    known = outcomes or USUAL_OUTCOMES
    outcome = known.get(status.casefold())
    shown = short_line(status)
    if outcome is None:
        raise MappingFault(
            f"The status {shown!r} is not in `mapping.status_map` in the settings; add it."
        )
    if outcome is MappedOutcome.IGNORED:
        return Unrecorded(reason=f"The settings ignore the status {shown}.")
    return outcome


def _require_text(payload: object, pointer: str, name: str) -> str:
    found = _find_text(payload, pointer)
    if found is None:
        raise MappingFault(
            f"The payload has no text at {pointer}, where the mapping expects the {name}. Change "
            f"`mapping.{name}` in the settings, or the payload."
        )
    return found


def _find_text(payload: object, pointer: str | None) -> str | None:
    return to_line(_find_value(payload, pointer))


def _find_value(payload: object, pointer: str | None) -> object:
    """Return the value at a pointer, or the text itself if it is not a pointer."""
    if pointer is None or not pointer.startswith("/"):
        return pointer
    return resolve_pointer(payload, pointer)
