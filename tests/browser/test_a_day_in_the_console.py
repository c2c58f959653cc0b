"""What people do in the console, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from gatepost_client.models import ReasonBody
from tests.browser.conftest import Stage
from tests.support.chromium import BrowserUser
from tests.support.shop import shop_request

Seat = Callable[[str], BrowserUser]

AT_ONCE_MS = 4_000
"""Less than the 5 s after which a page that lost its stream tries again."""

SLOW_CHOICES = """() => {
    const asked = window.fetch;
    window.fetch = async (address, options) => {
        const answer = await asked(address, options);
        const isChoice = String(options?.body).includes("_do=choose");
        if (isChoice) await new Promise((on) => setTimeout(on, 900));
        return answer;
    };
}"""
"""Lets what depends on a choice arrive late."""


def test_a_version_goes_from_the_request_to_its_rollback(seat: Seat) -> None:
    """Requested, approved twice, started, succeeded and rolled back: each by whom it is for."""
    ada, quinn, devin, olga = (seat(name) for name in ("ada", "quinn", "devin", "olga"))

    page = ada.open_page("/deployments/new")
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Environment").select_option("production")
    page.get_by_label("Version").select_option("1.4.2")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work references").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy 1.4.1.")
    page.get_by_label("Rollback plan").blur()
    expect(page.locator("#preview")).to_contain_text("Needs 2 approval stages")
    page.get_by_role("button", name="Request deployment").click()
    page.wait_for_url(re.compile(r"/deployments/DEP-\d+"))
    path = page.url.removeprefix(ada.url)
    expect(page.locator("#state")).to_contain_text("Waiting for approval")

    quinn.open_page(path)
    quinn.perform_action("Approve", Note="Tested.")
    expect(quinn.page.locator("#review")).to_contain_text("quinn")
    devin.open_page(path)
    devin.perform_action("Approve")
    expect(devin.page.locator("#state")).to_contain_text("Approved")
    olga.open_page(path)
    olga.perform_action("Start")
    expect(olga.page.locator("#state")).to_contain_text("In progress")
    olga.perform_action("Report success")
    expect(olga.page.locator("#state")).to_contain_text("Succeeded")
    olga.perform_action("Roll back", Reason="It times out.")
    expect(olga.page.locator("#state")).to_contain_text("Rolled back")
    expect(olga.page.locator("#events")).to_contain_text("It times out.")


def test_what_happens_in_one_browser_shows_in_the_other_within_a_second(
    seat: Seat, stage: Stage
) -> None:
    """On the deployment's own page, in the list, in the matrix and in the inbox."""
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn, ada = seat("quinn"), seat("ada")
    home, own, inbox = ada.page, ada.context.new_page(), ada.context.new_page()
    own.goto(f"/deployments/{deployment.number}")
    inbox.goto("/deployments")
    home.goto("/")
    expect(home.locator("#matrix")).to_contain_text("1.4.2: waiting for approval")
    quinn.open_page(f"/deployments/{deployment.number}")

    quinn.perform_action("Reject", Reason="Not today.")

    at = {"timeout": 1000}
    expect(own.locator("#state")).to_contain_text("Rejected", timeout=at["timeout"])
    expect(own.locator("#events")).to_contain_text("Not today.", timeout=at["timeout"])
    row = inbox.locator("tr", has_text=deployment.number)
    expect(row).to_contain_text("Rejected", timeout=at["timeout"])
    expect(home.locator("#matrix")).not_to_contain_text(
        "waiting for approval", timeout=at["timeout"]
    )


def test_no_event_is_lost_while_the_connection_is(seat: Seat, stage: Stage) -> None:
    """What happened meanwhile is on the page once it is back."""
    ada = seat("ada")
    page = ada.open_page("/deployments")
    expect(page.locator("#link")).to_be_hidden()
    ada.context.set_offline(offline=True)
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("staging"))
    ada.context.set_offline(offline=False)

    expect(page.locator("#rows")).to_contain_text(deployment.number)
    ada.console_errors.clear()  # that the network was gone


def test_a_note_that_is_being_written_is_not_taken_away(seat: Seat, stage: Stage) -> None:
    """The page follows what happens around it, and leaves whoever writes in peace."""
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    devin = seat("devin")
    page = devin.open_page(f"/deployments/{deployment.number}")
    with stage.as_("quinn") as client:
        client.approve_deployment(deployment.number)
    expect(page.locator("#review")).to_contain_text("quinn")
    page.locator("#act summary", has_text="Reject").click()
    field = page.locator("#act details[open] textarea")
    field.fill("I am still writ")

    with stage.as_("ada") as client:
        second = client.create_deployment(shop_request("production"))
        client.cancel_deployment(second.number, note_body("Twice."))
    expect(page.locator("body")).to_have_attribute("data-stream", "/api/v1/events/stream")
    page.wait_for_timeout(800)

    expect(field).to_have_value("I am still writ")
    expect(field).to_be_focused()


