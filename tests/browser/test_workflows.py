"""User workflows in the console, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from gatepost_client.models import ClaimCreate, ReasonBody
from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request

SignIn = Callable[[str], BrowserUser]

AT_ONCE_MS = 4_000
"""A time limit below the 5 s after which a page that lost its stream tries again."""

SLOW_DEPENDENT_FIELDS = """() => {
    const originalFetch = window.fetch;
    window.fetch = async (url, options) => {
        const response = await originalFetch(url, options);
        const isDependentFields = String(options?.body).includes("_do=choose");
        if (isDependentFields) await new Promise((resolve) => setTimeout(resolve, 900));
        return response;
    };
}"""
"""A script that delays the responses that contain dependent fields."""


def test_a_deployment_goes_from_request_to_rollback(sign_in: SignIn) -> None:
    """Each step of the deployment is performed by a user with the required role."""
    ada, quinn, devin, olga = (sign_in(name) for name in ("ada", "quinn", "devin", "olga"))

    page = ada.open_page("/deployments/new")
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Environment").select_option("production")
    page.get_by_label("Version").select_option("1.4.2")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work items").fill("SHOP-812")
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


def test_changes_appear_in_other_browsers_within_a_second(
    sign_in: SignIn, installation: Installation
) -> None:
    """A rejection appears on the deployment's page, in the list and in the matrix."""
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn, ada = sign_in("quinn"), sign_in("ada")
    home, detail, listing = ada.page, ada.context.new_page(), ada.context.new_page()
    detail.goto(f"/deployments/{deployment.number}")
    listing.goto("/deployments")
    home.goto("/")
    expect(home.locator("#matrix")).to_contain_text("1.4.2: waiting for approval")
    quinn.open_page(f"/deployments/{deployment.number}")

    quinn.perform_action("Reject", Reason="Not today.")

    expect(detail.locator("#state")).to_contain_text("Rejected", timeout=1000)
    expect(detail.locator("#events")).to_contain_text("Not today.", timeout=1000)
    row = listing.locator("tr", has_text=deployment.number)
    expect(row).to_contain_text("Rejected", timeout=1000)
    expect(home.locator("#matrix")).not_to_contain_text("waiting for approval", timeout=1000)


def test_a_page_catches_up_after_a_lost_connection(
    sign_in: SignIn, installation: Installation
) -> None:
    """Changes made while the page was offline appear."""
    ada = sign_in("ada")
    page = ada.open_page("/deployments")
    expect(page.locator("#connection-status")).to_be_hidden()
    ada.context.set_offline(offline=True)
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("staging"))
    ada.context.set_offline(offline=False)

    expect(page.locator("#rows")).to_contain_text(deployment.number)
    ada.console_errors.clear()  # errors of the lost connection


def test_live_updates_keep_a_note_that_is_being_written(
    sign_in: SignIn, installation: Installation
) -> None:
    """Other regions of the page update; the form keeps its text and focus."""
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    devin = sign_in("devin")
    page = devin.open_page(f"/deployments/{deployment.number}")
    with installation.client_of("quinn") as client:
        client.approve_deployment(deployment.number)
    expect(page.locator("#review")).to_contain_text("quinn")
    page.locator("#actions summary", has_text="Reject").click()
    field = page.locator("#actions details[open] textarea")
    field.fill("I am still writ")

    with installation.client_of("ada") as client:
        second = client.create_deployment(shop_request("production"))
        client.cancel_deployment(second.number, note_body("Twice."))
    expect(page.locator("body")).to_have_attribute("data-stream", "/api/v1/events/stream")
    page.wait_for_timeout(800)

    expect(field).to_have_value("I am still writ")
    expect(field).to_be_focused()


