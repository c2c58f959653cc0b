"""Accessibility, layout and connections of every page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from gatepost_client.models import (
    NotificationChannelCreate,
    WebhookCreate,
)
from tests.browser.conftest import Installation
from tests.support.accessibility import SCHEMES, SIZES, find_problems, find_small_targets
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request
from tests.support.console import ADMIN_PAGES, AUDIT_PAGES, OPEN_PAGES, PAGES


@pytest.fixture(scope="module")
def open_deployments(installation: Installation) -> None:
    """Create deployments, so that the pages have content."""
    with installation.client_of("ada") as ada:
        ada.create_deployment(shop_request("production"))
        ada.create_deployment(shop_request("staging"))


@pytest.fixture(scope="module")
def paths_of_receivers(installation: Installation) -> tuple[str, ...]:
    """Create a source, a webhook and a notification channel, so that their pages have content."""
    owner = installation.owner
    owner.put_ingest_source("github", {"secret": "secret-of-the-source-1"})
    webhook = owner.add_webhook(WebhookCreate(url="https://hooks.example/gatepost"))
    channel = owner.add_notification_channel(
        NotificationChannelCreate(name="Phone", url="slack://A/B/C/#deploys")
    )
    owner.test_webhook(f"{webhook.webhook.id}")
    owner.test_notification_channel(f"{channel.id}")
    return f"/webhooks/{webhook.webhook.id}", f"/notification-channels/{channel.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found on all pages at one size."""

    by_scheme: dict[str, dict[str, list[str]]]
    """The problems of each page that has any, by color scheme."""
    in_small_type: dict[str, list[str]]
    """The targets of each page that are too small when the text is."""
    console_errors: list[str]
    external_requests: list[str]


@pytest.fixture(scope="module", params=SIZES)
def findings(
    request: pytest.FixtureRequest,
    installation: Installation,
    browser: Browser,
    open_deployments: None,  # noqa: ARG001  # the pages need content
    paths_of_receivers: tuple[str, ...],
) -> Findings:
    """Open each page once at a size, and check it in both color schemes and in small type."""
    owner = BrowserUser.start(browser, installation.url, viewport=SIZES[request.param])
    owner.sign_in(installation.secrets["owner"])
    by_scheme: dict[str, dict[str, list[str]]] = {scheme: {} for scheme in SCHEMES}
    in_small_type: dict[str, list[str]] = {}
    for path in (*PAGES, *AUDIT_PAGES, *ADMIN_PAGES, *OPEN_PAGES, *paths_of_receivers):
        page = owner.open_page(path)
        for scheme, problems in find_problems(page).items():
            by_scheme[scheme][path] = problems
        in_small_type[path] = find_small_targets(page)
    owner.close()
    return Findings(
        by_scheme={scheme: without_empty(found) for scheme, found in by_scheme.items()},
        in_small_type=without_empty(in_small_type),
        console_errors=owner.console_errors,
        external_requests=owner.external_requests,
    )


def without_empty(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the pages that have problems."""
    return {path: found for path, found in problems.items() if found}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_page(findings: Findings, scheme: str) -> None:
    """At each size and in both color schemes, pages are accessible and do not scroll sideways."""
    assert findings.by_scheme[scheme] == {}
    assert findings.console_errors == []
    assert findings.external_requests == []


def test_targets_are_large_enough_in_any_font(findings: Findings) -> None:
    """Clickable targets meet the minimum size even if the text is very small."""
    assert findings.in_small_type == {}


def test_a_page_that_is_left_closes_its_stream(
    installation: Installation, sign_in: Callable[[str], BrowserUser]
) -> None:
    """Leaving a page closes its event stream, since browsers allow six connections per host."""
    ada = sign_in("ada")
    for _ in range(3):
        for path in ("/", "/inbox", "/deployments", "/services"):
            ada.open_page(path)
    for _ in range(8):
        ada.page.go_back()

    assert ada.page.get_by_role("heading", level=1).is_visible()
    assert installation.url == ada.url
