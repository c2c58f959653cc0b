"""Browsers and sign-in through an identity provider over HTTP."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import Any, Final

import httpx2
import msgspec

from gatepost_api.oidc.trusted_issuers import build_trusted_issuers
from gatepost_api.settings.oidc import OidcSettings
from tests.support.http.api import HOST, Api, owner_client
from tests.support.http.identity_provider import AUDIENCE, CLIENT_ID, CLIENT_SECRET, FakeProvider

ORIGIN: Final = f"http://{HOST}"
SAME_ORIGIN: Final = {"Origin": ORIGIN}

GROUP_MAPPINGS: Final = [
    {"name": "qa-team", "groups": ["qa"], "grants": [{"role": "reviewer"}]},
    {"name": "platform", "groups": ["devops"], "grants": [{"role": "operator"}]},
]
"""The groups and grants that each provider group maps to."""


def anonymous_client(api: Api) -> httpx2.AsyncClient:
    """Return a browser that has no session and stores cookies."""
    client = owner_client(api.app)
    del client.headers["Authorization"]
    return client


async def sign_in(client: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    """Submit the form on the sign-in page."""
    return await client.post("/sign-in", data=form, headers=SAME_ORIGIN)


def configure_provider(api: Api, provider: FakeProvider, **changes: Any) -> None:
    """Configure the application to trust the provider and the issuers in `pipelines`."""
    settings = msgspec.convert(
        {
            "provider": {
                "issuer": provider.url,
                "audience": AUDIENCE,
                "client_id": CLIENT_ID,
                "groups": changes.pop("groups", GROUP_MAPPINGS),
                "create_users": changes.pop("create_users", True),
            },
            "pipelines": changes.pop("pipelines", []),
        },
        OidcSettings,
    )
    context = api.app.state.context
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without certificates, which take long to load
    providers = build_trusted_issuers(settings, httpx2.AsyncClient(verify=tls), context.now)
    assert providers.provider is not None
    provider_with_secret = replace(providers.provider, client_secret=CLIENT_SECRET)
    api.app.state.context = replace(
        context, trusted_issuers=replace(providers, provider=provider_with_secret)
    )
