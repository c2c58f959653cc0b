"""Server settings: the error for an unsafe or invalid value names the setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.environment_variables import settings_from_environment
from gatepost_api.settings.network import parse_host_names
from gatepost_api.settings.server import (
    LOOPBACK_HOSTS,
    Settings,
    StorageLocation,
    is_loopback,
    require_safe_exposure,
)
from gatepost_api.settings.trusted_proxies import (
    LOCAL_PROXIES,
    NO_PROXIES,
    TrustedProxies,
    parse_networks,
)

ALLOWED_HOSTS = {"GATEPOST_ALLOWED_HOSTS": "gatepost.example"}
TLS = {"GATEPOST_TLS_CERTIFICATE": "cert.pem", "GATEPOST_TLS_KEY": "key.pem"}
PROXY = {"GATEPOST_BEHIND_PROXY": "true"}
PROXIES = {"GATEPOST_TRUSTED_PROXIES": "192.0.2.7, 10.0.0.0/8"}


def settings(**changes: Any) -> Settings:
    return replace(settings_from_environment({}), **changes)


def refusal(environment: dict[str, str], host: str = "127.0.0.1") -> str:
    with pytest.raises(BadSettings) as refused:
        require_safe_exposure(settings_from_environment({"GATEPOST_HOST": host, **environment}))
    return str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "gatepost.example", "127.0.0.1.x"])  # noqa: S104  # refused
@pytest.mark.parametrize(
    ("environment", "named", "unnamed"),
    [
        ({}, {"ALLOWED_HOSTS", "BEHIND_PROXY", "TLS_CERTIFICATE", "TLS_KEY"}, set[str]()),
        (ALLOWED_HOSTS, {"BEHIND_PROXY", "TLS_CERTIFICATE", "TLS_KEY"}, {"ALLOWED_HOSTS"}),
        (TLS, {"ALLOWED_HOSTS"}, {"BEHIND_PROXY"}),
        (PROXY, {"ALLOWED_HOSTS"}, {"TLS_KEY"}),
        ({"GATEPOST_ALLOWED_HOSTS": " , "} | TLS, {"ALLOWED_HOSTS"}, {"BEHIND_PROXY"}),
    ],
)
def test_public_address_needs_host_names_and_encryption(
    host: str, environment: dict[str, str], named: set[str], unnamed: set[str]
) -> None:
    """A public address without these settings is refused. The error names only those missing."""
    message = refusal(environment, host)

    assert host in message
    assert all(f"GATEPOST_{name}" in message for name in named)
    assert not any(f"GATEPOST_{name}" in message for name in unnamed)


@pytest.mark.parametrize("name", TLS)
def test_certificate_and_key_are_both_required(name: str) -> None:
    """A certificate without a key, or a key without a certificate, is refused with both names."""
    message = refusal({name: TLS[name]})

    assert all(name in message for name in TLS)


@pytest.mark.parametrize(
    "port", ["", "http", "-1", "65536", "80.0", "8000 ", "\u00b2", "1e3", "9" * 5000]
)
def test_invalid_port_is_refused(port: str) -> None:
    """The error names the port setting."""
    with pytest.raises(BadSettings, match="GATEPOST_PORT"):
        settings_from_environment({"GATEPOST_PORT": port})


@pytest.mark.parametrize("limit", ["", "many", "-1", "1.5", "1e3", "9" * 5000])
def test_invalid_rate_limit_is_refused(limit: str) -> None:
    """The error names the setting."""
    with pytest.raises(BadSettings, match="GATEPOST_RATE_LIMIT"):
        settings_from_environment({"GATEPOST_RATE_LIMIT": limit})


@pytest.mark.parametrize("name", ["GATEPOST_INGEST_KEEP_DAYS", "GATEPOST_MESSAGES_KEEP_DAYS"])
@pytest.mark.parametrize("days", ["0", "many", "-1", "1.5", "9" * 6])
def test_invalid_number_of_days_is_refused(name: str, days: str) -> None:
    """The error names the setting."""
    with pytest.raises(BadSettings, match=name):
        settings_from_environment({name: days})


@pytest.mark.parametrize("value", ["", "yes", "1", "on", "truee"])
def test_invalid_boolean_is_refused(value: str) -> None:
    """A value other than true or false is an error that names the setting."""
    with pytest.raises(BadSettings, match="GATEPOST_BEHIND_PROXY"):
        settings_from_environment({"GATEPOST_BEHIND_PROXY": value})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "gatepost.example"])  # noqa: S104  # allowed only with safeguards
@pytest.mark.parametrize("encryption", [TLS, PROXY, PROXIES])
def test_public_address_is_allowed_with_safeguards(host: str, encryption: dict[str, str]) -> None:
    """A public address is allowed with host names and either a certificate or a proxy."""
    require_safe_exposure(
        settings_from_environment({"GATEPOST_HOST": host} | ALLOWED_HOSTS | encryption)
    )


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/8", "10.0.0.0/8;192.0.2.7", "*"])
def test_invalid_proxy_is_refused(text: str) -> None:
    """The error names the setting and the part that is neither an address nor a network."""
    with pytest.raises(BadSettings, match="GATEPOST_TRUSTED_PROXIES") as refused:
        settings_from_environment({"GATEPOST_TRUSTED_PROXIES": f"192.0.2.7, {text}"})

    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "believed"),
    [
        ({}, NO_PROXIES),
        ({"GATEPOST_TRUSTED_PROXIES": " , "}, NO_PROXIES),
        (PROXY, LOCAL_PROXIES),
        (PROXIES, parse_networks("192.0.2.7,10.0.0.0/8")),
        (PROXY | PROXIES, parse_networks("192.0.2.7,10.0.0.0/8")),
    ],
)
def test_named_proxies_replace_those_of_this_machine(
    environment: dict[str, str], believed: TrustedProxies
) -> None:
    """Without a proxy nobody is believed, and with addresses only those."""
    assert settings_from_environment(environment).effective_trusted_proxies == believed


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        (ALLOWED_HOSTS, None),
        (ALLOWED_HOSTS | PROXY, "https://gatepost.example"),
        (ALLOWED_HOSTS | PROXIES, "https://gatepost.example"),
        (PROXIES, None),
        (PROXIES | {"GATEPOST_ALLOWED_HOSTS": "a.example,b.example"}, None),
        (PROXIES | {"GATEPOST_ALLOWED_HOSTS": "a.example,localhost"}, "https://a.example"),
        ({"GATEPOST_PUBLIC_URL": "https://B.example:8443/"}, "https://b.example:8443"),
    ],
)
def test_links_name_the_outer_address(environment: dict[str, str], url: str | None) -> None:
    """The public URL, or the only host name of a server behind a proxy."""
    assert settings_from_environment(environment).address_for_people == url


def test_host_of_the_public_url_is_accepted() -> None:
    """The public URL needs no second entry among the host names, not even on a public address."""
    public = {"GATEPOST_PUBLIC_URL": "https://gatepost.example:8443", "GATEPOST_HOST": "::"}
    with_name = settings_from_environment(public | PROXIES)

    require_safe_exposure(with_name)
    assert "gatepost.example" in with_name.accepted_hosts
    ipv6 = settings_from_environment({"GATEPOST_PUBLIC_URL": "https://[2001:db8::1]"})
    assert "[2001:db8::1]" in ipv6.accepted_hosts


@pytest.mark.parametrize(
    "url",
    [
        "gatepost.example",
        "ftp://x",
        "https://",
        "https://x/y",
        "https://x?y",
        "https://u:p@x",
        "https://x:99999",
        "https://[::1",
        "https://x:0",
    ],
)
def test_invalid_public_url_is_refused(url: str) -> None:
    """The error names the setting."""
    with pytest.raises(BadSettings, match="GATEPOST_PUBLIC_URL"):
        settings_from_environment({"GATEPOST_PUBLIC_URL": url})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_loopback_address_needs_no_settings(host: str) -> None:
    """A server that listens only on loopback needs neither host names nor encryption."""
    assert is_loopback(host)
    require_safe_exposure(settings(host=host))


def test_default_settings_are_safe_and_local() -> None:
    """Without configuration, the server listens on loopback only and stores data locally."""
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
        rate_limit=1_200_000,
    )
    assert settings().accepted_hosts == LOOPBACK_HOSTS
    assert settings().location.database_file == Path("data/gatepost.db")


def test_every_setting_can_be_set() -> None:
    """Each environment variable sets its option. Booleans and host names ignore case."""
    parsed = settings_from_environment(
        {
            "GATEPOST_DATA": "/var/lib/gatepost",
            "GATEPOST_DATABASE_URL": "postgresql+asyncpg://gatepost:secret@db.example/gatepost",
            "GATEPOST_HOST": "::",
            "GATEPOST_PORT": "0",
            "GATEPOST_ALLOWED_HOSTS": "Gatepost.example, gate.example,",
            "GATEPOST_BEHIND_PROXY": " True ",
            "GATEPOST_WORKER": "false",
            "GATEPOST_OIDC_CREATE_USERS": "False",
            "GATEPOST_RATE_LIMIT": "6000",
            "GATEPOST_MESSAGES_KEEP_DAYS": "7",
            **TLS,
        }
    )

    assert (parsed.location.data, parsed.host, parsed.port) == (Path("/var/lib/gatepost"), "::", 0)
    assert parsed.location.database_url is not None
    assert "secret" not in repr(parsed)
    assert parsed.accepted_hosts == LOOPBACK_HOSTS | {"gatepost.example", "gate.example"}
    assert parsed.behind_proxy
    assert not parsed.worker
    assert parsed.oidc_create_users is False
    assert settings_from_environment({}).oidc_create_users is None
    assert parsed.rate_limit == 6000
    assert parsed.messages_keep_days == 7
    assert settings_from_environment({}).messages_keep_days == 90
    assert (parsed.tls_certificate, parsed.tls_key) == (Path("cert.pem"), Path("key.pem"))


def test_host_names_are_normalized() -> None:
    """Host names are separated by commas. Spaces and case are ignored."""
    assert parse_host_names(" A.example ,, b.example") == {"a.example", "b.example"}
    assert parse_host_names("") == frozenset()
