"""Reading CDEvents about services, with a CloudEvents envelope (binary or structured) or none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, unquote

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
    short_line,
    text_at,
    value_at,
)
from gatepost_domain.ingest.version_names import distinct_valid_names

_DEPLOYED: Final = frozenset({"service.deployed", "service.upgraded", "service.rolledback"})
"""The event subjects and predicates that mean that the artifact runs in the environment. CDEvents
has no type for a failed deployment."""
_ROLLED_BACK: Final = "service.rolledback"
_TYPE: Final = re.compile(r"dev\.cdevents\.([a-z0-9]+\.[a-z0-9]+)\.[0-9]+\.[0-9]+\.[0-9]+.*")
_PACKAGE_URL: Final = re.compile(r"pkg:/*[^/]+/(?P<name>[^?#]+)(\?(?P<qualifiers>[^#]*))?(#.*)?")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def cdevent_of(payload: Payload) -> Payload:
    """Return a payload's CDEvent: the data of a structured CloudEvent, or the whole payload."""
    data = value_at(payload, "data")
    if "specversion" in payload and isinstance(data, Mapping):
        return data
    return payload


def event_type_of(payload: Payload) -> str | None:
    """Return the event's type, from its context."""
    return text_at(cdevent_of(payload), "context", "type") or text_at(payload, "type")


def event_id_of(payload: Payload) -> str | None:
    """Return an id built from the event's source, id and type.

    According to CDEvents, the source and the id together are unique, but some senders use one id
    for several events of a pipeline.
    """
    context = value_at(cdevent_of(payload), "context")
    id_, source = text_at(context, "id"), text_at(context, "source")
    if id_ is None:
        return None
    return bounded_id(" ".join(filter(None, (source, id_, event_type_of(payload)))))


def read_cdevent(payload: Payload) -> PayloadContent:
    """Return the deployment that a CDEvent reports, or why it is not recorded.

    Raises:
        MappingFault: the payload is not a CDEvent, or lacks what a record needs.
    """
    event = cdevent_of(payload)
    type_ = event_type_of(payload)
    if type_ is None:
        raise MappingFault("The payload has no context.type, so it is not a CDEvent.")
    match = _TYPE.fullmatch(type_)
    if match is None or match[1] not in _DEPLOYED:
        return Unrecorded(reason=f"Gatepost does not use CDEvents of the type {short_line(type_)}.")
    service = text_at(event, "subject", "id")
    environment = text_at(event, "subject", "content", "environment", "id")
    artifact = text_at(event, "subject", "content", "artifactId")
    id_ = event_id_of(payload)
    if service is None or environment is None or artifact is None or id_ is None:
        raise MappingFault(
            "The CDEvent lacks context.id, subject.id, subject.content.environment.id or "
            "subject.content.artifactId."
        )
    versions, digest = _version_names_and_digest(artifact)
    return ReportedDeployment(
        service=service,
        environment=environment,
        versions=versions,
        artifact_digest=digest,
        deployed_at=parse_payload_time(
            value_at(event, "context", "timestamp"), name="context.timestamp"
        ),
        external_id=bounded_id(f"cdevents/{id_}"),
        is_rollback=match[1] == _ROLLED_BACK,
    )


def _version_names_and_digest(artifact: str) -> tuple[tuple[str, ...], str | None]:
    """Return the possible names of an artifact's version, and the artifact's digest.

    The artifact is a package URL. If its version is the digest of an image, the qualifier `tag`
    contains the version.
    """
    match = _PACKAGE_URL.fullmatch(artifact)
    if match is None:
        return distinct_valid_names((artifact,)), None
    version = unquote(match["name"]).rpartition("@")[2] if "@" in unquote(match["name"]) else None
    tags = parse_qs(match["qualifiers"] or "").get("tag", [])
    if version is not None and _DIGEST.fullmatch(version):
        return distinct_valid_names((*tags, version)), version
    return distinct_valid_names((version, *tags)), None
