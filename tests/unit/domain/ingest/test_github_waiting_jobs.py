"""What GitHub's payloads say about jobs that wait for a deployment protection rule."""

from __future__ import annotations

import pytest

from gatepost_domain.ingest.github import read_github_payload
from gatepost_domain.ingest.payload_interpretation import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
    WaitingJob,
)
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.source import RequestTexts, SourceSettings
from tests.support.domain.ingest import (
    CALLBACK_URL,
    COMMIT,
    INSTALLATION,
    Json,
    github_job,
    github_status,
)

ANSWERS = SourceSettings(requests=RequestTexts(rollback_plan="Deploy the previous version."))


def read(payload: Json, settings: SourceSettings = ANSWERS) -> PayloadContent:
    """Return what a payload says."""
    return read_github_payload(payload, "deployment_protection_rule", settings)


def test_job_names_its_deployment_and_where_to_answer() -> None:
    """The deployment has the same id as in the statuses that follow."""
    status = read_github_payload(github_status(), "deployment_status", ANSWERS)
    job = read(github_job())

    assert isinstance(status, ReportedDeployment)
    assert isinstance(job, WaitingJob)
    assert job.deployment.external_id == status.external_id
    assert job.deployment.versions == ("v1.4.2", COMMIT)
    assert job.deployment.repositories == status.repositories
    assert job.deployment.person == "octo-ada"
    assert (job.environment_name, job.callback_url) == ("production", CALLBACK_URL)
    assert job.installation == INSTALLATION
    assert job.work_references == (
        "https://github.com/example/shop/pull/12",
        "https://github.com/example/shop/actions/runs/30433642",
    )


def test_job_is_ignored_unless_the_settings_say_what_to_request() -> None:
    """Gatepost does not know the rollback plan otherwise."""
    content = read(github_job(), SourceSettings())

    assert isinstance(content, Unrecorded)
    assert "`requests`" in content.reason


def test_other_actions_are_ignored() -> None:
    """GitHub has only one so far."""
    assert isinstance(read(github_job(action="dismissed")), Unrecorded)


def test_commit_and_ref_beside_the_deployment_are_read() -> None:
    """The deployment may lack them."""
    job = read(github_job(deployment={"id": 7}))

    assert isinstance(job, WaitingJob)
    assert job.deployment.commit_sha == COMMIT


def test_strange_references_cause_no_error() -> None:
    """The workflow run is named in each case."""
    job = read(github_job(pull_requests="many", repository={}))

    assert isinstance(job, WaitingJob)
    assert job.work_references == ("workflow run 30433642",)


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": None},
        {"deployment": None},
        {"installation": None},
        {"installation": {"id": True}},
        {"installation": {"id": -1}},
        {"installation": {"id": 2**70}},
        {"deployment_callback_url": None},
        {"deployment_callback_url": "https://api.github.com/repos/example/shop"},
        {"deployment_callback_url": "file:///actions/runs/1/deployment_protection_rule"},
        {"deployment_callback_url": "https://u:p@host/actions/runs/1/deployment_protection_rule"},
    ],
)
def test_payload_without_what_an_answer_needs_is_a_fault(changes: Json) -> None:
    """The fault says what is missing."""
    with pytest.raises(MappingFault):
        read(github_job() | changes)
