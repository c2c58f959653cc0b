"""What an operator can set: what is unsafe or unreadable is refused, naming the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatepost_api.settings.server import (
    LOOPBACK_HOSTS,
    BadSettings,
    Settings,
    StorageLocation,
    is_loopback,
    parse_host_names,
    settings_from_environment,
    validate_settings,
)

HOSTS = {"GATEPOST_ALLOWED_HOSTS": "gatepost.example"}
TLS = {"GATEPOST_TLS_CERTIFICATE": "cert.pem", "GATEPOST_TLS_KEY": "key.pem"}
PROXY = {"GATEPOST_BEHIND_PROXY": "true"}


def settings(**changes: Any) -> Settings:
    return replace(settings_from_environment({}), **changes)


def refusal(environment: dict[str, str], host: str = "127.0.0.1") -> str:
    with pytest.raises(BadSettings) as refused:
        validate_settings(settings_from_environment({"GATEPOST_HOST": host, **environment}))
    return str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "gatepost.example", "127.0.0.1.x"])  # noqa: S104  # refused
@pytest.mark.parametrize(
    ("environment", "named", "unnamed"),
    [
        ({}, {"ALLOWED_HOSTS", "BEHIND_PROXY", "TLS_CERTIFICATE", "TLS_KEY"}, set[str]()),
        (HOSTS, {"BEHIND_PROXY", "TLS_CERTIFICATE", "TLS_KEY"}, {"ALLOWED_HOSTS"}),
        (TLS, {"ALLOWED_HOSTS"}, {"BEHIND_PROXY"}),
        (PROXY, {"ALLOWED_HOSTS"}, {"TLS_KEY"}),
        ({"GATEPOST_ALLOWED_HOSTS": " , "} | TLS, {"ALLOWED_HOSTS"}, {"BEHIND_PROXY"}),
    ],
)
def test_other_machines_do_not_reach_it_before_it_is_safe(
    host: str, environment: dict[str, str], named: set[str], unnamed: set[str]
) -> None:
    """It has to know its names, and something has to encrypt; what lacks is named, and no more."""
    told = refusal(environment, host)

    assert host in told
    assert all(f"GATEPOST_{name}" in told for name in named)
    assert not any(f"GATEPOST_{name}" in told for name in unnamed)


@pytest.mark.parametrize("lone", TLS)
def test_a_certificate_and_its_key_go_together(lone: str) -> None:
    """One without the other is refused, at any address, and both are named."""
    told = refusal({lone: TLS[lone]})

    assert all(name in told for name in TLS)


@pytest.mark.parametrize(
    "port", ["", "http", "-1", "65536", "80.0", "8000 ", "\u00b2", "1e3", "9" * 5000]
)
def test_what_is_no_port_is_refused(port: str) -> None:
    """It is told which setting it is, and what it was."""
    with pytest.raises(BadSettings, match="GATEPOST_PORT"):
        settings_from_environment({"GATEPOST_PORT": port})


@pytest.mark.parametrize("word", ["", "yes", "1", "on", "truee"])
def test_what_is_neither_true_nor_false_is_refused(word: str) -> None:
    """A safeguard is not turned on or off by a word that could mean either."""
    with pytest.raises(BadSettings, match="GATEPOST_BEHIND_PROXY"):
        settings_from_environment({"GATEPOST_BEHIND_PROXY": word})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "gatepost.example"])  # noqa: S104  # with safeguards
@pytest.mark.parametrize("encrypted", [TLS, PROXY])
def test_other_machines_reach_it_once_it_is_safe(host: str, encrypted: dict[str, str]) -> None:
    """With its names, and TLS of its own or a proxy's."""
    validate_settings(settings_from_environment({"GATEPOST_HOST": host} | HOSTS | encrypted))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_this_machine_reaches_it_without_anything_set(host: str) -> None:
    """What never leaves the machine needs neither names nor encryption."""
    assert is_loopback(host)
    validate_settings(settings(host=host))


def test_what_is_not_set_is_safe_and_local() -> None:
    """The defaults need no change to try it out."""
    assert settings_from_environment({}) == Settings(
        location=StorageLocation(data=Path("data")),
        host="127.0.0.1",
        port=8000,
        allowed_hosts=frozenset(),
        behind_proxy=False,
        tls_certificate=None,
        tls_key=None,
        oidc=None,
        worker=True,
    )
    assert settings().accepted_hosts == LOOPBACK_HOSTS
    assert settings().location.database_file == Path("data/gatepost.db")


def test_everything_can_be_set() -> None:
    """Each variable is read, words in any case."""
    read = settings_from_environment(
        {
            "GATEPOST_DATA": "/var/lib/gatepost",
            "GATEPOST_DATABASE_URL": "postgresql+asyncpg://gatepost:secret@db.example/gatepost",
            "GATEPOST_HOST": "::",
            "GATEPOST_PORT": "0",
            "GATEPOST_ALLOWED_HOSTS": "Gatepost.example, gate.example,",
            "GATEPOST_BEHIND_PROXY": " True ",
            "GATEPOST_WORKER": "false",
            **TLS,
        }
    )

    assert (read.location.data, read.host, read.port) == (Path("/var/lib/gatepost"), "::", 0)
    assert read.location.database_url is not None
    assert "secret" not in repr(read)
    assert read.accepted_hosts == LOOPBACK_HOSTS | {"gatepost.example", "gate.example"}
    assert read.behind_proxy
    assert not read.worker
    assert (read.tls_certificate, read.tls_key) == (Path("cert.pem"), Path("key.pem"))


def test_names_are_read_without_what_surrounds_them() -> None:
    """Commas part them; blanks and case are nothing."""
    assert parse_host_names(" A.example ,, b.example") == {"a.example", "b.example"}
    assert parse_host_names("") == frozenset()
