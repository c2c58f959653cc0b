"""An identity provider, and a browser that is not signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from tests.support.http.api import Api
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.sign_in import anonymous_client


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx2.AsyncClient]:
    async with anonymous_client(api) as client:
        yield client
