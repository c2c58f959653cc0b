"""Browsers, an identity provider and its people, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import httpx2
import msgspec

from gatepost_api.oidc.providers import build_trusted_issuers
from gatepost_api.settings.oidc import OidcSettings
from tests.support.api import HOST, Api, client_of
from tests.support.provider import AUDIENCE, CLIENT, CLIENT_SECRET, Provider

ORIGIN: Final = f"http://{HOST}"
FROM_OUR_PAGE: Final = {"Origin": ORIGIN}

GROUPS: Final = [
    {"name": "qa-team", "groups": ["qa"], "grants": [{"role": "reviewer"}]},
    {"name": "platform", "groups": ["devops"], "grants": [{"role": "operator"}]},
]
"""What the provider's groups come to here."""


def browser(api: Api) -> httpx2.AsyncClient:
    """A browser that is not signed in; it keeps its cookies."""
    client = client_of(api.app)
    del client.headers["Authorization"]
    return client


async def sign_in(client: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    """Send the sign-in page's form."""
    return await client.post("/sign-in", data=form, headers=FROM_OUR_PAGE)


def trust(api: Api, provider: Provider, **changes: Any) -> None:
    """Have the application trust the provider for people, and what `pipelines` says."""
    settings = msgspec.convert(
        {
            "provider": {
                "issuer": provider.url,
                "audience": AUDIENCE,
                "client_id": CLIENT,
                "groups": changes.pop("groups", GROUPS),
            },
            "pipelines": changes.pop("pipelines", []),
        },
        OidcSettings,
    )
    context = api.app.state.context
    made = build_trusted_issuers(settings, httpx2.AsyncClient(), context.now)
    assert made.provider is not None
    people = replace(made.provider, client_secret=CLIENT_SECRET)
    api.app.state.context = replace(context, trusted_issuers=replace(made, provider=people))
