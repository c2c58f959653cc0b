"""Reading GitHub's webhook payloads about deployments and runs of deploying workflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gatepost_domain.ingest.github_values import external_id, login_issuer, repository_identifiers
from gatepost_domain.ingest.github_waiting_jobs import read_waiting_job
from gatepost_domain.ingest.payload_interpretation import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
)
from gatepost_domain.ingest.payload_times import parse_payload_time
from gatepost_domain.ingest.payload_values import (
    MappingFault,
    Payload,
    commit_at,
    short_line,
    text_at,
    value_at,
)
from gatepost_domain.ingest.source import SourceSettings
from gatepost_domain.ingest.version_names import distinct_valid_names, names_from_ref

_FAILED_STATES: Final = frozenset({"failure", "error"})
"""The states of a deployment status after which the deployment is recorded as failed."""
_FAILED_CONCLUSIONS: Final = frozenset({"failure", "timed_out", "startup_failure"})
"""The conclusions of a workflow run after which a deployment is recorded as failed."""

_STATUS_REASONS: Final = {
    "inactive": "GitHub reports that a later deployment replaced this one. The later deployment is "
    "recorded when it succeeds.",
}


def read_github_payload(payload: Payload, event: str, settings: SourceSettings) -> PayloadContent:
    """Return the deployment that a payload reports, or why it is not recorded.

    `event` is the value of the header `X-GitHub-Event`.

    Raises:
        MappingFault: the payload lacks what a record needs.
    """
    read = _READERS.get(event)
    if read is None:
        return Unrecorded(reason=f"Gatepost does not use GitHub's event {event}.")
    return read(payload, settings)


def _read_ping(_: Payload, __: SourceSettings) -> PayloadContent:
    return Unrecorded(reason="GitHub's test delivery arrived: the webhook is set up.")


def _read_deployment(_: Payload, __: SourceSettings) -> PayloadContent:
    return Unrecorded(
        reason="GitHub created a deployment. It is recorded when it has succeeded or failed."
    )


def _read_deployment_status(payload: Payload, _: SourceSettings) -> PayloadContent:
    state = text_at(payload, "deployment_status", "state")
    if state is None:
        raise MappingFault("The payload has no deployment_status.state.")
    if state != "success" and state not in _FAILED_STATES:
        default = "The deployment has not ended. It is recorded when it has succeeded or failed."
        return Unrecorded(reason=_STATUS_REASONS.get(state, default))
    deployment = value_at(payload, "deployment")
    environment = text_at(payload, "deployment_status", "environment") or text_at(
        deployment, "environment"
    )
    number = text_at(deployment, "id")
    if environment is None or number is None:
        raise MappingFault("The payload has no deployment.id or no deployment.environment.")
    commit = commit_at(deployment, "sha")
    named = text_at(deployment, "payload", "version")
    return ReportedDeployment(
        service=text_at(deployment, "payload", "service"),
        repositories=repository_identifiers(payload),
        environment=environment,
        versions=distinct_valid_names((named, *names_from_ref(text_at(deployment, "ref"), commit))),
        commit_sha=commit,
        deployed_at=parse_payload_time(
            value_at(payload, "deployment_status", "created_at"),
            name="deployment_status.created_at",
        ),
        person=text_at(payload, "workflow_run", "triggering_actor", "login")
        or text_at(payload, "workflow_run", "actor", "login")
        or text_at(deployment, "creator", "login"),
        login_issuer=login_issuer(payload),
        external_id=external_id(payload, "deployment", number),
        has_failed=state in _FAILED_STATES,
        notes=text_at(deployment, "description"),
    )


def _read_workflow_run(payload: Payload, settings: SourceSettings) -> PayloadContent:
    run = value_at(payload, "workflow_run")
    name, path = text_at(run, "name"), text_at(run, "path")
    environment = _environment_of_workflow(settings.workflows, name, path)
    if environment is None:
        return Unrecorded(
            reason="In the settings, `workflows` contains no environment for the workflow "
            f"{name or path or '(none)'}."
        )
    if text_at(payload, "action") != "completed":
        return Unrecorded(reason="The workflow run has not ended.")
    conclusion = text_at(run, "conclusion") or "no conclusion"
    if conclusion != "success" and conclusion not in _FAILED_CONCLUSIONS:
        return Unrecorded(
            reason=f"The workflow run ended with {short_line(conclusion)}. Only deployments that "
            "succeeded or failed are recorded."
        )
    number = text_at(run, "id")
    if number is None:
        raise MappingFault("The payload has no workflow_run.id.")
    commit = commit_at(run, "head_sha")
    return ReportedDeployment(
        repositories=repository_identifiers(payload),
        environment=environment,
        versions=names_from_ref(text_at(run, "head_branch"), commit),
        commit_sha=commit,
        deployed_at=parse_payload_time(value_at(run, "updated_at"), name="workflow_run.updated_at"),
        person=text_at(run, "triggering_actor", "login") or text_at(run, "actor", "login"),
        login_issuer=login_issuer(payload),
        external_id=external_id(payload, "run", number),
        has_failed=conclusion in _FAILED_CONCLUSIONS,
        notes=text_at(run, "display_title"),
    )


def _environment_of_workflow(
    workflows: Mapping[str, str], name: str | None, path: str | None
) -> str | None:
    """Return the environment mapped to a workflow's name, or to its file's path or name."""
    file = (path or "").partition("@")[0]
    for key in (name, file, file.rpartition("/")[2]):
        if key and key in workflows:
            return workflows[key]
    return None


_READERS: Final[Mapping[str, Callable[[Payload, SourceSettings], PayloadContent]]] = {
    "ping": _read_ping,
    "deployment": _read_deployment,
    "deployment_status": _read_deployment_status,
    "deployment_protection_rule": read_waiting_job,
    "workflow_run": _read_workflow_run,
}
"""Maps each event to the function that reads it; all other events are ignored."""
