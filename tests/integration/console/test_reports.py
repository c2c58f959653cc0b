"""The report page: charts, a data table, and links to the deployments of each figure."""

from __future__ import annotations

import re
from datetime import timedelta

from gatepost_api.console.views import labels
from gatepost_domain.reports.figure_definitions import DEFINITIONS, Figure
from gatepost_domain.reports.periods import Bucket
from gatepost_domain.status import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json


async def test_an_empty_report_says_so(as_user: AsUser) -> None:
    """The page says that its period has no deployments, and suggests what to do next."""
    owner = await as_user("owner")

    plain, filtered = await owner.open("/reports"), await owner.open("/reports?service=cart")

    assert "No deployments or requests from 2026-08-23 to 2026-11-21." in visible_text(plain)
    assert 'href="/deployments/new"' in plain
    assert '<svg class="chart"' not in plain
    assert "Show the last 90 days, unfiltered" in visible_text(filtered)


async def test_a_report_shows_each_figure_with_its_definition(api: Api, as_user: AsUser) -> None:
    """Every figure has a label and its definition."""
    await api.deployment(Status.SUCCEEDED)
    text = visible_text(await (await as_user("owner")).open("/reports?until=2026-11-22"))

    assert set(labels.FIGURE) == set(Figure)
    assert set(labels.BUCKET) == set(Bucket)
    for figure, definition in DEFINITIONS.items():
        assert labels.FIGURE[figure] in text
        assert definition in text


async def test_figures_link_to_their_deployments(api: Api, as_user: AsUser) -> None:
    """The failure rate links to the rolled-back deployment; the next success is its recovery."""
    bad = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(bad, Action.ROLLBACK))
    api.clock.advance(timedelta(hours=2))
    await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=2))

    html = await (await as_user("owner")).open("/reports")

    failure = re.search(r'<li id="change-failure-rate">.*?</li>', html, re.DOTALL)
    assert failure is not None
    assert "50.0% 1 of 2" in visible_text(failure[0])
    assert re.findall(r'href="([^"]+)"', failure[0]) == ["/deployments/DEP-1"]
    recovery = re.search(r'<li id="recovery-time">.*?</li>', html, re.DOTALL)
    assert recovery is not None
    assert "2 h median of 1; p90 2 h" in visible_text(recovery[0])


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

    assert html.count('role="img" aria-labelledby=') == 2
    texts = dict(re.findall(r'<(title|desc) id="deployed-\w+">([^<]+)<', html))
    assert texts["title"] == "Deployments per day"
    assert "1 deployments; 1 failed or were rolled back." in texts["desc"]
    rows = [visible_text(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', html)]
    assert rows == [
        "2026-11-20 0 0 0 of 0 – –",
        "2026-11-21 1 0 1 of 2 4 h 4 h",
        "2026-11-22 0 0 0 of 0 – –",
    ]
    assert html.count('<rect class="good"') == html.count('<rect class="bad"') == 3
    assert html.count("<circle ") == 1


async def test_the_end_date_of_a_report_is_included(api: Api, as_user: AsUser) -> None:
    """Dates stand for whole days, and invalid dates are ignored."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_user("owner")

    same_day = "/reports?since=2026-11-21&until=2026-11-21"
    assert "Nothing to report" not in await owner.open(same_day)
    assert "Nothing to report" in await owner.open("/reports?until=2026-11-20")
    await owner.open("/reports?since=yesterday&until=x&bucket=year")


async def test_an_invalid_report_period_is_refused(as_user: AsUser) -> None:
    """A period that ends before it begins or has too many parts is refused."""
    owner = await as_user("owner")

    backwards = await owner.open("/reports?since=2026-11-21&until=2026-11-01", 422)
    endless = await owner.open("/reports?since=2020-01-01&bucket=day", 422)

    assert "The period starts after its end" in visible_text(backwards)
    assert "more than 400 buckets" in visible_text(endless)
