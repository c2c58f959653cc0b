"""Reading GitHub's webhook payloads about deployments and runs of deploying workflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from gatepost_domain.ingest.payload_times import parse_payload_time
from gatepost_domain.ingest.payload_values import (
    MappingFault,
    Payload,
    commit_at,
    short_id,
    text_at,
    value_at,
)
from gatepost_domain.ingest.reported_deployment import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
)
from gatepost_domain.ingest.source import SourceSettings
from gatepost_domain.ingest.version_names import distinct_names, names_from_ref

_CLOUD_HOST: Final = "github.com"
_CLOUD_ISSUER: Final = "https://token.actions.githubusercontent.com"

_STATUS_REASONS: Final = {
    "failure": "GitHub reports that the deployment failed. Only deployments that succeeded are "
    "recorded.",
    "error": "GitHub reports an error in the deployment. Only deployments that succeeded are "
    "recorded.",
    "inactive": "GitHub reports that a later deployment replaced this one, which is recorded when "
    "it succeeds.",
}


def read_github_payload(payload: Payload, event: str, settings: SourceSettings) -> PayloadContent:
    """Return the deployment that a payload reports, or why it is not recorded.

    `event` is the value of the header `X-GitHub-Event`.

    Raises:
        MappingFault: the payload lacks what a record needs.
    """
    read = _READERS.get(event)
    if read is None:
        return Unrecorded(reason=f"Gatepost does not use the event {event} of GitHub.")
    return read(payload, settings)


def _read_ping(_: Payload, __: SourceSettings) -> PayloadContent:
    return Unrecorded(reason="GitHub's test delivery arrived: the webhook is set up.")


def _read_deployment(_: Payload, __: SourceSettings) -> PayloadContent:
    return Unrecorded(
        reason="GitHub created a deployment. It is recorded when its status is success."
    )


def _read_protection_rule(_: Payload, __: SourceSettings) -> PayloadContent:
    return Unrecorded(
        reason="Gatepost does not respond to deployment protection rules. Let the job wait with "
        "`gatepost wait` instead."
    )


def _read_deployment_status(payload: Payload, _: SourceSettings) -> PayloadContent:
    state = text_at(payload, "deployment_status", "state")
    if state is None:
        raise MappingFault("The payload has no deployment_status.state.")
    if state != "success":
        default = "The deployment has not ended. It is recorded when its status is success."
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
        repositories=_repositories(payload),
        environment=environment,
        versions=distinct_names((named, *names_from_ref(text_at(deployment, "ref"), commit))),
        commit_sha=commit,
        deployed_at=parse_payload_time(
            value_at(payload, "deployment_status", "created_at"),
            name="deployment_status.created_at",
        ),
        person=text_at(payload, "workflow_run", "triggering_actor", "login")
        or text_at(payload, "workflow_run", "actor", "login")
        or text_at(deployment, "creator", "login"),
        login_issuer=_login_issuer(payload),
        external_id=_external_id(payload, "deployment", number),
        notes=text_at(deployment, "description"),
    )


def _read_workflow_run(payload: Payload, settings: SourceSettings) -> PayloadContent:
    run = value_at(payload, "workflow_run")
    name, path = text_at(run, "name"), text_at(run, "path")
    environment = _environment_of_workflow(settings.workflows, name, path)
    if environment is None:
        return Unrecorded(
            reason=f"The settings name no environment for the workflow {name or path or '(none)'} "
            "in `workflows`."
        )
    if text_at(payload, "action") != "completed":
        return Unrecorded(reason="The workflow run has not ended.")
    if text_at(run, "conclusion") != "success":
        conclusion = text_at(run, "conclusion") or "no conclusion"
        return Unrecorded(
            reason=f"The workflow run ended with {conclusion}. Only deployments that succeeded are "
            "recorded."
        )
    number = text_at(run, "id")
    if number is None:
        raise MappingFault("The payload has no workflow_run.id.")
    commit = commit_at(run, "head_sha")
    return ReportedDeployment(
        repositories=_repositories(payload),
        environment=environment,
        versions=names_from_ref(text_at(run, "head_branch"), commit),
        commit_sha=commit,
        deployed_at=parse_payload_time(value_at(run, "updated_at"), name="workflow_run.updated_at"),
        person=text_at(run, "triggering_actor", "login") or text_at(run, "actor", "login"),
        login_issuer=_login_issuer(payload),
        external_id=_external_id(payload, "run", number),
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


def _repositories(payload: Payload) -> tuple[str, ...]:
    fields = ("full_name", "html_url", "clone_url", "ssh_url")
    found = (text_at(payload, "repository", field) for field in fields)
    return tuple(text for text in found if text is not None)


def _login_issuer(payload: Payload) -> str:
    try:
        host = urlsplit(text_at(payload, "repository", "html_url") or "").hostname
    except ValueError:
        host = None
    if host is None or host == _CLOUD_HOST:
        return _CLOUD_ISSUER
    return f"https://{host}/_services/token"


def _external_id(payload: Payload, kind: str, number: str) -> str:
    repository = text_at(payload, "repository", "full_name") or "unknown"
    return short_id(f"github/{repository}/{kind}/{number}")


_READERS: Final[Mapping[str, Callable[[Payload, SourceSettings], PayloadContent]]] = {
    "ping": _read_ping,
    "deployment": _read_deployment,
    "deployment_status": _read_deployment_status,
    "deployment_protection_rule": _read_protection_rule,
    "workflow_run": _read_workflow_run,
}
"""Maps each event to the function that reads it; all other events are ignored."""
