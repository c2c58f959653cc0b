"""The page of reports: charts, the same in numbers, and the way to what is behind each figure."""

from __future__ import annotations

import re
from datetime import timedelta

from gatepost_api.console.views import labels
from gatepost_domain.reports.figures import DEFINITIONS, Figure
from gatepost_domain.reports.periods import Bucket
from gatepost_domain.status import Action, Status
from tests.integration.console.conftest import As
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json


async def test_nothing_to_report_is_said_so(as_somebody: As) -> None:
    """With the way to what fills it; under a filter, with the way back."""
    owner = await as_somebody("owner")

    plain, filtered = await owner.open("/reports"), await owner.open("/reports?service=cart")

    assert "No deployments or requests from 2026-08-23 to 2026-11-21." in visible_text(plain)
    assert 'href="/deployments/new"' in plain
    assert '<svg class="chart"' not in plain
    assert "Show the last 90 days, unfiltered" in visible_text(filtered)


async def test_a_report_shows_each_figure_with_its_sentence(api: Api, as_somebody: As) -> None:
    """All of them, and what each is called."""
    await api.deployment(Status.SUCCEEDED)
    read = visible_text(await (await as_somebody("owner")).open("/reports?until=2026-11-22"))

    assert set(labels.FIGURE) == set(Figure)
    assert set(labels.BUCKET) == set(Bucket)
    for figure, sentence in DEFINITIONS.items():
        assert labels.FIGURE[figure] in read
        assert sentence in read


async def test_figures_lead_to_the_deployments_behind_them(api: Api, as_somebody: As) -> None:
    """One of two was rolled back; the next stood two hours later."""
    bad = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(bad, Action.ROLLBACK))
    api.clock.advance(timedelta(hours=2))
    await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=2))

    html = await (await as_somebody("owner")).open("/reports")

    failure = re.search(r'<li id="change-failure-rate">.*?</li>', html, re.DOTALL)
    assert failure is not None
    assert "50.0% 1 of 2" in visible_text(failure[0])
    assert re.findall(r'href="([^"]+)"', failure[0]) == ["/deployments/DEP-1"]
    recovery = re.search(r'<li id="recovery-time">.*?</li>', html, re.DOTALL)
    assert recovery is not None
    assert "2 h median of 1; p90 2 h" in visible_text(recovery[0])


async def test_charts_are_told_in_words_and_numbers_too(api: Api, as_somebody: As) -> None:
    """Who sees no picture has its title, what it comes to, and a table of the same."""
    asked = await api.create_deployment()
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "owner"),
        (Action.SUCCEED, "owner"),
    ):
        api.clock.advance(timedelta(hours=1))
        ok_json(await api.perform(asked, action, actor=actor))
    await api.deployment(Status.FAILED)
    api.clock.advance(timedelta(days=1))

    html = await (await as_somebody("owner")).open("/reports?bucket=day&since=2026-11-20")

    assert html.count('role="img" aria-labelledby=') == 2
    described = dict(re.findall(r'<(title|desc) id="deployed-\w+">([^<]+)<', html))
    assert described["title"] == "Deployments per day"
    assert "1 deployments; 1 failed or were rolled back." in described["desc"]
    rows = [visible_text(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', html)]
    assert rows == [
        "2026-11-20 0 0 0 of 0 – –",
        "2026-11-21 1 0 1 of 2 4 h 4 h",
        "2026-11-22 0 0 0 of 0 – –",
    ]
    assert html.count('<rect class="good"') == html.count('<rect class="bad"') == 3
    assert html.count("<circle ") == 1


async def test_the_last_day_that_is_chosen_belongs_to_the_report(api: Api, as_somebody: As) -> None:
    """People mean whole days; what is no day is as if nothing was chosen."""
    await api.deployment(Status.SUCCEEDED)
    owner = await as_somebody("owner")

    on_the_day = "/reports?since=2026-11-21&until=2026-11-21"
    assert "Nothing to report" not in await owner.open(on_the_day)
    assert "Nothing to report" in await owner.open("/reports?until=2026-11-20")
    await owner.open("/reports?since=yesterday&until=x&bucket=year")


async def test_a_report_that_cannot_be_made_is_refused_with_why(as_somebody: As) -> None:
    """It would begin after its end, or have more parts than anybody reads."""
    owner = await as_somebody("owner")

    backwards = await owner.open("/reports?since=2026-11-21&until=2026-11-01", 422)
    endless = await owner.open("/reports?since=2020-01-01&bucket=day", 422)

    assert "The span begins after it ends" in visible_text(backwards)
    assert "more than 400 parts" in visible_text(endless)
