"""Error pages of the console."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.console.conftest import AsUser
from tests.support.console import error_text
from tests.support.http.api import Api
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client
from tests.support.http.users import patch_user


async def test_a_disabled_user_is_redirected_to_sign_in(api: Api, as_user: AsUser) -> None:
    """The session cookie of a disabled user is no longer valid."""
    eve = await as_user("eve")
    await patch_user(api, "eve", disabled=True)

    response = await eve.client.get("/inbox")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/inbox")


async def test_an_internal_error_page_shows_no_details(
    api: Api, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    """The cause of the error is written only to the log."""

    class BrokenReads:
        def __init__(self, reads: object) -> None:
            self.reads = reads

        def __getattr__(self, name: str) -> Any:
            if name == "services":
                raise ValueError("a secret detail")
            return getattr(self.reads, name)

    ada, context = await as_user("ada"), api.app.state.context
    reads: Any = BrokenReads(context.reads)
    api.app.state.context = replace(context, reads=reads)

    page = await ada.open("/services", 500)

    assert "on our side" in error_text(page)
    assert "a secret detail" not in page
    assert "internal error at GET /services" in caplog.text


async def test_a_form_with_too_many_fields_is_refused(as_user: AsUser) -> None:
    """Every form of the console has a maximum number of fields; the page names it."""
    ada = await as_user("ada")
    fields = {f"field-{number}": "x" for number in range(10_000)}

    response = await ada.client.post("/services/new", data=fields, headers=SAME_ORIGIN)

    assert response.status_code == 413
    assert "more than 600 fields" in error_text(response.text)


async def test_an_unknown_static_file_is_not_found(api: Api) -> None:
    """File names with path traversal or null bytes are not found either."""
    async with anonymous_client(api) as client:
        for name in ("none.js", "..%2Fstyle.css", "%00"):
            assert (await client.get(f"/console/x/{name}")).status_code == 404
