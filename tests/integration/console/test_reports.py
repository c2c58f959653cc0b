"""The report page: the four figures of DORA with their charts, and links to the deployments."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

from gatepost_api.console.views import labels
from gatepost_api.console.views.report_metrics import COMPLIANCE, FLOW, SUMMARIES
from gatepost_domain.reports.metric_definitions import DEFINITIONS, Figure
from gatepost_domain.reports.periods import Bucket
from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json


def section(html: str, name: str) -> str:
    """Return the part of the page about a figure."""
    match = re.search(rf'<(section|li|tr)[^>]* id="{name}".*?</\1>', html, re.DOTALL)
    assert match is not None
    return match[0]


async def record(api: Api, version: str, deployed_at: str, environment: str = "production") -> None:
    """Record a deployment of shop."""
    body = {"service": "shop", "environment": environment, "version": version}
    created_json(await api.post("/deployments/record", {**body, "deployed_at": deployed_at}))


async def test_an_empty_report_says_so_in_one_sentence(as_user: AsUser) -> None:
    """There are no empty charts; the page suggests what to do next."""
    owner = await as_user("owner")

    plain, filtered = await owner.open("/reports"), await owner.open("/reports?service=cart")

    sentence = (
        "There were no deployments or requests to production from 24 August 2026 to 21 November "
        "2026. The metrics appear here after the first deployment."
    )
    assert sentence in visible_text(plain)
    assert 'href="/deployments/new"' in plain
    assert '<svg class="chart"' not in plain
    assert "Show production in the last 90 days" in visible_text(filtered)


async def test_a_report_shows_each_figure_with_its_definition(api: Api, as_user: AsUser) -> None:
    """A long definition is summarized, with a link; the lead time is measured in three ways."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")
    page = await owner.open("/reports")
    terms = visible_text(await owner.open("/help/terms"))

    assert set(labels.FIGURE) == set(Figure)
    assert set(labels.BUCKET) == set(Bucket)
    shown = {*COMPLIANCE, *FLOW, Figure.FREQUENCY, Figure.CHANGE_FAILURE_RATE, Figure.RECOVERY_TIME}
    assert shown | {Figure.DEPLOYMENTS} == set(Figure)
    for figure in shown:
        assert SUMMARIES.get(figure, DEFINITIONS[figure]) in visible_text(page)
        link = f'href="/help/terms#metric-{figure.replace("_", "-")}"'
        assert (link in page) == (figure in SUMMARIES)
        assert DEFINITIONS[figure] in visible_text(page), "a printed report has it"
        assert f"{labels.FIGURE[figure]} {DEFINITIONS[figure]}" in terms


async def test_figures_link_to_their_deployments(api: Api, as_user: AsUser) -> None:
    """The failure rate links to the rolled-back deployment; the next success restores service."""
    bad = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(bad, Action.ROLLBACK))
    api.clock.advance(timedelta(hours=2))
    await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=2))

    html = await (await as_user("owner")).open("/reports")

    failure = section(html, "change-failure-rate")
    assert "50.0% 1 of 2 deployments" in visible_text(failure)
    assert re.findall(r'href="(/deployments/[^"]+)"', failure) == ["/deployments/DEP-1"]
    recovery = visible_text(section(html, "recovery-time"))
    assert "2 h median of 1 deployment, 90% within 2 h" in recovery


async def test_recorded_history_has_all_four_figures(api: Api, as_user: AsUser) -> None:
    """Version 2 was live for four hours before the return to 1, six hours after it was tested.

    In the seven days to 21 November, 1, 2 and 2 again went live, and 1 as a rollback.
    """
    for version in ("1", "2"):
        created_json(await api.post("/services/shop/versions", {"version": version}))
    await record(api, "1", "2026-11-16T08:00:00Z")
    await record(api, "2", "2026-11-17T02:00:00Z", "test")
    await record(api, "2", "2026-11-17T08:00:00Z")
    await record(api, "1", "2026-11-17T12:00:00Z")
    await record(api, "2", "2026-11-19T02:00:00Z")

    html = await (await as_user("owner")).open("/reports?since=2026-11-15&until=2026-11-21")

    def text(name: str) -> str:
        return visible_text(section(html, name))

    assert "3 deployments in 7 days including today so far" in text("frequency")
    assert "33.3% 1 of 3 deployments" in text("change-failure-rate")
    assert "4 h median of 1 deployment" in text("recovery-time")
    assert "Lead time from promotion 1 d 3 h median of 2" in text("lead-time-from-promotion")
    assert "1 Previous period: 0 1 deployment" in text("rollbacks")


async def test_figures_are_compared_with_the_period_before(api: Api, as_user: AsUser) -> None:
    """The period before has the same length and ends where the shown one begins."""
    created_json(await api.post("/services/shop/versions", {"version": "1"}))
    await record(api, "1", "2026-11-02T10:00:00Z")
    for day in (9, 10):
        await record(api, "1", f"2026-11-{day:02}T10:00:00Z")

    html = await (await as_user("owner")).open("/reports?since=2026-11-08&until=2026-11-14")

    assert "compared with the previous period of 7 days" in visible_text(html)
    frequency = section(html, "frequency")
    assert "2.0 per week" in visible_text(frequency)
    assert "up from 1.0 per week , which is better" in visible_text(frequency)
    assert 'class="change good"' in frequency


