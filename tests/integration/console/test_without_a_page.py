"""What a browser sees where there is no page to show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.console.conftest import As
from tests.support.console import error_text
from tests.support.http.api import Api
from tests.support.http.sign_in import anonymous_client
from tests.support.http.users import patch_user


async def test_a_session_that_opens_nothing_any_more_leads_to_the_sign_in_page(
    api: Api, as_somebody: As
) -> None:
    """Though the browser still sends it."""
    eve = await as_somebody("eve")
    await patch_user(api, "eve", disabled=True)

    response = await eve.client.get("/inbox")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/inbox")


async def test_a_bug_of_ours_is_told_without_details(
    api: Api, as_somebody: As, caplog: pytest.LogCaptureFixture
) -> None:
    """On a page; its cause is in the log."""

    class Broken:
        def __init__(self, whole: object) -> None:
            self.whole = whole

        def __getattr__(self, name: str) -> Any:
            if name == "services":
                raise ValueError("a secret detail")
            return getattr(self.whole, name)

    ada, context = await as_somebody("ada"), api.app.state.context
    reads: Any = Broken(context.reads)
    api.app.state.context = replace(context, reads=reads)

    page = await ada.open("/services", 500)

    assert "on our side" in error_text(page)
    assert "a secret detail" not in page
    assert "internal error at GET /services" in caplog.text


async def test_a_file_that_the_pages_do_not_load_is_not_there(api: Api) -> None:
    """Whatever it is called."""
    async with anonymous_client(api) as client:
        for name in ("none.js", "..%2Fstyle.css", "%00"):
            assert (await client.get(f"/console/x/{name}")).status_code == 404
