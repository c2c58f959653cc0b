"""A running server with a service, whose API the generated clients call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import ServiceCreate, VersionCreate
from tests.support.processes.server import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the service `shop` and its version 1.0.0."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        with Gatepost(url=process.url, token=process.token) as owner:
            shop = ServiceCreate(name="shop", team="web", repo_url="https://git.example/shop")
            owner.register_service(shop)
            owner.register_version("shop", VersionCreate(version="1.0.0"))
        yield process
