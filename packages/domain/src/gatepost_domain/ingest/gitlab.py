"""Reading GitLab's webhook payloads about deployments and deploying pipelines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from gatepost_domain.ingest.name_patterns import find_by_name_or_pattern
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
    text_at,
    to_line,
    value_at,
)
from gatepost_domain.ingest.source import SourceSettings
from gatepost_domain.ingest.version_names import names_from_ref

_DEFAULT_ISSUER: Final = "https://gitlab.com"
_FAILED: Final = "failed"
_RECORDED_STATUSES: Final = frozenset({"success", _FAILED})
"""The statuses of deployments and pipelines after which a deployment is recorded."""


def read_gitlab_payload(payload: Payload, event: str, settings: SourceSettings) -> PayloadContent:
    """Return the deployment that a payload reports, or why it is not recorded.

    `event` is the value of the header `X-Gitlab-Event`.

    Raises:
        MappingFault: the payload lacks what a record needs.
    """
    read = _READERS.get(text_at(payload, "object_kind") or "")
    if read is None:
        return Unrecorded(reason=f"Gatepost does not use GitLab's event {event}.")
    return read(payload, settings)


def _read_deployment(payload: Payload, _: SourceSettings) -> PayloadContent:
    status = text_at(payload, "status")
    if status not in _RECORDED_STATUSES:
        return _not_recorded("deployment", status)
    environment, number = text_at(payload, "environment"), text_at(payload, "deployment_id")
    if environment is None or number is None:
        raise MappingFault("The payload has no deployment_id or no environment.")
    commit = _commit_of_url(text_at(payload, "commit_url")) or commit_at(payload, "short_sha")
    return ReportedDeployment(
        repositories=_repositories(payload),
        environment=environment,
        versions=names_from_ref(text_at(payload, "ref"), commit),
        commit_sha=commit,
        deployed_at=parse_payload_time(
            value_at(payload, "status_changed_at"), name="status_changed_at"
        ),
        person=text_at(payload, "user", "username"),
        login_issuer=_login_issuer(payload),
        external_id=_external_id(payload, "deployment", number),
        has_failed=status == _FAILED,
        notes=text_at(payload, "commit_title"),
    )


def _read_pipeline(payload: Payload, settings: SourceSettings) -> PayloadContent:
    pipeline = value_at(payload, "object_attributes")
    ref, number = text_at(pipeline, "ref"), text_at(pipeline, "id")
    found = None if ref is None else find_by_name_or_pattern(settings.pipelines, ref)
    if found is None:
        return Unrecorded(
            reason="In the settings, `pipelines` contains no environment for pipelines of "
            f"{ref or '(no ref)'}."
        )
    if (status := text_at(pipeline, "status")) not in _RECORDED_STATUSES:
        return _not_recorded("pipeline", status)
    if number is None:
        raise MappingFault("The payload has no object_attributes.id.")
    commit = commit_at(pipeline, "sha")
    return ReportedDeployment(
        repositories=_repositories(payload),
        environment=found[0],
        versions=names_from_ref(ref, commit, is_tag=value_at(pipeline, "tag") is True),
        commit_sha=commit,
        deployed_at=parse_payload_time(
            value_at(pipeline, "finished_at"), name="object_attributes.finished_at"
        ),
        person=text_at(payload, "user", "username"),
        login_issuer=_login_issuer(payload),
        external_id=_external_id(payload, "pipeline", number),
        has_failed=status == _FAILED,
        notes=text_at(payload, "commit", "title"),
    )


def _not_recorded(what: str, status: str | None) -> Unrecorded:
    if status in {"canceled", "skipped"}:
        return Unrecorded(
            reason=f"GitLab reports that the {what} is {status}. Only deployments that succeeded "
            "or failed are recorded."
        )
    return Unrecorded(
        reason=f"The {what} has not ended. It is recorded when it has succeeded or failed."
    )


def _commit_of_url(url: str | None) -> str | None:
    """Return the full commit hash at the end of a commit's URL; None if there is none."""
    return None if url is None else commit_at({"sha": to_line(url.rpartition("/")[2])}, "sha")


def _repositories(payload: Payload) -> tuple[str, ...]:
    fields = ("path_with_namespace", "web_url", "git_http_url", "git_ssh_url")
    found = (text_at(payload, "project", field) for field in fields)
    return tuple(text for text in found if text is not None)


def _login_issuer(payload: Payload) -> str:
    try:
        parts = urlsplit(text_at(payload, "project", "web_url") or "")
    except ValueError:
        return _DEFAULT_ISSUER
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else _DEFAULT_ISSUER


def _external_id(payload: Payload, kind: str, number: str) -> str:
    project = text_at(payload, "project", "path_with_namespace") or "unknown"
    return bounded_id(f"gitlab/{project}/{kind}/{number}")


_READERS: Final[Mapping[str, Callable[[Payload, SourceSettings], PayloadContent]]] = {
    "deployment": _read_deployment,
    "pipeline": _read_pipeline,
}
"""Maps each `object_kind` to the function that reads it; all others are ignored."""