async def test_a_missing_value_has_a_reason(api: Api, as_user: AsUser) -> None:
    """Nothing is shown as "none" or as a zero duration."""
    await api.deployment(Status.SUCCEEDED)

    html = await (await as_user("owner")).open("/reports")

    rate, recovery = section(html, "change-failure-rate"), section(html, "recovery-time")
    assert "0.0% no failures among 1 deployment" in visible_text(rate)
    assert "\N{EN DASH} no failures Nothing to plot in this period." in visible_text(recovery)
    assert "<svg" not in rate + recovery


async def test_a_rate_is_a_share_under_its_name_in_the_terms(api: Api, as_user: AsUser) -> None:
    """A number of deployments is never shown with the definition of a share."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")

    used = await owner.open("/reports")
    created_json(await api.post("/services/shop/versions", {"version": "1"}))
    await record(api, "1", "2026-11-02T10:00:00Z", "staging")
    unused = await owner.open("/reports?tier=staging")

    for figure in (Figure.OVERRIDE_RATE, Figure.BREAK_GLASS_RATE):
        name = figure.replace("_", "-")
        share = f"{labels.FIGURE[figure]} 0.0% none among 1 deployment Of the deployments"
        nothing = f"{labels.FIGURE[figure]} \N{EN DASH} no deployments started in Gatepost"
        assert share in visible_text(section(used, name))
        assert nothing in visible_text(section(unused, name))


async def test_the_frequency_has_no_unit_in_its_definition(api: Api, as_user: AsUser) -> None:
    """The value is per day, per week or per 30 days, whichever is at least 1."""
    await api.deployment(Status.SUCCEEDED)

    text = visible_text(section(await (await as_user("owner")).open("/reports"), "frequency"))

    assert "per 30 days" in text
    assert "per day" not in text


async def test_charts_have_text_alternatives_and_a_data_table(api: Api, as_user: AsUser) -> None:
    """Each chart has a title and a description, and a table contains the numbers."""
    deployment = await api.create_deployment()
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "owner"),
        (Action.SUCCEED, "owner"),
    ):
        api.clock.advance(timedelta(hours=1))
        ok_json(await api.perform(deployment, action, actor=actor))
    await api.deployment(Status.FAILED)
    api.clock.advance(timedelta(days=1))

    html = await (await as_user("owner")).open("/reports?bucket=day&since=2026-11-20")

    assert html.count('role="img" aria-labelledby=') == 3
    texts = dict(re.findall(r'<(title|desc) id="frequency-\w+">([^<]+)<', html))
    assert texts["title"] == "Deployments per day"
    assert "1 deployment in 3 days including today so far. The data table lists" in texts["desc"]
    table = html[html.index('aria-label="Metrics per day"') :]
    rows = [visible_text(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', table)]
    assert rows == [
        "2026-11-20 0 0 0 of 0 \N{EN DASH} \N{EN DASH} \N{EN DASH}",
        "2026-11-21 1 0 1 of 2 4 h 4 h \N{EN DASH}",
        "2026-11-22 0 0 0 of 0 \N{EN DASH} \N{EN DASH} \N{EN DASH}",
    ]
    assert html.count('<rect class="good"') == 3
    assert html.count('<rect class="bad"') == 1
    assert html.count("<circle ") == 1


async def test_production_is_shown_unless_another_tier_is_chosen(api: Api, as_user: AsUser) -> None:
    """An environment, a team or a service narrow the report; an environment replaces the tier."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")

    for query, is_empty in (
        ("", False),
        ("?tier=staging", True),
        ("?tier=any&team=nobody", True),
        ("?tier=staging&environment=production", False),
        ("?environment=test", True),
    ):
        assert ("Nothing to report yet" in await owner.open(f"/reports{query}")) is is_empty, query


async def test_the_end_date_of_a_report_is_included(api: Api, as_user: AsUser) -> None:
    """Dates stand for whole days, and invalid dates are ignored."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")

    same_day = await owner.open("/reports?since=2026-11-21&until=2026-11-21")
    assert "Nothing to report" not in same_day
    assert 'name="since" type="date" value="2026-11-21"' in same_day
    assert "Nothing to report" in await owner.open("/reports?until=2026-11-20")
    default = await owner.open("/reports?since=yesterday&until=x&bucket=year")
    assert 'name="since" type="date" value="2026-08-24"' in default
    assert 'name="until" type="date" value="2026-11-21"' in default


async def test_the_csv_file_has_every_figure(api: Api, as_user: AsUser) -> None:
    """Its rows are the figures of the period, of the one before, and of each part."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")
    page = await owner.open("/reports?since=2026-11-09&until=2026-11-21&bucket=week")
    link = re.search(r'href="(/reports\.csv\?[^"]+)"', page)
    assert link is not None

    response = await owner.client.get(link[1].replace("&amp;", "&"))

    assert response.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert {row["figure"] for row in rows} == set(Figure)
    assert [row["period"] for row in rows if row["figure"] == "frequency"] == [
        "total",
        "before",
        "part",
        "part",
    ]
    total = next(row for row in rows if row["figure"] == "deployments")
    assert (total["count"], total["deployments"]) == ("1", "DEP-1")


async def test_an_invalid_report_period_is_refused(as_user: AsUser) -> None:
    """A period that ends before it begins or has too many parts is refused."""
    owner = await as_user("owner")

    backwards = await owner.open("/reports?since=2026-11-21&until=2026-11-01", 422)
    endless = await owner.open("/reports?since=2020-01-01&bucket=day", 422)

    assert "The period starts after its end" in visible_text(backwards)
    assert "more than 400 buckets" in visible_text(endless)
