"""Reading GitHub's payloads about jobs that wait for a deployment protection rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from gatepost_domain.catalog.target_urls import faults_of_url
from gatepost_domain.ingest.github_values import external_id, login_issuer, repository_identifiers
from gatepost_domain.ingest.payload_interpretation import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
    WaitingJob,
)
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

MAX_PULL_REQUESTS: Final = 10
"""The maximum number of pull requests that are used as work references."""

_CALLBACK: Final = re.compile(
    r"https?://\S+/actions/runs/(?P<run>[0-9]+)/deployment_protection_rule"
)


def read_waiting_job(payload: Payload, settings: SourceSettings) -> PayloadContent:
    """Return the waiting job, or why no deployment is requested for it.

    Raises:
        MappingFault: the payload lacks a value that the request or the answer needs.
    """
    if settings.requests is None:
        return Unrecorded(
            reason="The settings have no `requests`, so Gatepost does not respond to deployment "
            "protection rules."
        )
    if (action := text_at(payload, "action")) not in {None, "requested"}:
        return Unrecorded(reason=f"Gatepost does not use the action {short_line(action or '')}.")
    environment = text_at(payload, "environment")
    number = text_at(payload, "deployment", "id")
    if environment is None or number is None:
        raise MappingFault("The payload has no environment or no deployment.id.")
    callback_url, run = _callback_of(payload)
    deployment = value_at(payload, "deployment")
    commit = commit_at(deployment, "sha") or commit_at(payload, "sha")
    ref = text_at(deployment, "ref") or text_at(payload, "ref")
    named = text_at(deployment, "payload", "version")
    return WaitingJob(
        deployment=ReportedDeployment(
            service=text_at(deployment, "payload", "service"),
            repositories=repository_identifiers(payload),
            environment=environment,
            versions=distinct_valid_names((named, *names_from_ref(ref, commit))),
            commit_sha=commit,
            person=text_at(payload, "sender", "login") or text_at(deployment, "creator", "login"),
            login_issuer=login_issuer(payload),
            external_id=external_id(payload, "deployment", number),
            notes=text_at(deployment, "description"),
        ),
        environment_name=environment,
        callback_url=callback_url,
        installation=_installation_of(payload),
        work_references=tuple(_work_references(payload, run)),
    )


def _callback_of(payload: Payload) -> tuple[str, str]:
    """Return the callback URL, and the id of the workflow run in it."""
    url = text_at(payload, "deployment_callback_url") or ""
    match = _CALLBACK.fullmatch(url)
    if match is None or any(faults_of_url("deployment_callback_url", url)):
        raise MappingFault(
            "The payload has no deployment_callback_url that ends with "
            "/actions/runs/ID/deployment_protection_rule."
        )
    return url, match["run"]


def _installation_of(payload: Payload) -> int:
    number = value_at(payload, "installation", "id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        raise MappingFault(
            "The payload has no installation.id, so it is not from a GitHub App. Subscribe the App "
            "to the event instead of a webhook of the repository."
        )
    return number


def _work_references(payload: Payload, run: str) -> Iterator[str]:
    """Yield the addresses of the pull requests, and of the workflow run."""
    page = text_at(payload, "repository", "html_url") or text_at(payload, "repository", "full_name")
    requests = value_at(payload, "pull_requests")
    if isinstance(requests, Sequence) and not isinstance(requests, str):
        for request in cast("Sequence[object]", requests)[:MAX_PULL_REQUESTS]:
            number = text_at(request, "number")
            if number is not None and page is not None:
                yield f"{page}/pull/{number}"
    yield f"{page}/actions/runs/{run}" if page is not None else f"workflow run {run}"
