"""The server behind the real reverse proxies of `deploy/`, on another loopback address."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from gatepost_client import Gatepost
from gatepost_client.models import UserCreate
from tests.support.processes import reverse_proxies
from tests.support.processes.certificates import CertificateFiles, write_certificate
from tests.support.processes.reverse_proxies import HOST, OUTER_ADDRESS, RunProxy, proxied_client
from tests.support.processes.server import ServerProcess

INNER_ADDRESS = {"nginx": OUTER_ADDRESS, "caddy": "127.0.0.1", "traefik": "127.0.0.1"}
"""The address from which each proxy connects to the server."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The server as browsers and programs outside see it."""

    url: str
    server: ServerProcess
    certificate: CertificateFiles

    def client(self, address: str = "127.0.0.7") -> httpx2.Client:
        return proxied_client(self.url, self.certificate, address)

    def sign_in(self, client: httpx2.Client, **headers: str) -> httpx2.Response:
        return client.post(
            "/sign-in",
            data={"token": self.server.token},
            headers={"Origin": self.url, **headers},
        )


@pytest.fixture(params=["nginx", "caddy", "traefik"])
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outside]:
    run: RunProxy = getattr(reverse_proxies, request.param)
    reverse_proxies.require_program(request.param)
    options = (f"--allowed-hosts={HOST}", f"--trusted-proxies={INNER_ADDRESS[request.param]}")
    certificate = write_certificate(tmp_path, HOST)
    with ServerProcess(tmp_path / "data", options=options) as server:
        port = urlsplit(server.url).port
        assert port is not None
        with run(tmp_path, [port], certificate) as url:
            yield Outside(url, server, certificate)


def cookie_of(response: httpx2.Response) -> str:
    return response.headers["Set-Cookie"].partition(";")[0]


def test_sign_in_and_live_pages_through_a_proxy(outside: Outside) -> None:
    """Cookies, origins, HSTS and links follow the outer address, and events arrive at once."""
    with outside.client() as browser:
        form = browser.get("/sign-in")
        foreign = outside.sign_in(browser, Origin="https://evil.example")
        signed_in = outside.sign_in(browser)
        cookie = {"Cookie": cookie_of(signed_in), "Origin": outside.url}
        console = browser.get("/", headers=cookie)

        assert form.status_code == 200
        assert form.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
        assert signed_in.status_code == 303
        set_cookie = signed_in.headers["Set-Cookie"]
        assert set_cookie.startswith("__Host-gatepost=")
        assert "secure" in set_cookie.lower()
        assert console.status_code == 200

        with browser.stream("GET", "/api/v1/events/stream", headers=cookie) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry: ")
            started_at_s = time.perf_counter()
            service = {"name": "shop", "team": "checkout", "repo_url": "https://git.example/x"}
            created = browser.post("/api/v1/services", json=service, headers=cookie)
            event = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
            delay_s = time.perf_counter() - started_at_s

        assert created.status_code == 201
        assert event["kind"] == "service_registered"
        assert delay_s < 2

        admin = {"Authorization": f"Bearer {outside.server.token}"}
        with Gatepost(outside.server.url, token=outside.server.token) as owner:
            owner.add_user(UserCreate(name="quinn"))
        invited = browser.post("/api/v1/users/quinn/invitations", headers=admin)
        assert invited.json()["url"].startswith(f"{outside.url}/invitation?link=")


def test_failed_tokens_count_for_the_address_of_the_client(outside: Outside) -> None:
    """A client cannot escape the limit with invented headers, nor lock out another client."""
    wrong = {"Authorization": "Bearer gp_u_wrong"}
    with outside.client("127.0.0.8") as attacker, outside.client("127.0.0.9") as other:
        statuses = [
            attacker.get(
                "/api/v1/me",
                headers={**wrong, "X-Forwarded-For": f"192.0.2.{number}"},
            ).status_code
            for number in range(25)
        ]
        of_other = other.get("/api/v1/me", headers=wrong).status_code

    assert statuses[:20] == [401] * 20
    assert statuses[20:] == [429] * 5
    assert of_other == 401


def test_headers_of_other_addresses_are_ignored(tmp_path: Path) -> None:
    """Without the proxy, invented headers change nothing: the log says whose were ignored."""
    options = (f"--allowed-hosts={HOST}", "--trusted-proxies=127.0.0.2")
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
    with ServerProcess(tmp_path / "data", options=options) as server:
        refused = httpx2.post(
            f"{server.url}/sign-in",
            data={"token": server.token},
            headers={**forwarded, "Origin": f"https://{HOST}"},
        )
        log = server.log()

    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
    assert "Strict-Transport-Security" not in refused.headers
    assert "ignored the forwarded headers of 127.0.0.1" in log
    assert server.token not in log


def test_printed_links_name_the_outer_address(tmp_path: Path) -> None:
    """`sign-in-link` prints the address of the proxy, which the running server knows."""
    options = (f"--allowed-hosts={HOST}", "--trusted-proxies=127.0.0.2")
    with ServerProcess(tmp_path / "data", options=options) as server:
        link = server.create_sign_in_link()

    assert link.startswith(f"https://{HOST}/sign-in?link=")
