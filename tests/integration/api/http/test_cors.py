"""Calls from web applications of other origins."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_api.app import create_app
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.network import parse_cors_origins
from gatepost_api.settings.server import LOOPBACK_HOSTS
from tests.support.builders import FrozenClock
from tests.support.http.api import HOST, running_api

PORTAL = "https://portal.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, idempotency-key",
}


async def test_configured_origin_may_call(database: Path) -> None:
    """A preflight and the call itself name the origin, and credentials are never allowed."""
    app = create_app(allowed_hosts=LOOPBACK_HOSTS | {HOST}, cors_origins=[PORTAL])
    async with running_api(database, FrozenClock(), app) as api:
        url, origin = "/api/v1/deployments", {"Origin": PORTAL}
        preflight = await api.client.options(
            url, headers={**PREFLIGHT, **origin, "Authorization": ""}
        )
        for _ in range(2):  # the second response could come from the cache
            call = await api.client.get(url, headers=origin)
            assert call.headers["Access-Control-Allow-Origin"] == PORTAL
            assert "etag" in call.headers["Access-Control-Expose-Headers"].lower()
            assert "Access-Control-Allow-Credentials" not in call.headers
        refused = await api.client.get(url, headers={**origin, "Authorization": "Bearer none"})

    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == PORTAL


@pytest.mark.parametrize("origins", [[], [PORTAL]])
async def test_other_origins_may_not_call(database: Path, origins: list[str]) -> None:
    """By default no origin may call; with a list, only those in it."""
    app = create_app(allowed_hosts=LOOPBACK_HOSTS | {HOST}, cors_origins=origins)
    async with running_api(database, FrozenClock(), app) as api:
        headers = {"Origin": "https://portal.example.evil.example"}
        call = await api.client.get("/api/v1/deployments", headers=headers)
        preflight = await api.client.options(
            "/api/v1/deployments", headers={**PREFLIGHT, **headers}
        )

    assert "Access-Control-Allow-Origin" not in call.headers
    assert "Access-Control-Allow-Origin" not in preflight.headers


@pytest.mark.parametrize("text", ["portal.example", "https://portal.example/app", "https://*"])
def test_invalid_origin_is_refused_with_the_setting(text: str) -> None:
    """The server does not start with an origin that no browser would send."""
    with pytest.raises(BadSettings, match="GATEPOST_CORS_ORIGINS"):
        parse_cors_origins(f"https://a.example, {text}")


def test_origins_are_separated_by_commas() -> None:
    """Spaces, capital letters of the host and a final slash do not matter."""
    assert parse_cors_origins(" https://A.example/ , *") == ("https://a.example", "*")
