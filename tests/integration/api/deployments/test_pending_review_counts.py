"""The number of waiting reviews in the menu is counted once for each state of what is stored."""

from __future__ import annotations

import pytest

from gatepost_api.http.app_context import AppContext
from gatepost_domain.status_transitions import Status
from tests.support.console import sign_in_as
from tests.support.http.api import Api


async def find_count(context: AppContext) -> int | None:
    """Return the count of quinn that is kept for what is stored now."""
    version = context.reads.known_state_version() or await context.reads.load_state_version()
    return context.pending_counts.find("quinn", version=version)


@pytest.mark.every_database
async def test_the_count_of_reviews_is_kept_until_something_is_stored(api: Api) -> None:
    """On every page the count is that of the present state, and no page counts it a second time."""
    context = api.app.state.context
    await api.deployment(Status.PENDING_APPROVAL)
    console = await sign_in_as(api, "quinn")

    for _ in range(2):  # after the first page, that the session was used is stored
        await console.open("/help/keys")
    known = await find_count(context)
    await api.deployment(Status.PENDING_APPROVAL)
    outdated = await find_count(context)
    page = await console.open("/help/keys")
    await console.client.aclose()

    assert (known, outdated) == (1, None)
    assert 'class="count"><span class="sr-only">, </span>2<' in page
