"""The console over HTTP, used like a browser without JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

import httpx2

from gatepost_api.server.user_commands import create_sign_in_link_url
from tests.support.http.api import Api, token_secret
from tests.support.http.sign_in import ORIGIN, SAME_ORIGIN, anonymous_client, sign_in

PAGES: Final = (
    "/",
    "/?q=sho&tier=production",
    "/?at=2026-11-20T14:00",
    "/?group=team&environment=production&empty=show",
    "/compare",
    "/compare?from_environment=test&to_environment=production",
    "/inbox",
    "/deployments",
    "/deployments?service=shop&status=succeeded&kind=request&requester=ada&version=1.0.0",
    "/deployments?review=requested&since=2026-01-01&until=2026-12-31",
    "/deployments?status=in_progress&deployed_since=2026-11-01T00:00:00",
    "/deployments/new",
    "/deployments/new?service=shop&environment=production&version=1.0.0",
    "/deployments/DEP-1",
    "/record",
    "/record?service=shop",
    "/services",
    "/services?archived=true",
    "/services/new",
    "/services/shop",
    "/services/shop/versions",
    "/services/shop/history",
    "/services/shop/history?environment=production&since=2026-01-01&until=2026-12-31",
    "/services/shop/contracts",
    "/services/shop/targets",
    "/services/shop/targets/production",
    "/services/shop/targets/production/versions",
    "/services/shop/targets/production/checks",
    "/dashboard/shop",
    "/environments",
    "/environments/production",
    "/environments/production/deployments",
    "/environments/production/policy",
    "/environments/production/order",
    "/environments/production/settings",
    "/environments/production/policy?before=1&after=1",
    "/environments/production/policy/edit",
    "/freezes",
    "/incidents",
    "/incidents?state=open",
    "/workers",
    "/reports",
    "/reports?service=shop&environment=production&since=2026-01-01&until=2026-12-31&bucket=month",
    "/reports?tier=any&since=2026-11-01&until=2026-11-21&team=team&bucket=day",
    "/people",
    "/people/ada",
    "/people/owner",
    "/ingest",
    "/ingest?state=failed",
    "/settings-changes",
    "/search",
    "/search?q=shop",
    "/search?q=freeze+production",
    "/help/keys",
    "/help/terms",
)
"""The paths of all pages that every signed-in user can open, for a server on which ada has
requested shop in production."""

AUDIT_PAGES: Final = ("/audit", "/audit?verify=now", "/system")
"""The paths of the pages of auditors."""

ADMIN_PAGES: Final = ("/notification-channels", "/webhooks")
"""The paths of the pages of admins."""

OPEN_PAGES: Final = ("/docs/problems", "/docs/problems?q=freeze")
"""The paths of the pages that require no session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleClient:
    """A signed-in browser that does not run JavaScript."""

    client: httpx2.AsyncClient

    async def open(self, path: str, status: int = 200) -> str:
        """Return the page at a path."""
        response = await self.client.get(path)
        assert response.status_code == status, response.text
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        return response.text

    async def submit(self, path: str, **fields: str) -> httpx2.Response:
        """Submit a form on a page and return the response."""
        return await self.client.post(path, data=fields, headers=SAME_ORIGIN)

    async def submit_and_follow(self, path: str, **fields: str) -> str:
        """Submit a form and return the page to which it redirects."""
        response = await self.submit(path, **fields)
        assert response.status_code == 303, error_text(response.text)
        return await self.open(response.headers["Location"])

    async def submit_refused(self, path: str, status: int, **fields: str) -> str:
        """Submit a form that is expected to be refused and return the message on the page."""
        response = await self.submit(path, **fields)
        assert response.status_code == status, response.text
        return error_text(response.text)


async def sign_in_as(api: Api, name: str) -> ConsoleClient:
    """Sign in as a user and return the browser."""
    client = anonymous_client(api)
    assert (await sign_in(client, token=token_secret(name))).status_code == 303
    return ConsoleClient(client=client)


async def sign_in_by_link(api: Api, name: str) -> ConsoleClient:
    """Sign in as a user with a link, which proves who the user is, and return the browser."""
    url = await create_sign_in_link_url(api.app.state.context.ledger, name, ORIGIN)
    client = anonymous_client(api)
    assert (await sign_in(client, link=url.partition("?link=")[2])).status_code == 303
    return ConsoleClient(client=client)


def error_text(html: str) -> str:
    """Return the error message on a page, or what it says does not exist, or an empty string."""
    pattern = r"<h1>(.*?)</h1>" if "not-found" in html else r'role="alert"[^>]*>(.*?)</p>'
    alert = re.search(pattern, html, re.DOTALL)
    return visible_text(alert[1]) if alert else ""


def visible_text(html: str) -> str:
    """Return the text of a page without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def action_names(html: str) -> set[str]:
    """Return the actions that a deployment's page offers."""
    return set(re.findall(r'action="/deployments/DEP-\d+/(\w+)"', html))
