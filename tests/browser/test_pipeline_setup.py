"""A pipeline is set up in the console, with clicks and fields only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser

MAX_STEPS: Final = 40


@dataclass(slots=True)
class CountedUser:
    """A person whose clicks, choices and entries are counted."""

    page: Page
    steps: int = 0

    def click(self, target: Locator) -> None:
        self.steps += 1
        target.click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        self.steps += 1
        (within or self.page.locator("main")).get_by_label(label).fill(text)

    def choose(self, label: str, value: str) -> None:
        self.steps += 1
        self.page.locator("main").get_by_label(label).select_option(value)

    def open(self, *links: str) -> None:
        """Click links, each on the page that the previous one leads to."""
        for link in links:
            self.click(self.page.get_by_role("link", name=link, exact=True).first)

    def press(self, button: str) -> None:
        self.click(self.page.get_by_role("button", name=button, exact=True))


def create_environment(user: CountedUser, name: str, tier: str, after: str | None = None) -> None:
    """Create an environment after another one, on the page of all environments."""
    user.open("New environment")
    form = user.page.locator("#new")
    user.steps += 1
    form.get_by_label("Name", exact=True).fill(name)
    user.choose("Tier", tier)
    if after is not None:
        user.choose("Comes after", after)
    user.press("Create")
    expect(user.page.locator("#notices")).to_contain_text("Environment created.")


def add_check(user: CountedUser, number: int, name: str, path: str) -> None:
    """Add a check that expects the status 200."""
    user.press("Add a check")
    row = user.page.locator(f"#check-{number}")
    user.fill("Name", name, row)
    user.fill("Path", path, row)


def test_pipeline_with_checks_is_set_up_without_json(
    sign_in: Callable[[str], BrowserUser], installation: Installation
) -> None:
    """Three new environments in order and a target with two checks take at most 40 steps."""
    user = CountedUser(page=sign_in("owner").page)

    user.open("Environments")
    create_environment(user, "integration", "test")
    create_environment(user, "acceptance", "staging", after="integration")
    create_environment(user, "live", "production", after="acceptance")
    user.open("Edit the promotion order of integration")
    user.click(user.page.get_by_role("checkbox", name="Promote automatically"))
    user.press("Save promotion rules")
    user.open("Edit the promotion order of live")
    user.fill("Soak time: number", "2")
    user.press("Save promotion rules")
    expect(user.page.locator("#list")).to_contain_text("After acceptance, 2 h soak")
    user.open("Services", "shop", "Targets and checks", "integration")
    user.fill("Base URL", "https://shop.example")
    add_check(user, 0, "health", "/health")
    add_check(user, 1, "cart", "/cart")
    user.press("Save settings")
    expect(user.page.locator("#notices")).to_contain_text("Settings saved.")

    owner = installation.owner
    assert owner.get_policy("integration").auto_promote
    assert owner.get_policy("integration").promotes_to == "acceptance"
    assert owner.get_policy("live").requires == ["acceptance"]
    assert owner.get_policy("live").soak_s == 7200
    target = owner.get_target("shop", "integration")
    assert [(check.name, check.path) for check in target.checks] == [
        ("health", "/health"),
        ("cart", "/cart"),
    ]
    assert user.steps <= MAX_STEPS


def test_fields_of_an_executor_appear_when_it_is_chosen(
    sign_in: Callable[[str], BrowserUser],
) -> None:
    """The page is not loaded again, and what was entered in other fields is kept."""
    page = sign_in("olga").open_page("/services/shop/targets/staging")
    page.get_by_label("Base URL").fill("https://shop.example")

    page.get_by_label("Executor").select_option("command")

    arguments = page.get_by_label("Program and arguments")
    expect(arguments).to_be_visible()
    expect(page.get_by_label("Duration")).to_have_count(0)
    expect(page.get_by_label("Base URL")).to_have_value("https://shop.example")
    arguments.fill("/opt/deploy\nshop")
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator("#notices")).to_contain_text("Settings saved.")
    expect(page.get_by_label("Program and arguments")).to_have_value("/opt/deploy\nshop")
