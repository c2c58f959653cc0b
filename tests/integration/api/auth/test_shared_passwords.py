"""Browsers behind a reverse proxy that requires one and the same password of everybody."""

from __future__ import annotations

from base64 import b64encode

import httpx2
import pytest

from tests.support.http.api import Api, token_secret
from tests.support.http.sign_in import anonymous_client, sign_in


@pytest.mark.parametrize("path", ["/me", "/deployments/current"])
async def test_password_of_a_proxy_identifies_nobody(api: Api, path: str) -> None:
    """Browsers that send a shared password beside their sessions are not taken for each other."""
    shared = {"Authorization": f"Basic {b64encode(b'all:shared').decode()}"}
    ada, stranger = anonymous_client(api), anonymous_client(api)
    await sign_in(ada, token=token_secret("ada"))

    async def read(client: httpx2.AsyncClient) -> int:
        response = await client.get(f"/api/v1{path}", headers=shared)
        return response.status_code

    assert [await read(ada), await read(ada), await read(stranger)] == [200, 200, 401]
    await ada.aclose()
    await stranger.aclose()