def test_recording_a_deployment(sign_in: SignIn) -> None:
    """The form is prefilled, its versions follow the service, and a future date is refused."""
    olga = sign_in("olga")
    page = olga.open_page("/record")
    page.get_by_label("Service").select_option("shop")
    expect(page.get_by_label("Version").locator("option")).to_have_count(3)
    expect(page.get_by_label("Deployed by")).to_have_value("olga")
    page.get_by_label("Version").select_option("1.4.1")
    page.get_by_label("Environment").select_option("staging")
    at = page.get_by_label("Deployed at (UTC)")
    assert at.input_value().startswith(f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: TID251  # the date of the browser
    at.fill(f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M}")  # noqa: TID251

    page.get_by_role("button", name="Record deployment").click()

    expect(page.get_by_role("alert")).to_contain_text("is in the future.")
    expect(page.get_by_label("Deployed at (UTC)")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Deployed at (UTC)").fill(f"{datetime.now(UTC):%Y-%m-%dT00:00}")  # noqa: TID251
    page.get_by_role("button", name="Record deployment").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded.")
    olga.open_page("/")
    expect(page.locator("#recent")).to_contain_text("1.4.1")


def test_a_version_of_another_service_is_refused(sign_in: SignIn) -> None:
    """The page shows the server's message."""
    olga = sign_in("olga")
    page = olga.open_page("/record?service=shop&environment=staging&version=9.9.9")

    page.get_by_role("button", name="Record deployment").click()

    expect(page.get_by_role("alert")).to_contain_text(
        "Version 9.9.9 does not belong to service shop."
    )


def test_a_refused_action_shows_the_message_of_the_server(
    sign_in: SignIn, installation: Installation
) -> None:
    """If another user was faster, the page shows the message and the new status."""
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn = sign_in("quinn")
    quinn.context.route("**/events/stream**", lambda route: route.abort())
    page = quinn.open_page(f"/deployments/{deployment.number}")
    with installation.client_of("ada") as client:
        client.cancel_deployment(deployment.number, note_body("Not needed."))

    quinn.perform_action("Approve")

    expect(page.get_by_role("alert")).to_contain_text("cancelled")
    expect(page.locator("#state")).to_contain_text("Cancelled")
    expect(page).to_have_url(f"{quinn.url}/deployments/{deployment.number}")
    quinn.console_errors.clear()  # errors of the aborted stream


def test_a_slow_response_keeps_input_entered_meanwhile(sign_in: SignIn) -> None:
    """Dependent fields arrive late, but the version, the risk and the preview are kept."""
    page = sign_in("ada").open_page("/deployments/new")
    page.evaluate(SLOW_DEPENDENT_FIELDS)
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Version").select_option("1.4.2")

    page.get_by_label("Environment").select_option("production")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work items").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy 1.4.1.")
    page.get_by_label("Rollback plan").blur()

    expect(page.get_by_text("Required for production.")).to_be_visible()
    expect(page.get_by_label("Version")).to_have_value("1.4.2")
    expect(page.get_by_label("Risk")).to_have_value("Checkout may be slow.")
    expect(page.locator("#preview")).to_contain_text("Needs 2 approval stages")


def test_forms_work_without_javascript(browser: Browser, installation: Installation) -> None:
    """A user can preview, request and cancel a deployment."""
    owner = BrowserUser.start(browser, installation.url, java_script_enabled=False)
    owner.sign_in(installation.secrets["owner"])
    page = owner.open_page("/deployments/new")
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Environment").select_option("production")
    page.get_by_role("button", name="Show versions").click()
    page.get_by_label("Version").select_option("1.4.2")
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work items").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy 1.4.1.")
    page.get_by_role("button", name="Preview gates").click()
    expect(page.locator("#preview")).to_contain_text("Needs 2 approval stages")
    page.get_by_role("button", name="Request deployment").click()
    page.wait_for_url(re.compile(r"/deployments/DEP-\d+"))

    owner.perform_action("Cancel", Reason="Only tried out.")

    expect(page.locator("#state")).to_contain_text("Cancelled")
    assert owner.console_errors == []
    owner.close()


