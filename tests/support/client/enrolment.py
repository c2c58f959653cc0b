"""Enrolling people at a running server."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import httpx2

from gatepost_client import Gatepost


def enrol(owner: Gatepost, name: str) -> str:
    """Invite a person, accept the invitation, and return the secret of a token of their own."""
    url = urlsplit(f"{owner.invite_user(name).url}")
    origin = f"{url.scheme}://{url.netloc}"
    with httpx2.Client(base_url=origin, headers={"Origin": origin}) as browser:
        link = url.query.partition("link=")[2]
        browser.post("/invitation", data={"link": link})
        issued = browser.post(f"/api/v1/users/{quote(name)}/tokens", json={"label": "test"})
    assert issued.status_code == httpx2.codes.CREATED, issued.text
    return str(issued.json()["secret"])
