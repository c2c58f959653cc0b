"""The weight of pages with 200 services in 12 environments, which browsers load."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import Final

import pytest

from gatepost_api.http.compression import MIN_BYTES
from tests.integration.console.conftest import AsUser
from tests.support.console import PAGES
from tests.support.http.api import Api, ok_json

SERVICES: Final = tuple(f"service-{number:03}" for number in range(198))
"""The names of all services but the two that the server has."""
ENVIRONMENTS: Final = tuple(
    f"{tier}-{region}"
    for tier in ("test", "staging", "production")
    for region in ("eu", "us", "ap", "af")
)
MAX_TRANSFERRED: Final = 150_000
"""HTML, style sheet and script, compressed, for a browser that has nothing of them."""
MAX_OVERVIEW: Final = 400_000
"""The HTML of the overview before compression."""


@pytest.fixture
async def history(api: Api) -> None:
    """Import two deployments of each service to each environment, with commits as versions."""
    lines = ["service,environment,version,deployed_at,deployed_by,notes,external_id"]
    places = [(service, place) for service in ("shop", *SERVICES) for place in ENVIRONMENTS]
    for position, (service, environment) in enumerate(places):
        for day in (10, 20):
            commit = sha1(f"{position} {day}".encode(), usedforsecurity=False).hexdigest()
            version = f"release-{commit}"
            at = f"2026-11-{day}T{position % 24:02}:{position % 60:02}:00Z"
            lines.append(f"{service},{environment},{version},{at},ci:continuous-integration,,")
    tiers = "&".join(f"tier.{place}={place.partition('-')[0]}" for place in ENVIRONMENTS)
    ok_json(
        await api.post(
            f"/deployments/import?create_missing=true&{tiers}",
            content="\n".join(lines),
            headers={"Content-Type": "text/csv"},
        )
    )


@pytest.mark.usefixtures("history")
async def test_every_page_transfers_less_than_150_kb(api: Api, as_user: AsUser) -> None:
    """The bytes of a page depend only on what it shows, so a heavier template fails here."""
    await api.create_deployment()
    owner = await as_user("owner")
    weights: dict[str, int] = {}
    static: dict[str, int] = {}
    for path in (*PAGES, "/?rows=all", "/?group=team&rows=all"):
        response = await owner.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, path
        addresses = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', response.text)
        for address in {*addresses} - static.keys():
            file = await owner.client.get(address, headers={"Accept-Encoding": "gzip"})
            is_large = int(file.headers["Content-Length"]) > MIN_BYTES
            assert not is_large or file.headers["Content-Encoding"] == "gzip"
            static[address] = int(file.headers["Content-Length"])
        weights[path] = int(response.headers["Content-Length"])
        weights[path] += sum(static[address] for address in {*addresses})

    assert {path: size for path, size in weights.items() if size > MAX_TRANSFERRED} == {}
    assert len((await owner.open("/")).encode()) < MAX_OVERVIEW
