"""Browsers, an identity provider and its people, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import httpx2
import msgspec

from gatepost_api.oidc.providers import build_trusted_issuers
from gatepost_api.settings.oidc import OidcSettings
from tests.support.http.api import HOST, Api, owner_client
from tests.support.http.identity_provider import AUDIENCE, CLIENT_ID, CLIENT_SECRET, FakeProvider

ORIGIN: Final = f"http://{HOST}"
SAME_ORIGIN: Final = {"Origin": ORIGIN}

GROUP_MAPPINGS: Final = [
    {"name": "qa-team", "groups": ["qa"], "grants": [{"role": "reviewer"}]},
    {"name": "platform", "groups": ["devops"], "grants": [{"role": "operator"}]},
]
"""What the provider's groups come to here."""


def anonymous_client(api: Api) -> httpx2.AsyncClient:
    """A browser that is not signed in; it keeps its cookies."""
    client = owner_client(api.app)
    del client.headers["Authorization"]
    return client


async def sign_in(client: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    """Send the sign-in page's form."""
    return await client.post("/sign-in", data=form, headers=SAME_ORIGIN)


def configure_provider(api: Api, provider: FakeProvider, **changes: Any) -> None:
    """Have the application trust the provider for people, and what `pipelines` says."""
    settings = msgspec.convert(
        {
            "provider": {
                "issuer": provider.url,
                "audience": AUDIENCE,
                "client_id": CLIENT_ID,
                "groups": changes.pop("groups", GROUP_MAPPINGS),
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
