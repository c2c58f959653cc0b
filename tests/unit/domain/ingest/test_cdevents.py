"""What CDEvents say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gatepost_domain.ingest.cdevents import event_id_of, event_type_of, read_cdevent
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment, Unrecorded
from gatepost_domain.ingest.payload_values import MappingFault
from tests.support.domain.ingest import Json, cdevent

DIGEST = f"sha256:{'0b' * 32}"


def read(payload: Json) -> ReportedDeployment:
    """Return the deployment that an event reports."""
    content = read_cdevent(payload)
    assert isinstance(content, ReportedDeployment)
    return content


@pytest.mark.parametrize("kind", ["service.deployed", "service.upgraded", "service.rolledback"])
def test_service_events_are_reported(kind: str) -> None:
    """After each of them, the artifact runs in the environment."""
    assert read(cdevent(kind)) == ReportedDeployment(
        service="service/shop",
        environment="production",
        versions=("1.4.2",),
        deployed_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        external_id=f"cdevents//cluster/1 271069a8 dev.cdevents.{kind}.0.2.0",
        is_rollback=kind == "service.rolledback",
    )


def test_structured_event_is_read_like_its_data() -> None:
    """The envelope of CloudEvents adds nothing that is recorded."""
    event = cdevent()
    envelope = {"specversion": "1.0", "id": "x", "source": "y", "type": "z", "data": event}

    assert read(envelope) == read(event)
    assert event_type_of(envelope) == event_type_of(event)


@pytest.mark.parametrize(
    ("artifact", "versions", "digest"),
    [
        (f"pkg:oci/shop@{DIGEST}?tag=1.4.2", ("1.4.2", DIGEST), DIGEST),
        ("pkg:oci/shop@sha256%3A" + "0b" * 32, (DIGEST,), DIGEST),
        ("pkg:npm/%40example/shop@1.4.2", ("1.4.2",), None),
        ("pkg:oci/shop?tag=1.4.2", ("1.4.2",), None),
        ("1.4.2", ("1.4.2",), None),
        ("a text with blanks", (), None),
    ],
)
def test_version_is_that_of_the_package_url(
    artifact: str, versions: tuple[str, ...], digest: str | None
) -> None:
    """The tag of an image comes before its digest."""
    reported = read(cdevent(artifact=artifact))

    assert (reported.versions, reported.artifact_digest) == (versions, digest)


@pytest.mark.parametrize(
    "kind", ["environment.created", "artifact.published", "incident.detected", "service.removed"]
)
def test_other_events_are_ignored_with_the_reason(kind: str) -> None:
    """The reason names the type."""
    content = read_cdevent(cdevent(kind))

    assert isinstance(content, Unrecorded)
    assert kind in content.reason


@pytest.mark.parametrize(
    "payload", [{}, {"context": 1}, cdevent() | {"subject": {}}, cdevent(content={})]
)
def test_payload_without_what_a_record_needs_is_a_fault(payload: Json) -> None:
    """The fault says what is missing."""
    with pytest.raises(MappingFault):
        read_cdevent(payload)


def test_id_is_unique_with_source_and_type() -> None:
    """Without an id, there is none."""
    assert event_id_of(cdevent()) != event_id_of(cdevent("service.upgraded"))
    assert event_id_of({"context": {"type": "x"}}) is None
