"""Every ledger finds the same versions and deployments for the start of a text."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import a_deployment, a_version, an_event, create_catalog
from tests.support.storage.ledgers import AnyLedger

COMMITS = {"1.0": "c0ffee", "1.4.2": "c0ffee12", "1.4.20": "beef", "2.0%": None, "ä-1": None}
REFERENCES = (
    ("SHOP-8", "X-1"),
    ("SHOP-81",),
    ("SHOP-8",),
    ('say "hi"',),
    ("é-1",),
    ("L" * 120 + "1",),
    ("L" * 120 + "2",),
    (),
)


def add_versions(uow: UnitOfWork) -> None:
    for service in ("shop", "cart"):
        for name, commit in COMMITS.items():
            version = a_version(name, service=service, commit_sha=commit)
            uow.services.add_version(version, an_event(EventKind.VERSION_REGISTERED))


def add_deployment(uow: UnitOfWork, *, deployment: Deployment) -> None:
    uow.deployments.add(deployment, an_event(EventKind.REQUESTED, deployment_id=deployment.id))


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with the versions and deployments above."""
    await create_catalog(ledger, services=["shop", "cart"])
    await ledger.perform(add_versions)
    for number, references in enumerate(REFERENCES, start=1):
        deployment = replace(a_deployment(number=number), work_references=references)
        await ledger.perform(partial(add_deployment, deployment=deployment))
    return ledger


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("1.4.2", 9, ["shop 1.4.2", "cart 1.4.2", "shop 1.4.20", "cart 1.4.20"]),
        ("1.4.2", 3, ["shop 1.4.2", "cart 1.4.2", "shop 1.4.20"]),
        ("2.0%", 9, ["shop 2.0%", "cart 2.0%"]),
        ("ä", 9, ["shop ä-1", "cart ä-1"]),
        ("4.2", 9, []),
        ("%", 9, []),
    ],
)
async def test_versions_are_found_by_the_start_of_their_name(
    ledger: AnyLedger, start: str, limit: int, expected: list[str]
) -> None:
    """Exact matches come first; no character has a special meaning."""
    versions = await ledger.reads.versions_by_name(start, limit=limit)

    found = [f"{version.service} {version.version}" for version in versions]
    assert sorted(found[:2]) == sorted(expected[:2])
    assert [name.split()[1] for name in found] == [name.split()[1] for name in expected]


async def test_versions_are_found_by_the_start_of_their_commit(ledger: AnyLedger) -> None:
    """A version without a commit is never found by one."""
    found = await ledger.reads.versions_by_commit("c0ffee", limit=9)
    assert [version.version for version in found] == ["1.0", "1.0", "1.4.2", "1.4.2"]
    assert await ledger.reads.versions_by_commit("d", limit=9) == ()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("SHOP-8", [3, 1, 2]),
        ("SHOP", [2, 3, 1]),
        ('say "', [4]),
        ('say "hi"', [4]),
        ("é", [5]),
        ("L" * 120 + "1", [7, 6]),
        ("X-1", []),
        ("shop", []),
    ],
)
async def test_deployments_are_found_by_the_start_of_their_first_work_reference(
    ledger: AnyLedger, start: str, expected: list[int]
) -> None:
    """Of a very long reference, only the start counts."""
    deployments = await ledger.reads.deployments_by_work_reference(start, limit=9)

    assert [deployment.number for deployment in deployments] == expected
