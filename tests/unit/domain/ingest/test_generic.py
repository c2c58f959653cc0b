"""Payloads that the settings map, and those of Argo CD."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gatepost_domain.ingest.generic import ARGOCD_MAPPING, mapping_of, read_mapped_payload
from gatepost_domain.ingest.json_pointer import find_pointer_fault, resolve_pointer
from gatepost_domain.ingest.payload_interpretation import (
    PayloadContent,
    ReportedDeployment,
    Unrecorded,
)
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.source import (
    IngestMapping,
    IngestSourceKind,
    MappedOutcome,
    SourceSettings,
)
from tests.support.domain.ingest import COMMIT, Json

MAPPING = IngestMapping(
    service="/app/name",
    environment="production",
    version="/builds/0/version",
    status="/status",
    deployed_at="/at",
)
PAYLOAD: Json = {
    "app": {"name": "shop"},
    "builds": [{"version": "1.4.2"}],
    "status": "Success",
    "at": 1795167000,
}


def read(payload: Json, mapping: IngestMapping = MAPPING) -> PayloadContent:
    """Return what a payload says."""
    return read_mapped_payload(payload, mapping, source=IngestSourceKind.GENERIC, delivery_id="d-1")


def test_pointers_and_constants_are_read() -> None:
    """Text that begins with `/` is a pointer, any other text is the value."""
    assert read(PAYLOAD) == ReportedDeployment(
        service="shop",
        environment="production",
        versions=("1.4.2",),
        deployed_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        external_id="generic/d-1",
    )


def test_status_map_decides_alone() -> None:
    """Independent of case; what it does not have is a fault."""
    mapping = replace(
        MAPPING, status_map={"DONE": MappedOutcome.SUCCEEDED, "skip": MappedOutcome.IGNORED}
    )

    assert isinstance(read(PAYLOAD | {"status": "done"}, mapping), ReportedDeployment)
    assert isinstance(read(PAYLOAD | {"status": "Skip"}, mapping), Unrecorded)
    with pytest.raises(MappingFault, match="status_map"):
        read(PAYLOAD, mapping)


def test_failure_is_reported_as_failed() -> None:
    """Under an id of its own, so that a later success is recorded as well."""
    content = read(PAYLOAD | {"status": "failure"})

    assert isinstance(content, ReportedDeployment)
    assert content.has_failed
    assert content.record_id == "generic/d-1/failed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"app": None}, "/app/name"),
        ({"builds": []}, "/builds/0/version"),
        ({"builds": [{"version": "1 4"}]}, "white space"),
        ({"builds": [{"version": {"a": 1}}]}, "/builds/0/version"),
        ({"status": None}, "/status"),
        ({"at": "soon"}, "soon"),
        ({"at": 10**40}, "/at"),
    ],
)
def test_faults_name_the_pointer(changes: Json, words: str) -> None:
    """So that the mapping or the payload can be corrected."""
    if "at" in changes and isinstance(changes["at"], int):
        assert isinstance(read(PAYLOAD | changes), ReportedDeployment)  # no text, so no time
        return
    with pytest.raises(MappingFault, match=words):
        read(PAYLOAD | changes)


def test_argo_cd_has_a_mapping_of_its_own() -> None:
    """That of the template in the guide, unless the settings have another."""
    payload: Json = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "phase": "Succeeded",
        "finished_at": "2026-11-20T09:30:00Z",
        "revision": COMMIT,
        "initiated_by": "ada",
    }

    content = read_mapped_payload(
        payload, ARGOCD_MAPPING, source=IngestSourceKind.ARGOCD, delivery_id="d-1"
    )

    assert isinstance(content, ReportedDeployment)
    assert (content.commit_sha, content.person) == (COMMIT, "ada")
    assert mapping_of(IngestSourceKind.ARGOCD, SourceSettings()) is ARGOCD_MAPPING
    assert mapping_of(IngestSourceKind.ARGOCD, SourceSettings(mapping=MAPPING)) is MAPPING
    assert mapping_of(IngestSourceKind.GENERIC, SourceSettings()) is None


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/a~1b", 1),
        ("/m~0n", 2),
        ("/list/1", "y"),
        ("/list/01", None),
        ("/list/9", None),
        ("/list/-", None),
        ("/a~1b/c", None),
        ("/", None),
    ],
)
def test_pointers_follow_rfc_6901(pointer: str, value: object) -> None:
    """A pointer to nothing has no value."""
    assert resolve_pointer({"a/b": 1, "m~n": 2, "list": ["x", "y"]}, pointer) == value


@pytest.mark.parametrize("pointer", ["app/name", "", "/a~2", "/a~"])
def test_faults_of_pointers_are_named(pointer: str) -> None:
    """A valid pointer has none."""
    assert find_pointer_fault(pointer)
    assert find_pointer_fault("/app/~0~1") is None