def test_recording_and_what_is_refused_there(seat: Seat) -> None:
    """The version list follows the service; the time is now, the person me; not tomorrow."""
    olga = seat("olga")
    page = olga.open_page("/record")
    page.get_by_label("Service").select_option("shop")
    expect(page.get_by_label("Version").locator("option")).to_have_count(3)
    expect(page.get_by_label("Deployed by")).to_have_value("olga")
    page.get_by_label("Version").select_option("1.4.1")
    page.get_by_label("Environment").select_option("staging")
    at = page.get_by_label("Deployed at (UTC)")
    assert at.input_value().startswith(f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: TID251  # the browser's day
    at.fill(f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M}")  # noqa: TID251

    page.get_by_role("button", name="Record deployment").click()

    expect(page.get_by_role("alert")).to_contain_text("must not be in the future")
    expect(page.get_by_label("Deployed at (UTC)")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Deployed at (UTC)").fill(f"{datetime.now(UTC):%Y-%m-%dT00:00}")  # noqa: TID251
    page.get_by_role("button", name="Record deployment").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded.")
    olga.open_page("/")
    expect(page.locator("#recent")).to_contain_text("1.4.1")


def test_a_version_of_another_service_is_refused(seat: Seat) -> None:
    """However it got into the form: the server says whose it is not."""
    olga = seat("olga")
    page = olga.open_page("/record?service=shop&environment=staging&version=9.9.9")

    page.get_by_role("button", name="Record deployment").click()

    expect(page.get_by_role("alert")).to_contain_text(
        "Version 9.9.9 does not belong to service shop."
    )


def test_a_refused_action_shows_the_servers_sentence(seat: Seat, stage: Stage) -> None:
    """Somebody else was faster: the page says what stands, and offers what is left."""
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn = seat("quinn")
    quinn.context.route("**/events/stream**", lambda route: route.abort())
    page = quinn.open_page(f"/deployments/{deployment.number}")
    with stage.as_("ada") as client:
        client.cancel_deployment(deployment.number, note_body("Not needed."))

    quinn.perform_action("Approve")

    expect(page.get_by_role("alert")).to_contain_text("cancelled")
    expect(page.locator("#state")).to_contain_text("Cancelled")
    expect(page).to_have_url(f"{quinn.url}/deployments/{deployment.number}")
    quinn.console_errors.clear()  # that its stream was cut


def test_a_slow_answer_takes_nothing_away_that_was_filled_in_meanwhile(seat: Seat) -> None:
    """What an environment asks for comes late; the version and the risk stay, and the preview."""
    page = seat("ada").open_page("/deployments/new")
    page.evaluate(SLOW_CHOICES)
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Version").select_option("1.4.2")

    page.get_by_label("Environment").select_option("production")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work references").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy 1.4.1.")
    page.get_by_label("Rollback plan").blur()

    expect(page.get_by_text("Required for production.")).to_be_visible()
    expect(page.get_by_label("Version")).to_have_value("1.4.2")
    expect(page.get_by_label("Risk")).to_have_value("Checkout may be slow.")
    expect(page.locator("#preview")).to_contain_text("Needs 2 approval stages")


def test_it_all_works_without_scripts(browser: Browser, stage: Stage) -> None:
    """A request with its preview, and an approval, by forms alone."""
    olga = BrowserUser.start(browser, stage.url, java_script_enabled=False)
    olga.sign_in(stage.secrets["owner"])
    page = olga.open_page("/deployments/new")
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Environment").select_option("production")
    page.get_by_role("button", name="Show versions").click()
    page.get_by_label("Version").select_option("1.4.2")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work references").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy 1.4.1.")
    page.get_by_role("button", name="Preview gates").click()
    expect(page.locator("#preview")).to_contain_text("Needs 2 approval stages")
    page.get_by_role("button", name="Request deployment").click()
    page.wait_for_url(re.compile(r"/deployments/DEP-\d+"))

    olga.perform_action("Cancel", Reason="Only tried out.")

    expect(page.locator("#state")).to_contain_text("Cancelled")
    assert olga.console_errors == []
    olga.close()


def test_a_page_that_nobody_looked_at_is_current_when_somebody_does(
    seat: Seat, stage: Stage
) -> None:
    """It held no connection meanwhile, and takes over all that happened at once."""
    ada = seat("ada")
    page = ada.open_page("/deployments")
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: "
    hide += "true}); document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)  # noqa: FBT003  # what the browser says
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("staging"))
    page.wait_for_timeout(600)
    expect(page.locator("#rows")).not_to_contain_text(deployment.number)

    page.evaluate(hide, False)  # noqa: FBT003  # as above

    expect(page.locator("#rows")).to_contain_text(deployment.number, timeout=AT_ONCE_MS)
    with stage.as_("ada") as client:
        another = client.create_deployment(shop_request("staging"))
    expect(page.locator("#rows")).to_contain_text(another.number, timeout=AT_ONCE_MS)


def test_signing_in_and_out(browser: Browser, stage: Stage) -> None:
    """Back to where one wanted to go, and out so that Back shows nothing."""
    somebody = BrowserUser.start(browser, stage.url)
    page = somebody.open_page("/services/shop/versions")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.get_by_label("Your token").fill("gp_u_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Your token").fill(stage.secrets["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{stage.url}/services/shop/versions")

    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url(f"{stage.url}/sign-in")
    somebody.open_page("/inbox")
    expect(page).to_have_url(re.compile("/sign-in"))
    assert [each for each in somebody.console_errors if "401" not in each] == []
    assert somebody.external_requests == []
    somebody.close()


def test_everything_can_be_done_by_keyboard(seat: Seat, stage: Stage) -> None:
    """Skip to the content, find a service, go through the matrix, approve with a note."""
    with stage.as_("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn = seat("quinn")
    page = quinn.open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("shop")
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(1)
    page.locator("#matrix tbody th a").first.focus()
    page.keyboard.press("ArrowRight")
    assert focused(page, "matrix")
    quinn.open_page(f"/deployments/{deployment.number}")
    page.locator("#act summary", has_text="Approve").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard alone.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#review")).to_contain_text("By keyboard alone.")


def focused(page: Page, within: str) -> bool:
    """Whether what has the focus is in there."""
    inside: bool = page.evaluate(
        "id => document.getElementById(id).contains(document.activeElement)", within
    )
    return inside


def note_body(note: str) -> ReasonBody:
    """A reason."""
    return ReasonBody(note=note)
