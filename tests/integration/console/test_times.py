"""Times on pages: relative ones with the UTC time as title, absolute ones in events."""

from __future__ import annotations

import re

import pytest

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import PAGES, visible_text
from tests.support.http.api import Api, created_json

UTC_TIME = r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d(:\d\d)? UTC"


@pytest.mark.parametrize("path", PAGES)
async def test_every_time_is_an_element_with_its_utc_time_as_title(
    api: Api, as_user: AsUser, path: str
) -> None:
    """So the browser can show each time in its own zone, and the UTC time is never lost."""
    await api.deployment(Status.SUCCEEDED)
    freeze = {
        "reason": "The sale.",
        "scope": {"tier": "staging"},
        "ends_at": "2026-12-24T18:00:00Z",
    }
    created_json(await api.post("/freezes", freeze))

    page = await (await as_user("owner")).open(path)

    elements = re.findall(r"<time [^>]*>[^<]*</time>", page)
    assert all(re.search(rf'title="{UTC_TIME}"', element) for element in elements)
    main = re.sub(r"<time .*?</time>", "", page.partition("<main")[2], flags=re.DOTALL)
    assert re.search(UTC_TIME, visible_text(main)) is None


async def test_events_have_absolute_times_and_the_hash_of_the_last_one(
    api: Api, as_user: AsUser
) -> None:
    """A printed page can be compared with the evidence."""
    deployment = await api.deployment(Status.SUCCEEDED)
    evidence = (await api.get(f"/deployments/{deployment['number']}/evidence")).json()

    page = await (await as_user("olga")).open(f"/deployments/{deployment['number']}")

    events = page.partition('<ol class="events">')[2].partition("</section>")[0]
    assert re.search(UTC_TIME, visible_text(events))
    assert "ago" not in visible_text(events)
    assert evidence["chain"]["deployment_hash"] in events
    assert re.search(f"Printed by olga on {UTC_TIME}", visible_text(page))
