"""Finding the service, environment and version that a payload refers to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost_domain.catalog.service import Version
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.repository_urls import normalize_repository
from gatepost_domain.ingest.resolution import (
    ServiceRepositoryUrl,
    choose_version,
    find_environment,
    find_service,
)
from gatepost_domain.ingest.source import SourceSettings
from tests.support.builders import NOON
from tests.support.domain.ingest import COMMIT

SERVICES = (
    ServiceRepositoryUrl("shop", "https://git.example/example/shop.git"),
    ServiceRepositoryUrl("cart", "https://git.example/example/mono"),
    ServiceRepositoryUrl("mail", "ssh://git@git.example:2222/example/mono"),
)
REPORTED = ReportedDeployment(environment="production", versions=("1.4.2",), external_id="x")


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/example/shop",
        "https://user:secret@GIT.example/Example/Shop.git/",
        "git@git.example:example/shop.git",
        "ssh://git@git.example:2222/example/shop",
        "git.example/example/shop?ref=main#readme",
    ],
)
def test_addresses_of_a_repository_are_the_same(address: str) -> None:
    """Scheme, user, port, case and ending make no difference."""
    assert normalize_repository(address) == "git.example/example/shop"


def test_service_is_found_by_its_repository() -> None:
    """Whatever form the payload has."""
    reported = replace(REPORTED, repositories=("example/shop", "git@git.example:example/shop"))

    assert find_service(reported, SourceSettings(), SERVICES) == "shop"


def test_settings_name_the_service_of_a_repository() -> None:
    """Also by a pattern."""
    reported = replace(REPORTED, repositories=("example/mono",))

    assert (
        find_service(reported, SourceSettings(service_map={"example/*": "cart"}), SERVICES)
        == "cart"
    )


@pytest.mark.parametrize("name", ["shop", "Shop", "service/shop"])
def test_payload_names_the_service(name: str) -> None:
    """The last part of a path is enough."""
    reported = replace(REPORTED, service=name, repositories=("example/mono",))

    assert find_service(reported, SourceSettings(), SERVICES) == "shop"


@pytest.mark.parametrize(
    ("reported", "settings", "words"),
    [
        (REPORTED, SourceSettings(), "(none)"),
        (replace(REPORTED, repositories=("a/b",)), SourceSettings(), "repo_url"),
        (
            replace(REPORTED, repositories=("https://git.example/example/mono",)),
            SourceSettings(),
            "several services: cart, mail",
        ),
        (replace(REPORTED, service="desk"), SourceSettings(), "service_map"),
        (
            replace(REPORTED, service="desk"),
            SourceSettings(service_map={"desk": "gone"}),
            "no such active service",
        ),
    ],
)
def test_unknown_service_is_a_fault_with_the_cure(
    reported: ReportedDeployment, settings: SourceSettings, words: str
) -> None:
    """Each fault says what to do."""
    with pytest.raises(MappingFault, match=words.replace("(", r"\(").replace(")", r"\)")):
        find_service(reported, settings, SERVICES)


def test_environment_is_mapped_ignored_or_the_same() -> None:
    """A name with `*` matches many; an exact one comes first."""
    settings = SourceSettings(
        environment_map={"pr-*": None, "pr-7": "test", "Live site": "production"}
    )
    known = {"production", "test"}

    assert find_environment("Production", settings, known) == "production"
    assert find_environment("Live site", settings, known) == "production"
    assert find_environment("pr-8", settings, known) is None
    assert find_environment("pr-7", settings, known) == "test"
    for name in ("qa", "pr-7"):
        with pytest.raises(MappingFault, match="environment_map"):
            find_environment(name, settings, {"production"})


def a_version(name: str) -> Version:
    """Return a version of the shop."""
    return Version(
        service="shop",
        version=name,
        commit_sha=None,
        committed_at=None,
        artifact_digest=None,
        notes=None,
        created_at=NOON,
        created_by="root",
    )


def test_first_name_decides_then_the_build_then_other_names() -> None:
    """A build that has two versions decides nothing."""
    reported = replace(REPORTED, versions=(COMMIT, "main"))
    built, main, exact = a_version("1.4.2"), a_version("main"), a_version(COMMIT)

    assert choose_version(reported, [main, exact], [built]) is exact
    assert choose_version(reported, [main], [built]) is built
    assert choose_version(reported, [main], [built, exact]) is main
    assert choose_version(reported, [], []) is None
