"""A server process and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from tests.support.processes.server import ServerProcess


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data") as running:
        yield running


@pytest.fixture
def gatepost(server: ServerProcess) -> Iterator[Gatepost]:
    with Gatepost(server.url, token=server.token) as client:
        yield client
