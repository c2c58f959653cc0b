"""What GitLab's payloads say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gatepost_domain.ingest.gitlab import read_gitlab_payload
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment, Unrecorded
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.source import SourceSettings
from tests.support.domain.ingest import COMMIT, Json, gitlab_deployment, gitlab_pipeline

NO_SETTINGS = SourceSettings()
PIPELINES = SourceSettings(pipelines={"main": "production", "release/*": "staging"})


def read(payload: Json, settings: SourceSettings = NO_SETTINGS) -> ReportedDeployment:
    """Return the deployment that a payload reports."""
    content = read_gitlab_payload(payload, "Deployment Hook", settings)
    assert isinstance(content, ReportedDeployment)
    return content


def reason(payload: Json, settings: SourceSettings = NO_SETTINGS) -> str:
    """Return why nothing is recorded."""
    content = read_gitlab_payload(payload, "Push Hook", settings)
    assert isinstance(content, Unrecorded)
    return content.reason


def test_deployment_that_succeeded_is_reported() -> None:
    """With the full commit from the address of the commit, and the time in GitLab's own format."""
    assert read(gitlab_deployment()) == ReportedDeployment(
        environment="production",
        versions=("1.4.2", COMMIT),
        external_id="gitlab/example/shop/deployment/15",
        repositories=(
            "example/shop",
            "https://gitlab.example/example/shop",
            "https://gitlab.example/example/shop.git",
            "git@gitlab.example:example/shop.git",
        ),
        commit_sha=COMMIT,
        deployed_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        person="ada",
        login_issuer="https://gitlab.example",
        notes="Add the basket",
    )


def test_pipeline_of_a_ref_in_the_settings_is_reported() -> None:
    """A name with `*` matches many refs; a tag is the version."""
    reported = read(gitlab_pipeline(), PIPELINES)
    released = read(gitlab_pipeline(ref="release/spring", tag=True), PIPELINES)

    assert (reported.environment, reported.versions) == ("production", (COMMIT, "main"))
    assert (released.environment, released.versions[0]) == ("staging", "release/spring")
    assert reported.deployed_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("status", ["running", "canceled", "skipped", "created"])
def test_other_states_are_ignored_with_the_reason(status: str) -> None:
    """Only deployments that succeeded or failed are recorded."""
    assert reason(gitlab_deployment(status))
    assert reason(gitlab_pipeline(status), PIPELINES)


def test_failures_are_reported_as_failed() -> None:
    """Those of deployments, and of the pipelines that the settings name."""
    assert read(gitlab_deployment("failed")).has_failed
    assert read(gitlab_pipeline("failed"), PIPELINES).has_failed


def test_other_events_are_ignored_with_the_reason() -> None:
    """Also pipelines of refs that the settings do not name."""
    assert "Push Hook" in reason({"object_kind": "push"})
    assert "`pipelines`" in reason(gitlab_pipeline(), NO_SETTINGS)


@pytest.mark.parametrize(
    ("payload", "settings"),
    [
        ({"object_kind": "deployment", "status": "success"}, NO_SETTINGS),
        (gitlab_deployment(status_changed_at="2021-04-28 21:50:00"), NO_SETTINGS),
        (gitlab_pipeline(id=None), PIPELINES),
    ],
)
def test_payload_without_what_a_record_needs_is_a_fault(
    payload: Json, settings: SourceSettings
) -> None:
    """The fault says what is missing."""
    with pytest.raises(MappingFault):
        read_gitlab_payload(payload, "Deployment Hook", settings)


@pytest.mark.parametrize("url", [None, "http://[", "shop"])
def test_address_that_is_none_has_the_issuer_of_gitlab_com(url: str | None) -> None:
    """A strange payload causes no error of the server."""
    payload = gitlab_deployment()
    payload["project"]["web_url"] = url

    assert read(payload).login_issuer == "https://gitlab.com"
