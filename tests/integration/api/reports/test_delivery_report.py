"""The delivery report: figures for this server, each with the deployments it is based on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.reports.metric_definitions import COUNTING_RULE, DEFINITIONS
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json

PATH = "/reports/delivery"
JUST_AFTER = {"until": "2026-11-22T00:00:00Z"}


async def get_report(api: Api, **params: Any) -> Json:
    return ok_json(await api.get(PATH, params=params))


async def record(api: Api, at: str, **changes: Any) -> Json:
    body = {"service": "shop", "environment": "production", "version": "1.0.0", "deployed_at": at}
    return created_json(await api.post("/deployments/record", body | changes))


async def test_default_report_covers_ninety_days_by_week(api: Api) -> None:
    """The span ends now and is fully covered by its buckets. Weeks start on Mondays."""
    report = await get_report(api)

    assert (report["since"], report["until"]) == ("2026-08-23T12:00:00Z", "2026-11-21T12:00:00Z")
    assert report["bucket"] == "week"
    starts = [bucket["since"] for bucket in report["buckets"]]
    assert starts[:2] == ["2026-08-23T12:00:00Z", "2026-08-24T00:00:00Z"]
    assert len(starts) == 14
    assert report["buckets"][-1]["until"] == report["until"]


async def test_every_figure_has_its_definition(api: Api) -> None:
    """The definition is the same for the whole span and for each bucket."""
    report = await get_report(api)

    reviews = {name: report[name] for name in ("after_reviews_open", "after_reviews_overdue")}
    for figures in (report["figures"] | reviews, report["buckets"][0]["figures"] | reviews):
        assert {name: figure["definition"] for name, figure in figures.items()} == DEFINITIONS
    assert report["placement"] == COUNTING_RULE


async def test_report_counts_deployments(api: Api) -> None:
    """The report counts two successes, a rollback between them and a rejection."""
    await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=1))
    bad = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(bad, Action.ROLLBACK))
    api.clock.advance(timedelta(hours=2))
    await api.deployment(Status.SUCCEEDED)
    await api.deployment(Status.REJECTED)

    figures = (await get_report(api, **JUST_AFTER))["figures"]

    failed = figures["change_failure_rate"]
    assert failed.pop("definition")
    assert failed.pop("follows").startswith("DORA: ")
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


async def test_open_after_review_is_counted_until_closed(api: Api) -> None:
    """The after-review is counted as open and later as overdue, regardless of the span."""
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.BREAK_GLASS))

    assert (await get_report(api))["after_reviews_open"]["deployments"] == [deployment["number"]]
    api.clock.advance(timedelta(days=365))
    later = await get_report(api)

    assert later["after_reviews_open"]["count"] == 0
    assert later["after_reviews_overdue"]["deployments"] == [deployment["number"]]


async def test_filters_narrow_the_report(api: Api) -> None:
    """Values of one filter are alternatives, and an unknown value matches no deployments."""
    for service in ("shop", "cart"):
        for environment in ("staging", "production"):
            at = "2026-11-20T00:00:00Z"
            await record(api, at, service=service, environment=environment)

    async def count_deployments(**params: Any) -> int:
        report = await get_report(api, **params)
        number: int = report["figures"]["deployments"]["count"]
        return number

    assert await count_deployments() == 4
    assert await count_deployments(service="shop") == 2
    assert await count_deployments(service=["shop", "cart"], environment="staging") == 2
    assert (
        await count_deployments(service="nobody")
        == await count_deployments(environment="nowhere")
        == 0
    )


async def test_span_includes_its_start_and_excludes_its_end(api: Api) -> None:
    """The start is included and the end excluded in any time zone."""
    await record(api, "2026-11-20T00:00:00Z")

    async def count_deployments(since: str, until: str) -> int:
        report = await get_report(api, since=since, until=until, bucket="day")
        number: int = report["figures"]["deployments"]["count"]
        return number

    assert await count_deployments("2026-11-20T00:00:00Z", "2026-11-20T00:00:01Z") == 1
    assert await count_deployments("2026-11-20T02:00:00+02:00", "2026-11-20T02:00:01+02:00") == 1
    assert await count_deployments("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z") == 0
    assert await count_deployments("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z") == 0


@pytest.mark.parametrize(
    ("params", "code", "pointer"),
    [
        ({"since": "yesterday"}, "invalid", "query/since"),
        ({"until": "2026-11-21T"}, "invalid", "query/until"),
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
async def test_invalid_span_is_refused(
    api: Api, params: dict[str, str], code: str, pointer: str
) -> None:
    """The error points at the parameter."""
    assert_problem(await api.get(PATH, params=params), 422, code, pointer)


async def test_report_has_at_most_four_hundred_buckets(api: Api) -> None:
    """A span with more buckets is refused, but larger buckets can cover the same span."""
    since = (NOON - timedelta(days=399)).isoformat()
    assert len((await get_report(api, since=since, bucket="day"))["buckets"]) == 400

    since = (NOON - timedelta(days=400)).isoformat()
    refused = await api.get(PATH, params={"since": since, "bucket": "day"})

    assert_problem(refused, 422, "too_many_buckets", "query/bucket")
    assert len((await get_report(api, since=since))["buckets"]) == 58
    early = {"until": "0001-01-02T00:00:00Z", "bucket": "month"}
    assert (await get_report(api, **early))["since"] == "0001-01-01T00:00:00Z"


async def test_every_signed_in_user_reads_the_report(api: Api) -> None:
    """A user without roles can read the report. With an invalid token, the response is 401."""
    await api.create_user("val", roles=(), groups=())

    assert (await api.get(PATH, headers=auth_header("val"))).status_code == 200
    assert_problem(
        await api.get(PATH, headers={"Authorization": "Bearer x"}), 401, "unauthenticated"
    )
