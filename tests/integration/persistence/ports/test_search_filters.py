"""Every ledger finds deployments by commit, reviewer, work reference, external id and words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost_domain.deployments.deployment import Approval, Deployment
from gatepost_domain.deployments.search_terms import (
    fold,
    matches_word,
    reviewers_of,
    split_words,
)
from gatepost_domain.event import EventKind
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.reads import deployment_list
from tests.support.builders import (
    NOON,
    a_deployment,
    a_version,
    an_actor,
    an_event,
    create_catalog,
)
from tests.support.storage.ledgers import AnyLedger, all_pages

COMMITS = {
    "1.0.0": "c0ffee1" + "0" * 33,
    "1.4.2": "c0ffee2" + "0" * 33,
    "2.0.0-RC1": None,
    "2026-11": "ab" * 32,
}
LONG_WORD = "L" * 210
REFERENCES = (
    ("SHOP-812", "OPS-1"),
    ("shop-812",),
    ("https://git.example/shop/pull/57",),
    ('He said "now", \\n and \\ left', "OPS-1"),
    ("Grüße-7",),
    (LONG_WORD + "1",),
    (),
)
NOTES = (
    None,
    "Fixes the Checkout (see SHOP-812).\nSecond line:\tdone!",
    "cart, cart; cart",
    "'quoted' \\u0041 back\\slash",
    f"{'x' * 1990} {LONG_WORD}",
    "-- ::: !!",
)
REVIEWERS = ((), ("quinn",), ("quinn", "devin"), ("Quinn",))


def an_approval(actor: str) -> Approval:
    return Approval(
        stage="qa",
        actor=actor,
        at=NOON,
        note=None,
        digest="0" * 64,
        rules=(0,),
        identity=an_actor(actor).identity,
    )


def a_population() -> list[Deployment]:
    """Return forty deployments whose texts, versions and reviewers are combined in many ways."""
    return [
        replace(
            a_deployment(
                number=number,
                service=["shop", "webshop", "cart"][number % 3],
                environment=["production", "development"][number % 2],
                version=list(COMMITS)[number % len(COMMITS)],
                requester=["ada", "cart"][number % 7 % 2],
            ),
            work_references=REFERENCES[number % len(REFERENCES)],
            notes=NOTES[number % len(NOTES)],
            approvals=tuple(map(an_approval, REVIEWERS[number % 5 % len(REVIEWERS)])),
            reviewed_by="rex" if number % 11 == 0 else None,
            external_id=f"run-{number % 20}" if number % 3 else None,
        )
        for number in range(1, 41)
    ]


POPULATION = [
    replace(each, external_id=None) if each.number > 20 and each.number % 4 else each
    for each in a_population()
]


@pytest.fixture
async def populated(ledger: AnyLedger, monkeypatch: pytest.MonkeyPatch) -> AnyLedger:
    """Return a ledger with the whole population, which examines few entries per page."""
    monkeypatch.setattr(deployment_list, "MAX_EXAMINED", 1)
    await create_catalog(ledger, services=["shop", "webshop", "cart"], versions=())

    def add_all(uow: UnitOfWork) -> None:
        for service in ("shop", "webshop", "cart"):
            for name, commit in COMMITS.items():
                version = a_version(name, service=service, commit_sha=commit)
                uow.services.add_version(version, an_event(EventKind.VERSION_REGISTERED))
        for deployment in POPULATION:
            event = an_event(
                EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status
            )
            uow.deployments.add(deployment, event)

    await ledger.perform(add_all)
    return ledger


async def find_numbers(ledger: AnyLedger, criteria: DeploymentFilter, limit: int = 7) -> list[int]:
    pages = await all_pages(partial(ledger.reads.deployments, criteria), limit=limit)
    return [deployment.number for page in pages for deployment in page]


def matches(deployment: Deployment, criteria: DeploymentFilter) -> bool:
    commit = COMMITS[deployment.version] or "-"
    references = set(map(fold, deployment.work_references))
    return (
        (not criteria.services or deployment.service in criteria.services)
        and (not criteria.commits or commit.startswith(criteria.commits))
        and (not criteria.reviewers or not reviewers_of(deployment).isdisjoint(criteria.reviewers))
        and (
            not criteria.work_references
            or not references.isdisjoint(map(fold, criteria.work_references))
        )
        and (not criteria.external_ids or deployment.external_id in criteria.external_ids)
        and all(matches_word(deployment, word) for word in criteria.words)
    )


def expected_numbers(criteria: DeploymentFilter) -> list[int]:
    return [each.number for each in reversed(POPULATION) if matches(each, criteria)]


def words(text: str) -> dict[str, Any]:
    return {"words": split_words(text)}


@pytest.mark.parametrize(
    "fields",
    [
        {"work_references": ("SHOP-812",)},
        {"work_references": ("OPS-1",)},
        {"work_references": ("OPS-1", "shop-812")},
        {"work_references": ("https://git.example/shop/pull/57",)},
        {"work_references": ('he said "now", \\n and \\ left',)},
        {"work_references": ("GRüße-7",)},
        {"work_references": (LONG_WORD + "2",)},
        {"commits": ("c0ffee1",)},
        {"commits": ("c0ffee1", "abababab")},
        {"commits": ("c0ffee",)},
        {"commits": ("ab" * 32,)},
        {"reviewers": ("quinn",)},
        {"reviewers": ("devin", "rex")},
        {"reviewers": ("Quinn",)},
        {"external_ids": ("run-7",)},
        {"external_ids": ("run-7", "run-8", "run-99")},
        words("shop"),
        words("DEP-12"),
        words("12"),
        words("cart"),
        words("CART cart"),
        words("1.4"),
        words("2.0.0-RC1"),
        words("shop-812"),
        words("see (SHOP-812)"),
        words("checkout second done"),
        words("pull 57"),
        words("git.example"),
        words("\\u0041"),
        words("back\\slash"),
        words("quoted"),
        words("Grüße-7"),
        words(LONG_WORD),
        words("he left"),
        {"services": ("shop",), "reviewers": ("quinn",)},
        {"work_references": ("OPS-1",), "commits": ("c0ffee",), "reviewers": ("quinn",)},
    ],
)
async def test_filter_finds_what_it_names(populated: AnyLedger, fields: dict[str, Any]) -> None:
    """A filter finds exactly the deployments that have any of its values, in upper or lower case.

    Pages that examine few deployments leave none out.
    """
    criteria = DeploymentFilter(**fields)

    assert expected_numbers(criteria) != []
    assert await find_numbers(populated, criteria) == expected_numbers(criteria)


@pytest.mark.parametrize(
    "fields",
    [
        {"work_references": ("SHOP-81",)},
        {"work_references": ("now",)},
        {"commits": ("c0ffee3",)},
        {"commits": ("0000000",)},
        {"reviewers": ("ada",)},
        {"external_ids": ("run",)},
        {"external_ids": ("RUN-7",)},
        words("DEP-999"),
        words("shop-81"),
        words("%"),
        words("check_ut"),
        words("shop nowhere"),
        words("2.0.0-rc1"),
        words("L" * 199),
    ],
)
async def test_filter_without_matches_finds_nothing(
    populated: AnyLedger, fields: dict[str, Any]
) -> None:
    """Work references, external ids and the words of texts match as a whole."""
    assert await find_numbers(populated, DeploymentFilter(**fields)) == []


texts = st.lists(
    st.sampled_from(["shop", "cart", "812", "1.", "ops-1", "7", "he", "Cart", "quoted"]),
    max_size=2,
    unique=True,
).map(tuple)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@given(
    criteria=st.builds(
        DeploymentFilter,
        services=some("shop", "cart"),
        work_references=some("SHOP-812", "ops-1", "none"),
        commits=some("c0ffee1", "c0ffee", "abab"),
        reviewers=some("quinn", "devin", "rex"),
        external_ids=some("run-7", "run-8", "run-1"),
        words=texts,
    ),
    limit=st.integers(1, 41),
)
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)  # the ledger is only read
async def test_combined_filters_match_all_fields(
    populated: AnyLedger, criteria: DeploymentFilter, limit: int
) -> None:
    """Any combination finds the same deployments, for any page size, each once."""
    assert await find_numbers(populated, criteria, limit) == expected_numbers(criteria)


async def test_reviewers_follow_approvals_and_withdrawals(populated: AnyLedger) -> None:
    """A deployment is found by a reviewer as long as the approval counts."""
    deployment = next(each for each in POPULATION if not reviewers_of(each))
    one, two = DeploymentFilter(reviewers=("zoe",)), DeploymentFilter(reviewers=("yan",))

    async def store(**changes: Any) -> None:
        nonlocal deployment
        event = an_event(
            EventKind.APPROVED,
            deployment_id=deployment.id,
            from_status=deployment.status,
            to_status=deployment.status,
        )
        deployment = replace(deployment, revision=deployment.revision + 1, **changes)
        await populated.perform(lambda uow: uow.deployments.save(deployment, event))

    await store(approvals=(an_approval("zoe"), an_approval("yan")), reviewed_by="yan")
    assert await find_numbers(populated, one) == [deployment.number]
    assert await find_numbers(populated, two) == [deployment.number]
    await store(approvals=(an_approval("yan"),), reviewed_by="yan")
    assert await find_numbers(populated, one) == []
    assert await find_numbers(populated, two) == [deployment.number]
    await store(approvals=(), reviewed_by=None)
    assert await find_numbers(populated, two) == []
