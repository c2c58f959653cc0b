"""Decoding bodies, and values that nobody expects."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.payload_parser import (
    UnreadablePayload,
    decode_payload,
    determine_event_type,
    find_delivery_id,
    read_payload,
)
from gatepost_domain.ingest.payload_times import parse_payload_time
from gatepost_domain.ingest.payload_values import (
    MAX_TEXT_LENGTH,
    MappingFault,
    bounded_id,
    commit_at,
    short_line,
    text_at,
    value_at,
)
from gatepost_domain.ingest.source import IngestMapping, IngestSourceKind, SourceSettings
from tests.support.domain.ingest import cdevent, github_status, gitlab_deployment

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"a": 1}', JSON),
        (b'\xef\xbb\xbf{"a": 1}', "application/cloudevents+json; charset=utf-8"),
        (urlencode({"payload": '{"a": 1}'}).encode(), "application/x-www-form-urlencoded"),
    ],
)
def test_objects_are_decoded(body: bytes, content_type: str) -> None:
    """Also from the form that GitHub sends by default."""
    assert decode_payload(body, content_type) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'{"a": NaN}', JSON),
        (b"\xff", JSON),
        (b"[" * 100_000, JSON),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"&".join([b"a=b"] * 20), "application/x-www-form-urlencoded"),
    ],
)
def test_other_bodies_are_refused(body: bytes, content_type: str) -> None:
    """The message says where the error is."""
    with pytest.raises(UnreadablePayload):
        decode_payload(body, content_type)


def test_number_of_any_length_is_decoded() -> None:
    """Python refuses to convert long ones."""
    assert value_at(decode_payload(b'{"a": ' + b"9" * 10_000 + b"}", JSON), "a") == "9" * 10_000


def test_values_are_found_by_keys_and_positions() -> None:
    """Anything else is missing."""
    payload = {"a": [{"b": 7}], "t": True, "f": 1.5, "s": " x\ny\u0000 ", "blank": " "}

    assert text_at(payload, "a", 0, "b") == "7"
    assert text_at(payload, "t") == "true"
    assert text_at(payload, "s") == "x y\N{REPLACEMENT CHARACTER}"
    for path in (("a", 1), ("a", "b"), ("t", "x"), ("f",), ("blank",), ("none",), ("s", 0)):
        assert text_at(payload, *path) is None


def test_long_texts_are_shortened() -> None:
    """Ids stay distinct."""
    long = "x" * 300

    assert len(short_line(long)) == len(bounded_id(long)) == MAX_TEXT_LENGTH
    assert bounded_id(long) != bounded_id(f"{long}y")
    assert short_line("x") == bounded_id("x") == "x"


def test_commit_is_hexadecimal() -> None:
    """At least seven digits."""
    assert commit_at({"sha": "ABCDEF0"}, "sha") == "abcdef0"
    assert commit_at({"sha": "main"}, "sha") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-04-28 21:50:00 +0200", "2021-04-28T19:50:00+00:00"),
        ("2021-04-28 21:50:00 +02:00", "2021-04-28T19:50:00+00:00"),
        ("2016-08-12 15:26:29 UTC", "2016-08-12T15:26:29+00:00"),
        ("2016-08-12T15:26:29.5Z", "2016-08-12T15:26:29.500000+00:00"),
        (1471015589, "2016-08-12T15:26:29+00:00"),
        (1471015589.5, "2016-08-12T15:26:29.500000+00:00"),
        (1471015589000, "2016-08-12T15:26:29+00:00"),
        ("1471015590", "2016-08-12T15:26:30+00:00"),
    ],
)
def test_times_of_all_senders_are_read(value: object, expected: str) -> None:
    """GitLab's are not those of a standard."""
    at = parse_payload_time(value, name="at")

    assert at is not None
    assert at.isoformat() == expected


@pytest.mark.parametrize(
    "value", ["2021-04-28 21:50:00", "soon", "0001-01-01T00:00:00+14:00", float("inf"), "12"]
)
def test_time_without_a_zone_is_a_fault(value: object) -> None:
    """A local time could be any of many instants."""
    with pytest.raises(MappingFault, match="finished_at"):
        parse_payload_time(value, name="finished_at")


def test_every_source_is_read_by_its_own_rules() -> None:
    """The event is that of the header, or of the CDEvent."""
    cases = {
        IngestSourceKind.GITHUB: ("deployment_status", github_status()),
        IngestSourceKind.GITLAB: ("Deployment Hook", gitlab_deployment()),
        IngestSourceKind.CDEVENTS: ("x", cdevent()),
        IngestSourceKind.ARGOCD: (
            "argocd",
            {"service": "shop", "environment": "x", "version": "1", "phase": "Succeeded"},
        ),
    }
    for kind, (event, payload) in cases.items():
        content = read_payload(kind, payload, SourceSettings(), event=event, delivery_id="d")
        assert isinstance(content, ReportedDeployment)
    assert determine_event_type(IngestSourceKind.CDEVENTS, cdevent(), None).startswith(
        "dev.cdevents."
    )
    assert determine_event_type(IngestSourceKind.CDEVENTS, {}, None) == "unknown"
    assert determine_event_type(IngestSourceKind.GENERIC, {}, None) == "generic"


def test_generic_source_needs_a_mapping() -> None:
    """One whose settings were changed by hand has none."""
    with pytest.raises(MappingFault, match="mapping"):
        read_payload(
            IngestSourceKind.GENERIC, {}, SourceSettings(), event="generic", delivery_id="d"
        )


def test_payload_can_have_the_delivery_id() -> None:
    """Where the mapping says, or where CDEvents have it."""
    mapping = IngestMapping(service="/s", environment="/e", version="/v", delivery_id="/id")
    settings = SourceSettings(mapping=mapping)

    assert find_delivery_id(IngestSourceKind.GENERIC, {"id": 7}, settings) == "7"
    assert find_delivery_id(IngestSourceKind.GENERIC, {}, settings) is None
    assert find_delivery_id(IngestSourceKind.GITHUB, {"id": 7}, SourceSettings()) is None
    assert find_delivery_id(IngestSourceKind.CDEVENTS, cdevent(), SourceSettings())
