"""The success and soak time of a version in an earlier environment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.trusted_records import DisregardedRecord
from gatepost_domain.gates.upstream_status import (
    Successes,
    evaluate_upstream,
    find_successes,
    soak_completes_at,
)
from tests.support.builders import NOON, a_deployment, a_policy

HOUR = timedelta(hours=1)
BASE = a_deployment()


def at(hour: int | None) -> datetime | None:
    return None if hour is None else NOON + hour * HOUR


def deployed(
    number: int, version: str, since: int | None, until: int | None = None, *, record: bool = False
) -> Deployment:
    """Return a deployment that went live and was rolled back at these hours."""
    return replace(
        BASE,
        number=number,
        version=version,
        deployed_at=at(since),
        rolled_back_at=at(until),
        kind=DeploymentKind.RECORD if record else DeploymentKind.REQUEST,
    )


ONE = deployed(1, "1.0.0", 1)


@pytest.mark.parametrize(
    ("history", "checked", "succeeded", "since"),
    [
        ([], False, None, None),
        ([deployed(1, "1.0.0", 1, 2)], False, None, None),
        ([deployed(1, "1.0.0", None, 2)], False, None, None),
        ([ONE, deployed(2, "1.0.0", 2, 3)], False, None, None),
        ([ONE, deployed(2, "1.0.0", None, 3)], False, None, None),
        ([deployed(2, "1.0.0", 1, 3), deployed(1, "1.0.0", 3)], False, None, None),
        ([deployed(1, "1.0.0", 1, record=True)], True, None, 1),
        ([deployed(1, "1.0.0", 1, record=True)], False, 1, 1),
        ([deployed(1, "1.0.0", 1, record=True), deployed(2, "1.0.0", 2)], True, 2, 1),
        ([ONE], True, 1, 1),
        ([ONE, deployed(2, "1.0.0", 5)], False, 5, 1),
        (
            [deployed(1, "1.0.0", 1, 2), deployed(2, "1.0.0", 3), deployed(3, "1.0.0", 5)],
            False,
            5,
            3,
        ),
    ],
)
def test_success_counts_unless_rolled_back(
    history: list[Deployment], *, checked: bool, succeeded: int | None, since: int | None
) -> None:
    """A rollback invalidates all earlier successes of the version.

    A record does not count as a success if checks are required.
    """
    successes = find_successes(history, has_required_checks=checked)

    assert (None if successes.last is None else successes.last.deployed_at) == at(succeeded)
    assert successes.first_at == at(since)


@pytest.mark.parametrize(
    ("changes", "succeeded", "too_old", "soaked_at", "soaked"),
    [
        ({}, None, False, None, False),
        ({"soak_s": 3600}, None, False, None, False),
        ({}, 1, False, None, True),
        ({"max_age_s": 3600}, 2, True, None, True),
        ({"max_age_s": 7200}, 2, False, None, True),
        ({"soak_s": 3 * 3600}, 1, False, 4, True),
        ({"soak_s": 4 * 3600}, 1, False, 5, False),
        ({"soak_s": 4 * 3600, "max_age_s": 3600}, 1, True, 5, False),
    ],
)
def test_soak_time_and_maximum_age_include_their_bounds(
    changes: dict[str, int],
    succeeded: int | None,
    *,
    too_old: bool,
    soaked_at: int | None,
    soaked: bool,
) -> None:
    """Both limits are exact to the second."""
    policy: Policy = a_policy(requires=("test",), **changes)

    successes = Successes(last=None if succeeded is None else deployed(1, "1.0.0", succeeded))
    judged = evaluate_upstream(
        "test", successes, [ONE], [], version="1.0.0", policy=policy, at=NOON + 4 * HOUR
    )

    assert (judged.environment, judged.succeeded_at) == ("test", at(succeeded))
    assert (judged.too_old, judged.soaked_at, judged.soaked) == (too_old, at(soaked_at), soaked)
    assert judged.has_recent_success == (succeeded is not None and not too_old)


@pytest.mark.parametrize(
    ("deployments", "retired", "expected"),
    [
        ([], [], None),
        ([deployed(1, "2.0.0", 1)], [], None),
        ([deployed(1, "1.0.0", 1, 3)], [], None),
        ([ONE, deployed(2, "2.0.0", 3)], [], None),
        ([ONE], [3], None),
        ([ONE], [1], None),
        ([deployed(1, "1.0.0", 1, 1)], [], None),
        ([ONE], [], 4),
        ([deployed(1, "1.0.0", 1, 4)], [], 4),
        ([ONE, deployed(2, "2.0.0", 4)], [], 4),
        ([ONE, deployed(2, "2.0.0", 3, 3)], [], 4),
        ([ONE, deployed(2, "2.0.0", 2), deployed(3, "1.0.0", 2)], [], 4),
        ([ONE, deployed(2, "1.0.0", 3)], [], 4),
        ([ONE, deployed(2, "1.0.0", 2, 3)], [], 4),
        ([ONE, deployed(2, "2.0.0", 2, 3)], [], 6),
        ([ONE, deployed(2, "2.0.0", 2), deployed(3, "1.0.0", 5)], [], 8),
        ([ONE, deployed(2, "1.0.0", 5)], [2], 8),
        ([deployed(2, "1.0.0", 1), deployed(1, "2.0.0", 1)], [], 4),
        ([deployed(1, "1.0.0", 1), deployed(2, "2.0.0", 1)], [], None),
        ([deployed(2, "2.0.0", 1, 2), deployed(1, "1.0.0", 1)], [], 5),
        ([deployed(1, "1.0.0", None, 2)], [], None),
    ],
)
def test_soak_time_counts_only_without_interruption(
    deployments: list[Deployment], retired: list[int], expected: int | None
) -> None:
    """Another version or a retirement interrupts the soak time.

    Redeploying the version does not, nor does another version that is rolled back at once.
    """
    ends = [NOON + hour * HOUR for hour in retired]

    completes_at = soak_completes_at(deployments, ends, version="1.0.0", soak_time=3 * HOUR)

    assert completes_at == at(expected)


def told(
    number: int, since: int, at_hour: int, *, version: str = "1.0.0", until: int | None = None
) -> Deployment:
    """Return a record of a deployment that went live at one hour and was recorded at another."""
    record = deployed(number, version, since, until, record=True)
    return replace(record, created_at=NOON + at_hour * HOUR)


@pytest.mark.parametrize(
    ("deployments", "refused", "expected"),
    [
        ([told(1, 1, 1)], set(), 4),
        ([told(1, 1, 9)], set(), 12),
        ([told(1, 1, 9)], {1}, None),
        ([told(1, 1, 9), deployed(2, "2.0.0", 5)], set(), None),
        ([told(1, 1, 9), deployed(2, "1.0.0", 5)], set(), 8),
        ([deployed(1, "1.0.0", 1), told(2, 2, 9)], set(), 4),
        ([deployed(1, "1.0.0", 1), told(2, 2, 9)], {2}, 4),
        ([deployed(1, "1.0.0", 1), deployed(2, "2.0.0", 2), told(3, 3, 3)], {3}, None),
        ([deployed(1, "1.0.0", 1), told(2, 2, 9, version="2.0.0")], set(), None),
        ([told(1, 1, 9), deployed(2, "2.0.0", 5, 6)], set(), 12),
        ([told(1, 1, 9), deployed(2, "1.0.0", 5)], {1}, 8),
    ],
)
def test_soak_time_of_a_record_starts_when_it_was_recorded(
    deployments: list[Deployment], refused: set[int], expected: int | None
) -> None:
    """A record that does not count starts no soak time, but records of others interrupt it."""
    completes_at = soak_completes_at(
        deployments,
        [],
        version="1.0.0",
        soak_time=3 * HOUR,
        objection=lambda record: "…" if record.number in refused else None,
    )

    assert completes_at == at(expected)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], None),
        ([ONE], None),
        ([deployed(1, "1.0.0", 1, 2)], (1, 2)),
        ([deployed(1, "1.0.0", None, 2)], None),
        ([ONE, deployed(2, "1.0.0", None, 3)], (2, 3)),
        ([deployed(1, "1.0.0", 1, 2), deployed(2, "1.0.0", 3)], None),
        ([deployed(1, "1.0.0", 1, 2), deployed(2, "1.0.0", 3, 4)], (2, 4)),
    ],
)
def test_rollback_that_invalidates_every_success_is_named(
    history: list[Deployment], expected: tuple[int, int] | None
) -> None:
    """There is none if the version never succeeded, or has succeeded again."""
    rollback = find_successes(history, has_required_checks=False).rollback

    named = None if expected is None else (expected[0], at(expected[1]))
    assert (None if rollback is None else (rollback.number, rollback.at)) == named


@pytest.mark.parametrize(("checked", "expected"), [(True, 2), (False, None)])
def test_record_without_required_checks_is_named(*, checked: bool, expected: int | None) -> None:
    """Only the latest is, and only if checks are required."""
    history = [deployed(1, "1.0.0", 1, record=True), deployed(2, "1.0.0", 2, record=True)]

    assert find_successes(history, has_required_checks=checked).unchecked_record == expected


def test_success_names_the_record_that_proves_it() -> None:
    """A record proves a success unless a deployment of the same instant does."""
    for history, number in (
        ([deployed(1, "1.0.0", 1), told(2, 2, 3)], 2),
        ([deployed(1, "1.0.0", 2), told(2, 2, 3)], None),
    ):
        successes = find_successes(history, has_required_checks=False)
        policy = a_policy(requires=("test",))
        status = evaluate_upstream(
            "test", successes, [], [], version="1.0.0", policy=policy, at=NOON
        )
        assert (None if status.proof is None else status.proof.number) == number
        assert status.describe() == (
            "test"
            if number is None
            else "test (recorded by ada on 21 November 2026, 15:00 UTC, DEP-2)"
        )


def test_record_that_does_not_count_is_no_success() -> None:
    """The latest of them is named with the reason; the others count as before."""
    history = [deployed(1, "1.0.0", 1), told(2, 2, 2), told(3, 3, 3)]

    some = find_successes(history, has_required_checks=False, objection=lambda _: "it is wrong")
    none = find_successes(history[1:], has_required_checks=False, objection=lambda _: "it is wrong")

    assert some.last is history[0]
    assert (none.last, none.first_at) == (None, None)
    assert some.disregarded == none.disregarded == DisregardedRecord(number=3, reason="it is wrong")


def by_scan(
    deployments: Sequence[Deployment], retired: Sequence[int], hours: int, last: int
) -> int | None:
    """Find the hour at which the soak time completes by checking every hour."""
    run = 0
    for hour in range(last):
        here = NOON + hour * HOUR
        there = [
            (deployment.deployed_at, deployment.number, deployment.version)
            for deployment in deployments
            if deployment.deployed_at is not None
            and deployment.deployed_at <= here
            and (deployment.rolled_back_at is None or here < deployment.rolled_back_at)
            and not any(
                deployment.deployed_at <= NOON + retired_hour * HOUR <= here
                for retired_hour in retired
            )
        ]
        run = run + 1 if there and max(there)[2] == "1.0.0" else 0
        if run == hours:
            return hour + 1
    return None


spans = st.tuples(
    st.sampled_from(["1.0.0", "1.0.0", "2.0.0"]), st.integers(0, 8), st.none() | st.integers(0, 5)
)


@given(st.lists(spans, max_size=6), st.lists(st.integers(0, 12), max_size=2), st.integers(1, 6))
def test_soak_time_agrees_with_an_hourly_scan(
    lived: list[tuple[str, int, int | None]], retired: list[int], hours: int
) -> None:
    """The results agree for any history in any order."""
    deployments = [
        deployed(number, version, since, None if long is None else since + long)
        for number, (version, since, long) in enumerate(lived, 1)
    ]
    ends = [NOON + hour * HOUR for hour in retired]

    completes_at = soak_completes_at(
        deployments[::-1], ends, version="1.0.0", soak_time=hours * HOUR
    )

    assert completes_at == at(by_scan(deployments, retired, hours, last=40))
