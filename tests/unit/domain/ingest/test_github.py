"""What GitHub's payloads say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gatepost_domain.ingest.github import read_github_payload
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment, Unrecorded
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.source import SourceSettings
from tests.support.domain.ingest import COMMIT, Json, github_run, github_status

NO_SETTINGS = SourceSettings()
DEPLOYS = SourceSettings(workflows={"deploy.yml": "production"})


def read(payload: Json, event: str, settings: SourceSettings = NO_SETTINGS) -> ReportedDeployment:
    """Return the deployment that a payload reports."""
    content = read_github_payload(payload, event, settings)
    assert isinstance(content, ReportedDeployment)
    return content


def reason(payload: Json, event: str, settings: SourceSettings = NO_SETTINGS) -> str:
    """Return why nothing is recorded."""
    content = read_github_payload(payload, event, settings)
    assert isinstance(content, Unrecorded)
    return content.reason


def test_deployment_that_succeeded_is_reported() -> None:
    """The status says when, the deployment what and who, the repository where it belongs."""
    assert read(github_status(), "deployment_status") == ReportedDeployment(
        environment="production",
        versions=("v1.4.2", COMMIT),
        external_id="github/example/shop/deployment/7",
        repositories=(
            "example/shop",
            "https://github.com/example/shop",
            "https://github.com/example/shop.git",
            "git@github.com:example/shop.git",
        ),
        commit_sha=COMMIT,
        deployed_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        person="octo-ada",
        login_issuer="https://token.actions.githubusercontent.com",
        notes="Deploys the shop.",
    )


def test_payload_of_the_deployment_names_service_and_version() -> None:
    """A pipeline can send both, which a repository with several services needs."""
    payload = github_status(payload={"service": "basket", "version": "2027.1"})

    reported = read(payload, "deployment_status")

    assert (reported.service, reported.versions[0]) == ("basket", "2027.1")


@pytest.mark.parametrize(
    ("ref", "first"),
    [
        ("main", COMMIT),
        ("1.4.2", "1.4.2"),
        ("refs/tags/nightly", "nightly"),
        ("v2.0-rc1", "v2.0-rc1"),
    ],
)
def test_branch_is_no_version_unless_it_looks_like_a_release(ref: str, first: str) -> None:
    """A branch names many versions, so the commit comes first."""
    assert read(github_status(ref=ref), "deployment_status").versions[0] == first


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("inactive", "replaced"),
        ("in_progress", "has not ended"),
        ("a new state", "has not ended"),
    ],
)
def test_other_states_are_ignored_with_the_reason(state: str, words: str) -> None:
    """Only deployments that succeeded or failed are recorded."""
    assert words in reason(github_status(state), "deployment_status")


@pytest.mark.parametrize("state", ["failure", "error"])
def test_deployment_that_failed_is_reported_as_failed(state: str) -> None:
    """Under an id of its own, because the deployment can still succeed."""
    reported = read(github_status(state), "deployment_status")

    assert reported.has_failed
    assert reported.external_id == "github/example/shop/deployment/7"
    assert reported.record_id == "github/example/shop/deployment/7/failed"


@pytest.mark.parametrize("event", ["ping", "deployment", "deployment_protection_rule", "push"])
def test_other_events_are_ignored_with_the_reason(event: str) -> None:
    """Whatever they contain."""
    assert reason({}, event)


def test_run_of_a_workflow_in_the_settings_is_reported() -> None:
    """By the file of the workflow, with the person who started this run."""
    reported = read(github_run(), "workflow_run", DEPLOYS)

    assert (reported.environment, reported.person) == ("production", "octo-bo")
    assert reported.versions == (COMMIT, "main")
    assert reported.external_id == "github/example/shop/run/30433642"


@pytest.mark.parametrize("key", ["Deploy", ".github/workflows/deploy.yml", "deploy.yml"])
def test_workflow_is_named_by_its_name_or_file(key: str) -> None:
    """All three forms are used by people."""
    settings = SourceSettings(workflows={key: "staging"})

    assert read(github_run(), "workflow_run", settings).environment == "staging"


def test_other_runs_are_ignored_with_the_reason() -> None:
    """Those of other workflows, those that have not ended, and those that were cancelled."""
    assert "`workflows`" in reason(github_run(), "workflow_run")
    running = github_run() | {"action": "in_progress"}
    assert "has not ended" in reason(running, "workflow_run", DEPLOYS)
    assert "cancelled" in reason(github_run("cancelled"), "workflow_run", DEPLOYS)


@pytest.mark.parametrize("conclusion", ["failure", "timed_out", "startup_failure"])
def test_run_that_failed_is_reported_as_failed(conclusion: str) -> None:
    """If the settings name its workflow."""
    assert read(github_run(conclusion), "workflow_run", DEPLOYS).has_failed


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"deployment_status": 1},
        {"deployment_status": {"state": "success"}},
        github_status(created_at="yesterday"),
        github_status(created_at="2026-11-20T09:30:00"),
    ],
)
def test_payload_without_what_a_record_needs_is_a_fault(payload: Json) -> None:
    """The fault says what is missing."""
    with pytest.raises(MappingFault):
        read_github_payload(payload, "deployment_status", NO_SETTINGS)


def test_enterprise_server_has_its_own_issuer() -> None:
    """Logins of another server are other logins."""
    payload = github_status()
    payload["repository"]["html_url"] = "https://git.example.com/example/shop"

    issuer = read(payload, "deployment_status").login_issuer

    assert issuer == "https://git.example.com/_services/token"
