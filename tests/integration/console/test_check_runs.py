"""Running the checks of a target from the console."""

from __future__ import annotations

from gatepost_domain.access.roles import Role
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.check_runs import KINDS, PATH, RESULT_BODY, TARGET_WITH_CHECKS

PAGE = f"{PATH}/checks"


async def test_operator_runs_the_checks_and_sees_their_results(api: Api, as_user: AsUser) -> None:
    """The page shows that the run waits for a worker, that it is running, and what it found."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    olga = await as_user("olga")
    assert "Not run yet" in visible_text(await olga.open(PAGE))

    page = visible_text(await olga.submit_and_follow(PAGE))
    assert "Checks requested. The results appear below." in page
    assert "Latest run Queued" in page
    assert "Waiting for a worker." in page

    body = {"worker": "berlin-1", "kinds": KINDS}
    task = ok_json(await api.post("/worker/claims", body))
    assert "Latest run Running" in visible_text(await olga.open(PAGE))

    failed = RESULT_BODY | {"state": "failed", "detail": "GET /health returned 503."}
    finish = {"fencing_token": 1, "results": [failed]}
    ok_json(await api.post(f"/worker/check-runs/{task['id']}/finish", finish))
    page = visible_text(await olga.open(PAGE))
    assert "Latest run Failed" in page
    assert "Failed health GET /health returned 503." in page
    assert "Skipped cart An earlier required check did not pass." in page


async def test_second_run_is_not_started(api: Api, as_user: AsUser) -> None:
    """The button is disabled while a run is open, and another browser's request is refused."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    olga = await as_user("olga")
    page = await olga.submit_and_follow(PAGE)

    assert "disabled" in page
    message = await olga.submit_refused(PAGE, 409)
    assert message.startswith("Not started. The checks of shop in production are already queued")


async def test_earlier_runs_are_listed(api: Api, as_user: AsUser) -> None:
    """Each has its result, and what did not pass."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    olga = await as_user("olga")
    for state in ("failed", "passed"):
        await olga.submit_and_follow(PAGE)
        task = ok_json(await api.post("/worker/claims", {"worker": "berlin-1", "kinds": KINDS}))
        result = RESULT_BODY | {"state": state, "detail": f"It {state}."}
        cart = RESULT_BODY | {"name": "cart"}
        finish = {"fencing_token": 1, "results": [result, cart]}
        ok_json(await api.post(f"/worker/check-runs/{task['id']}/finish", finish))

    page = visible_text(await olga.open(PAGE))

    assert "Latest run Passed" in page
    assert "Earlier runs" in page
    assert "1 of 2 passed health It failed." in page


async def test_viewer_sees_why_the_button_is_disabled(api: Api, as_user: AsUser) -> None:
    """Everybody may read the results."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))

    await api.create_user("mo", roles=[Role.VIEWER])
    mo = await as_user("mo")

    page = visible_text(await mo.open(PAGE))
    assert "Running the checks requires the operator role for shop in production." in page
    assert "Couldn't" not in page
    assert await mo.submit_refused(PAGE, 403)


async def test_target_without_checks_says_what_to_configure(as_user: AsUser) -> None:
    """There is no button."""
    olga = await as_user("olga")

    page = visible_text(await olga.open(PAGE))

    assert "No checks to run" in page
    assert "Run the checks now" not in page
    assert "has no checks" in await olga.submit_refused(PAGE, 409)
    await olga.open("/services/none/targets/production/checks", 404)


async def test_service_page_leads_to_the_checks(api: Api, as_user: AsUser) -> None:
    """Only environments whose targets have checks are listed."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    olga = await as_user("olga")

    page = await olga.open("/services/shop")

    assert f'href="{PAGE}"' in page
    assert "/targets/staging/checks" not in page
