"""Where a worker beside the server finds it, and why there may be none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatepost_api.server import worker_process
from gatepost_api.server.worker_process import loopback_url, why_not_started
from gatepost_api.settings.server import Settings, settings_from_environment


def settings(**changes: Any) -> Settings:
    return replace(settings_from_environment({}), **changes)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://[::]:8000", "http://[::1]:8000"),
        ("http://192.0.2.7:8000", "http://192.0.2.7:8000"),
    ],
)
def test_what_listens_everywhere_is_asked_at_loopback(address: str, asked: str) -> None:
    """The worker needs no name of the server's."""
    assert loopback_url(address) == asked


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://0.0.0.0:8000", "http://[::]:8000"]
)
def test_nothing_hinders_a_worker_on_this_machine(address: str) -> None:
    """As installed from a clone, or in a container."""
    assert why_not_started(settings(), address) is None


def test_a_worker_that_could_not_get_in_is_not_started() -> None:
    """The greeting says what to do instead."""
    encrypted = settings(tls_certificate=Path("cert.pem"))

    assert "certificate" in (why_not_started(encrypted, "https://127.0.0.1:8000") or "")
    assert "192.0.2.7" in (why_not_started(settings(), "http://192.0.2.7:8000") or "")
    named = settings(allowed_hosts=frozenset({"192.0.2.7"}))
    assert why_not_started(named, "http://192.0.2.7:8000") is None


def test_a_server_without_the_package_says_how_to_get_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server can be installed alone."""
    monkeypatch.setattr(worker_process, "find_spec", lambda _: None)

    assert "install it" in (why_not_started(settings(), "http://127.0.0.1:8000") or "")
