"""Check runs: their outcome, their deadlines and their results."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.catalog.target import Target
from gatepost_domain.check_runs.check_run import (
    WAITING_LIMIT,
    CheckRun,
    CheckRunState,
    CheckState,
    claim_run,
    finish_run,
    mark_run_lost,
    request_run,
)
from gatepost_domain.check_runs.results import complete_results
from gatepost_domain.errors import ValidationFailed
from tests.support.builders import NOON, an_id
from tests.support.domain.check_runs import CHECKS, a_check, a_result, settings_with

LEASE = timedelta(seconds=15)


def a_run() -> CheckRun:
    """Build a check run that waits for a worker."""
    target = Target(
        service="shop",
        environment="test",
        settings=settings_with(*CHECKS),
        revision=3,
        changed_at=NOON,
        changed_by="olga",
    )
    return request_run(target, id=an_id(), actor="olga", at=NOON)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (("passed", "passed", "passed"), "passed"),
        (("passed", "passed", "failed"), "passed"),
        (("passed", "failed", "passed"), "failed"),
        (("errored", "passed", "passed"), "errored"),
        (("errored", "failed", "passed"), "failed"),
        (("skipped", "skipped", "skipped"), "errored"),
    ],
)
def test_outcome_is_the_worst_result_of_the_required_checks(
    states: tuple[str, ...], outcome: str
) -> None:
    """An optional check, the third one, does not count."""
    reported = [
        a_result(check.name, CheckState(state)) for check, state in zip(CHECKS, states, strict=True)
    ]

    finished = finish_run(a_run(), complete_results(CHECKS, reported), at=NOON)

    assert (finished.state, finished.outcome) == ("finished", outcome)


def test_unfinished_run_has_no_outcome() -> None:
    """Neither a waiting nor a lost run says that the service works, or that it does not."""
    assert a_run().outcome is None
    assert mark_run_lost(a_run(), at=NOON).outcome is None


def test_unreported_checks_were_skipped() -> None:
    """There is one result for each check, in the order of the settings."""
    results = complete_results(CHECKS, [a_result("health", CheckState.FAILED)])

    assert [(result.name, result.state, result.attempts) for result in results] == [
        ("health", "failed", 1),
        ("cart", "skipped", 0),
        ("speed", "skipped", 0),
    ]
    assert [result.required for result in results] == [True, True, False]


def test_results_of_unknown_checks_are_refused() -> None:
    """Every wrong result is named."""
    reported = [a_result("health"), a_result("other"), a_result("health")]

    with pytest.raises(ValidationFailed) as refusal:
        complete_results(CHECKS, reported)

    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("results/1/name", "unknown_check"),
        ("results/2/name", "duplicate_check"),
    ]


def test_first_claim_starts_the_time_of_the_checks() -> None:
    """Waiting time does not shorten it, and it allows every attempt of every check."""
    slow = a_check(timeout_s=60, attempts=2)
    at = NOON + timedelta(minutes=9)

    claimed = claim_run(a_run(), [slow], worker="one", version="1", lease=LEASE, at=at)

    assert (claimed.state, claimed.attempt) == (CheckRunState.RUNNING, 1)
    assert claimed.leased_until == at + LEASE
    assert claimed.deadline_at == at + timedelta(seconds=2 * 61 + 60)


def test_later_claim_has_only_the_rest_of_the_time() -> None:
    """A run that loses worker after worker ends."""
    first = claim_run(a_run(), CHECKS, worker="one", version="1", lease=LEASE, at=NOON)
    later = NOON + timedelta(seconds=20)

    second = claim_run(first, CHECKS, worker="two", version="1", lease=LEASE, at=later)

    assert (second.attempt, second.worker) == (2, "two")
    assert second.deadline_at == first.deadline_at


def test_lost_run_says_what_to_do() -> None:
    """A run without a worker needs a worker; otherwise, the checks can be run again."""
    waiting = a_run()
    running = replace(waiting, state=CheckRunState.RUNNING, worker="one", attempt=2)

    assert waiting.deadline_at == NOON + WAITING_LIMIT
    assert "Start a worker" in (mark_run_lost(waiting, at=NOON).note or "")
    assert "Worker one ran them last, in attempt 2; run them again." in (
        mark_run_lost(running, at=NOON).note or ""
    )
