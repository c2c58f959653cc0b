"""The servers of the benchmarks start, and the address that they print can be reached."""

from __future__ import annotations

from pathlib import Path

import httpx2

from benchmarks.support.servers import product_server


def test_product_starts_on_a_loopback_address(tmp_path: Path) -> None:
    """The load generator connects to the port that the product prints."""
    with product_server(tmp_path / "data") as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert httpx2.get(f"{server.url}/health/live").status_code == 200
        assert server.cpu_s() > 0
