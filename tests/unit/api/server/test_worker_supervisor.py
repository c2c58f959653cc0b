"""The server URL of the built-in worker, and the reasons for not starting the worker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatepost_api.server import worker_supervisor
from gatepost_api.server.worker_supervisor import (
    browser_url,
    find_worker_obstacle,
    locally_reachable_url,
)
from gatepost_api.settings.environment_variables import settings_from_environment
from gatepost_api.settings.server import Settings


def settings(**changes: Any) -> Settings:
    return replace(settings_from_environment({}), **changes)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://[::]:8000", "http://[::1]:8000"),
        ("http://192.0.2.7:8000", "http://192.0.2.7:8000"),
    ],
)
def test_worker_calls_a_wildcard_address_at_loopback(address: str, expected: str) -> None:
    """The worker reaches a server that listens on a wildcard address through loopback."""
    assert locally_reachable_url(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        ("http://0.0.0.0:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://localhost:8000"),
        ("http://192.0.2.7:8000", "http://192.0.2.7:8000"),
        ("http://gatepost.example:80", "http://gatepost.example:80"),
        ("https://127.0.0.1:8000", "https://127.0.0.1:8000"),
    ],
)
def test_browsers_use_localhost(address: str, expected: str) -> None:
    """Without TLS, browsers offer passkeys only there."""
    assert browser_url(address) == expected


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://0.0.0.0:8000", "http://[::]:8000"]
)
def test_worker_is_started_with_default_settings(address: str) -> None:
    """With default settings, nothing prevents the built-in worker from starting."""
    assert find_worker_obstacle(settings(), address) is None


def test_worker_that_could_not_connect_is_not_started() -> None:
    """The reason names the certificate that the worker cannot verify, or the host to allow."""
    with_tls = settings(tls_certificate=Path("cert.pem"))

    assert "certificate" in (find_worker_obstacle(with_tls, "https://127.0.0.1:8000") or "")
    assert "192.0.2.7" in (find_worker_obstacle(settings(), "http://192.0.2.7:8000") or "")
    with_host = settings(allowed_hosts=frozenset({"192.0.2.7"}))
    assert find_worker_obstacle(with_host, "http://192.0.2.7:8000") is None


def test_missing_worker_package_is_explained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If the worker package is not installed, the reason says that it must be installed."""
    monkeypatch.setattr(worker_supervisor, "find_spec", lambda _: None)

    assert "install it" in (find_worker_obstacle(settings(), "http://127.0.0.1:8000") or "")
