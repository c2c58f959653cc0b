"""How many clicks and fields the most important tasks need, and the same tasks by keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from gatepost_client.models import (
    DeploymentStatus,
    GrantBody,
    RecordCreate,
    Role,
    UnblockBody,
    UserCreate,
)
from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.enrolment import enrol
from tests.support.client.shop import shop_request

SignIn = Callable[[str], BrowserUser]


@dataclass(slots=True, kw_only=True)
class Effort:
    """A page whose clicks and filled-in fields are counted."""

    page: Page
    clicks: int = 0
    fields: int = 0

    @property
    def total(self) -> int:
        """The clicks and the fields."""
        return self.clicks + self.fields

    def click(self, target: Locator) -> None:
        """Click a target, and count it."""
        self.clicks += 1
        target.click()

    def fill(self, label: str, text: str, *, within: str = "main") -> None:
        """Fill in a field, and count it."""
        self.fields += 1
        self.page.locator(within).get_by_label(label).first.fill(text)


@pytest.fixture(scope="module")
def on_call(installation: Installation) -> None:
    """Create emma, who operates and can break glass."""
    grants = [GrantBody(role=Role.OPERATOR), GrantBody(role=Role.EMERGENCY)]
    installation.owner.add_user(UserCreate(name="emma", grants=grants, groups=[]))
    installation.secrets["emma"] = enrol(installation.owner, "emma")


def run_bad_version(installation: Installation) -> str:
    """Record 1.4.1 in production, deploy 1.4.2 after it, and return the number of the latter."""
    installation.owner.record_deployment(
        RecordCreate(service="shop", environment="production", version="1.4.1")
    )
    with installation.client_of("ada") as client:
        number = client.create_deployment(shop_request("production")).number
    for name in ("quinn", "devin"):
        with installation.client_of(name) as client:
            client.approve_deployment(number)
    with installation.client_of("olga") as client:
        client.start_deployment(number)
        client.succeed_deployment(number)
    return number


def finish_rollback(installation: Installation) -> None:
    """Report the success of the rollback, and unblock the version that was rolled back."""
    with installation.client_of("olga") as client:
        started = client.list_deployments(
            environment=["production"], status=[DeploymentStatus.STARTED]
        )
        for deployment in started.items:
            client.succeed_deployment(deployment.number)
        body = UnblockBody(environment="production", reason="Fixed.")
        client.unblock_version("shop", "1.4.2", body)


def test_an_emergency_rollback_takes_three_clicks_and_one_field(
    sign_in: SignIn, installation: Installation, on_call: None
) -> None:
    """One person on call, from the overview until the earlier version runs, with break-glass.

    The reason is filled in and can be changed, so only the incident must be typed.
    """
    del on_call
    number = run_bad_version(installation)
    emma = Effort(page=sign_in("emma").page)

    emma.click(emma.page.locator(f"#matrix a.version[href='/deployments/{number}']"))
    emma.click(emma.page.locator("#actions summary", has_text="Roll back"))
    expect(emma.page.locator("#actions details[open]").get_by_label("Reason")).to_have_value(
        "Emergency rollback from 1.4.2 to 1.4.1."
    )
    emma.fill("Incident", "INC-7", within="#actions details[open]")
    emma.click(emma.page.get_by_role("button", name="Roll back, break glass and start 1.4.1"))

    expect(emma.page.locator("#state")).to_contain_text("In progress")
    expect(emma.page.locator("#state")).to_contain_text("Break-glass")
    expect(emma.page.get_by_text("restores the earlier version.").first).to_be_focused()
    assert (emma.clicks, emma.fields) == (3, 1)
    finish_rollback(installation)


def test_what_ran_at_a_past_time_takes_two(sign_in: SignIn) -> None:
    """A time in the overview, and its button."""
    olga = Effort(page=sign_in("olga").page)

    olga.fill("As of (", "2026-11-24T14:00")
    olga.click(olga.page.get_by_role("button", name="Show", exact=True))

    expect(olga.page.get_by_role("heading", level=1)).to_contain_text("Versions on")
    assert olga.total == 2


def test_a_comparison_takes_three(sign_in: SignIn) -> None:
    """The state at a time is compared with now."""
    olga = Effort(page=sign_in("olga").page)

    olga.click(olga.page.get_by_role("link", name="Compare", exact=True))
    olga.fill("Time (", "2026-11-24T14:00")
    olga.click(olga.page.get_by_role("button", name="Compare"))

    expect(olga.page).to_have_url(re.compile("from_at=2026-11-24"))
    expect(olga.page.locator("#h-differences")).to_be_visible()
    assert olga.total <= 3


def test_comparing_two_environments_takes_two(sign_in: SignIn) -> None:
    """The compare page offers the environments that follow each other."""
    olga = Effort(page=sign_in("olga").page)

    olga.click(olga.page.get_by_role("link", name="Compare", exact=True))
    olga.click(olga.page.get_by_role("link", name="Test to Production"))

    expect(olga.page.locator("main")).to_contain_text("From Test now to Production now.")
    expect(olga.page.locator("#from-environment")).to_have_value("test")
    assert olga.total == 2


def test_approving_five_takes_seven(sign_in: SignIn, installation: Installation) -> None:
    """The inbox, five checkboxes, one button."""
    with installation.client_of("ada") as client:
        for _ in range(5):
            client.create_deployment(shop_request("production"))
    quinn = Effort(page=sign_in("quinn").page)

    quinn.click(quinn.page.get_by_role("link", name=re.compile("^Inbox")))
    for box in quinn.page.locator("#reviews input[type=checkbox]").all()[:5]:
        quinn.click(box)
    quinn.click(quinn.page.get_by_role("button", name="Approve selected"))

    expect(quinn.page.locator("main > .notice.good")).to_have_count(5)
    expect(quinn.page.locator("main > .notice").first).to_be_focused()
    assert quinn.total == 7


def test_freezing_production_takes_three(sign_in: SignIn, installation: Installation) -> None:
    """The freezes, a reason, one button."""
    olga = Effort(page=sign_in("olga").page)

    olga.click(olga.page.get_by_role("link", name="Freezes", exact=True))
    olga.fill("Reason", "Month end.")
    olga.click(olga.page.get_by_role("button", name="For 1 hour"))

    expect(olga.page.locator("#active")).to_contain_text("Month end.")
    expect(olga.page.locator("#notices .notice")).to_be_focused()
    assert olga.total <= 3
    for freeze in installation.owner.list_freezes().items:
        installation.owner.lift_freeze(str(freeze.id))


def test_a_rollback_by_keys(sign_in: SignIn, installation: Installation, on_call: None) -> None:
    """The search leads to the form, in which the cursor is in the first empty field."""
    del on_call
    run_bad_version(installation)
    page = sign_in("emma").page
    keys = page.keyboard

    keys.press("Control+k")
    keys.type("roll back shop in production")
    expect(page.locator("#search-dialog [data-hit]").first).to_contain_text("Roll back shop")
    keys.press("Enter")
    incident = page.locator("#actions details[open]").get_by_label("Incident")
    expect(incident).to_be_focused()
    keys.type("INC-8 ?jar")  # the keys do nothing while somebody types
    expect(incident).to_have_value("INC-8 ?jar")
    for _ in range(2):
        keys.press("Tab")
    keys.press("Enter")

    expect(page.locator("#state")).to_contain_text("In progress")
    expect(page.locator("#notices .notice")).to_be_focused()
    finish_rollback(installation)


def test_approvals_by_keys(sign_in: SignIn, installation: Installation) -> None:
    """Keys move in the inbox, open the form, and lead on to the next review."""
    with installation.client_of("ada") as client:
        first, second = (
            client.create_deployment(shop_request("production")).number for _ in range(2)
        )
    page = sign_in("quinn").page
    keys = page.keyboard

    keys.press("g")
    keys.press("i")
    page.wait_for_url("**/inbox")
    rows = page.locator("#reviews li")
    for key in "jjk":
        keys.press(key)
    expect(rows.first.get_by_role("link").first).to_be_focused()
    while page.locator(f"#reviews a[href='/deployments/{first}']:focus").count() == 0:
        keys.press("j")
    keys.press("x")
    expect(page.locator("#reviews input:checked")).to_have_count(1)
    keys.press("a")
    page.wait_for_url(f"**/deployments/{first}?action=approve*")
    expect(page.locator("#actions details[open] textarea")).to_be_focused()
    for _ in range(2):
        keys.press("Tab")
    expect(page.locator(":focus")).to_have_text("Approve and open the next")
    keys.press("Enter")

    page.wait_for_url(f"**/deployments/{second}*")
    expect(page.locator("#notices .notice")).to_be_focused()
    keys.press("r")
    expect(page.locator("#actions details[open] form[action$='/reject'] textarea")).to_be_focused()


def test_search_and_keys_are_dialogs(sign_in: SignIn) -> None:
    """Arrow keys select a hit, Esc closes, and a question mark lists all keys."""
    page = sign_in("olga").open_page("/reports")
    keys = page.keyboard

    page.get_by_role("link", name="Search").click()
    keys.type("shop")
    expect(page.locator("#search-dialog [data-hit]").first).to_be_visible()
    keys.press("ArrowDown")
    expect(page.locator("#search-dialog [data-hit]").first).to_be_focused()
    keys.press("ArrowUp")
    expect(page.locator("#search-dialog input")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#search-dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Search")).to_be_focused()
    keys.press("?")
    expect(page.locator("#keys-dialog")).to_contain_text("Open the row's approval form")
    keys.press("Escape")
    keys.press("/")
    expect(page.locator("#search-dialog input")).to_be_focused()


def test_search_works_without_javascript(sign_in: SignIn, installation: Installation) -> None:
    """The link leads to the search page, whose form and hits are plain."""
    browser = sign_in("olga").context.browser
    assert browser is not None
    olga = BrowserUser.start(browser, installation.url, java_script_enabled=False)
    olga.sign_in(installation.secrets["olga"])
    page = olga.page

    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Search").fill("freeze production")
    page.locator("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Freeze production").click()

    expect(page.locator("#f-environment")).to_have_value("production")
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard shortcuts")
    olga.close()