def test_a_hidden_page_catches_up_when_it_is_shown(
    sign_in: SignIn, installation: Installation
) -> None:
    """A hidden page closes its connection; once shown, it updates and follows events again."""
    ada = sign_in("ada")
    page = ada.open_page("/deployments")
    set_hidden = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(set_hidden, True)  # noqa: FBT003  # the argument of the script
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("staging"))
    page.wait_for_timeout(600)
    expect(page.locator("#rows")).not_to_contain_text(deployment.number)

    page.evaluate(set_hidden, False)  # noqa: FBT003  # the argument of the script

    expect(page.locator("#rows")).to_contain_text(deployment.number, timeout=AT_ONCE_MS)
    with installation.client_of("ada") as client:
        another = client.create_deployment(shop_request("staging"))
    expect(page.locator("#rows")).to_contain_text(another.number, timeout=AT_ONCE_MS)


def test_signing_in_and_out(browser: Browser, installation: Installation) -> None:
    """Signing in leads to the requested page; after signing out, pages require a session."""
    user = BrowserUser.start(browser, installation.url)
    page = user.open_page("/services/shop/versions")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.get_by_label("Your token").fill("gp_u_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Your token").fill(installation.secrets["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{installation.url}/services/shop/versions")

    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url(f"{installation.url}/sign-in")
    user.open_page("/inbox")
    expect(page).to_have_url(re.compile("/sign-in"))
    assert [error for error in user.console_errors if "401" not in error] == []
    assert user.external_requests == []
    user.close()


def test_the_console_works_by_keyboard(sign_in: SignIn, installation: Installation) -> None:
    """A user can skip to the content, find a service, move through the matrix and approve."""
    with installation.client_of("ada") as client:
        deployment = client.create_deployment(shop_request("production"))
    quinn = sign_in("quinn")
    page = quinn.open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("shop")
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(1)
    page.locator("#matrix tbody th a").first.focus()
    page.keyboard.press("ArrowRight")
    assert has_focus_within(page, "matrix")
    quinn.open_page(f"/deployments/{deployment.number}")
    page.locator("#actions summary", has_text="Approve").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard alone.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#review")).to_contain_text("By keyboard alone.")


def has_focus_within(page: Page, element_id: str) -> bool:
    """Return whether the focused element is inside this element."""
    is_inside: bool = page.evaluate(
        "id => document.getElementById(id).contains(document.activeElement)", element_id
    )
    return is_inside


def note_body(note: str) -> ReasonBody:
    """Return a request body whose note contains a reason."""
    return ReasonBody(note=note)


def test_unavailable_buttons_are_disabled_and_described_by_their_reason(
    sign_in: SignIn, installation: Installation
) -> None:
    """The reason is visible, and it is the accessible description of the button."""
    number = installation.owner.create_deployment(shop_request("production")).number
    owner, quinn = sign_in("owner"), sign_in("quinn")
    reason = "owner requested this deployment; somebody else must review it."

    listed = owner.open_page("/deployments").locator("tr", has_text=number)
    expect(listed.get_by_role("button", name="Approve")).to_be_disabled()
    expect(listed.get_by_role("button", name="Approve")).to_have_accessible_description(reason)
    expect(listed.get_by_text(reason)).to_be_visible()
    button = owner.open_page(f"/deployments/{number}").get_by_role("button", name="Approve")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(reason)

    row = quinn.open_page("/deployments?review=requested").locator("tr", has_text=number)
    row.get_by_role("button", name="Approve").click()
    expect(quinn.page.get_by_role("status").first).to_contain_text("Approval saved.")
    expect(quinn.page).to_have_url(re.compile(r"/deployments\?review=requested"))


def test_lost_worker_is_shown_without_an_event(sign_in: SignIn, installation: Installation) -> None:
    """The page of the workers is refreshed when a worker's time is up, also without the stream."""
    owner = sign_in("owner")
    owner.page.route("**/events/stream*", lambda route: route.abort())
    with installation.client_of("owner") as worker:
        assert worker.claim_task(ClaimCreate(worker="berlin-1", lease_s=5)) is None
    page = owner.open_page("/workers")

    expect(page.locator("#workers")).to_contain_text("Idle")
    expect(page.locator("#workers")).to_contain_text("Lost", timeout=AT_ONCE_MS + 5_000)
    page.goto("about:blank")  # which ends the attempts to open the stream
    owner.console_errors.clear()
