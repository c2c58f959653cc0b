"""The report on delivery: what was done here is told, with what is behind each figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.reports.figures import COUNTING_RULE, DEFINITIONS
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json

PATH = "/reports/delivery"
JUST_AFTER = {"until": "2026-11-22T00:00:00Z"}


async def report(api: Api, **params: Any) -> Json:
    return ok_json(await api.get(PATH, params=params))


async def record(api: Api, at: str, **changes: Any) -> Json:
    body = {"service": "shop", "environment": "production", "version": "1.0.0", "deployed_at": at}
    return created_json(await api.post("/deployments/record", body | changes))


async def test_without_a_span_the_last_ninety_days_are_told_by_the_week(api: Api) -> None:
    """Until now; the weeks begin on Mondays and together are the span."""
    told = await report(api)

    assert (told["since"], told["until"]) == ("2026-08-23T12:00:00Z", "2026-11-21T12:00:00Z")
    assert told["bucket"] == "week"
    starts = [each["since"] for each in told["buckets"]]
    assert starts[:2] == ["2026-08-23T12:00:00Z", "2026-08-24T00:00:00Z"]
    assert len(starts) == 14
    assert told["buckets"][-1]["until"] == told["until"]


async def test_every_figure_says_what_it_is(api: Api) -> None:
    """Of the whole span and of each part, in the same sentence."""
    told = await report(api)

    reviews = {name: told[name] for name in ("after_reviews_open", "after_reviews_overdue")}
    for figures in (told["figures"] | reviews, told["buckets"][0]["figures"] | reviews):
        assert {name: each["definition"] for name, each in figures.items()} == DEFINITIONS
    assert told["placement"] == COUNTING_RULE


async def test_what_was_done_here_is_told(api: Api) -> None:
    """One was deployed at once, one was rolled back after an hour and the next one stood."""
    await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=1))
    bad = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(bad, Action.ROLLBACK))
    api.clock.advance(timedelta(hours=2))
    await api.deployment(Status.SUCCEEDED)
    await api.deployment(Status.REJECTED)

    figures = (await report(api, **JUST_AFTER))["figures"]

    failed = figures["change_failure_rate"]
    assert failed.pop("definition")
    assert failed == {
        "rate": 1 / 3,
        "numerator": 1,
        "denominator": 3,
        "deployments": [bad["number"]],
        "more": False,
    }
    assert figures["deployments"]["deployments"] == ["DEP-3", "DEP-2", "DEP-1"]
    assert figures["recovery_time"]["median_s"] == 7200
    assert figures["rejected"]["deployments"] == ["DEP-4"]
    assert figures["approval_latency"]["measured"] == 3


async def test_a_promise_to_look_afterwards_is_told_until_it_is_kept(api: Api) -> None:
    """Among the open ones, then among the overdue ones; the report's span does not matter."""
    asked = await api.create_deployment()
    ok_json(await api.perform(asked, Action.BREAK_GLASS))

    assert (await report(api))["after_reviews_open"]["deployments"] == [asked["number"]]
    api.clock.advance(timedelta(days=365))
    later = await report(api)

    assert later["after_reviews_open"]["count"] == 0
    assert later["after_reviews_overdue"]["deployments"] == [asked["number"]]


async def test_filters_narrow_it_each_to_any_of_its_values(api: Api) -> None:
    """What is not known has no deployments, as in the lists."""
    for service in ("shop", "cart"):
        for environment in ("staging", "production"):
            at = "2026-11-20T00:00:00Z"
            await record(api, at, service=service, environment=environment)

    async def counted(**params: Any) -> int:
        told = await report(api, **params)
        number: int = told["figures"]["deployments"]["count"]
        return number

    assert await counted() == 4
    assert await counted(service="shop") == 2
    assert await counted(service=["shop", "cart"], environment="staging") == 2
    assert await counted(service="nobody") == await counted(environment="nowhere") == 0


async def test_the_beginning_belongs_to_a_span_and_its_end_does_not(api: Api) -> None:
    """Whichever zone they are given in."""
    await record(api, "2026-11-20T00:00:00Z")

    async def counted(since: str, until: str) -> int:
        told = await report(api, since=since, until=until, bucket="day")
        number: int = told["figures"]["deployments"]["count"]
        return number

    assert await counted("2026-11-20T00:00:00Z", "2026-11-20T00:00:01Z") == 1
    assert await counted("2026-11-20T02:00:00+02:00", "2026-11-20T02:00:01+02:00") == 1
    assert await counted("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z") == 0
    assert await counted("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z") == 0


@pytest.mark.parametrize(
    ("params", "code", "pointer"),
    [
        ({"since": "yesterday"}, "invalid", "query/since"),
        ({"until": "2026-11-21"}, "invalid", "query/until"),
        ({"since": "0001-01-01T00:00:00+01:00"}, "invalid", "query/since"),
        ({"bucket": "year"}, "invalid", "query/bucket"),
        ({"since": "2026-11-21T12:00:00.000001Z"}, "since_after_until", "query/since"),
        (
            {"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"},
            "since_after_until",
            "query/since",
        ),
    ],
)
async def test_a_span_that_is_none_is_refused(
    api: Api, params: dict[str, str], code: str, pointer: str
) -> None:
    """Told with the place of what is wrong."""
    assert_problem(await api.get(PATH, params=params), 422, code, pointer)


async def test_a_report_has_no_more_parts_than_can_be_read(api: Api) -> None:
    """Four hundred: longer ones are there for longer spans, to the end of the calendar."""
    since = (NOON - timedelta(days=399)).isoformat()
    assert len((await report(api, since=since, bucket="day"))["buckets"]) == 400

    since = (NOON - timedelta(days=400)).isoformat()
    refused = await api.get(PATH, params={"since": since, "bucket": "day"})

    assert_problem(refused, 422, "too_many_buckets", "query/bucket")
    assert len((await report(api, since=since))["buckets"]) == 58
    early = {"until": "0001-01-02T00:00:00Z", "bucket": "month"}
    assert (await report(api, **early))["since"] == "0001-01-01T00:00:00Z"


async def test_everybody_who_is_signed_in_reads_it(api: Api) -> None:
    """It tells nothing that the lists do not; nobody else does."""
    await api.create_user("val", roles=(), groups=())

    assert (await api.get(PATH, headers=auth_header("val"))).status_code == 200
    assert_problem(
        await api.get(PATH, headers={"Authorization": "Bearer x"}), 401, "unauthenticated"
    )
