"""Strict parsing of the OIDC file: an invalid file prevents the server from starting."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from gatepost_api.oidc.trusted_issuers import build_trusted_issuers
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.oidc import OidcSettings, read_oidc_settings
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.access.sign_in import ProviderAccess
from tests.support.builders import FrozenClock

COMPLETE = """
[provider]
issuer = "https://id.example.com"
audience = "gatepost"
client_id = "gatepost"
client_secret_file = "{secret}"

[[provider.groups]]
name = "platform"
groups = ["devops"]
grants = [{{ role = "operator", environment = "staging" }}]

[[provider.groups]]
name = "leads"
groups = ["devops", "qa"]

[[pipelines]]
issuer = "https://ci.example.com"
audience = "gatepost"
claims = {{ repository = "acme/shop" }}
user = "shop-pipeline"
scopes = [{{ role = "requester", service = "shop" }}]
"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "client.secret"
    file.write_text(" hush \n")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "oidc.toml"


def test_without_a_file_no_issuer_is_trusted() -> None:
    """Without an OIDC file, the server accepts only Gatepost's own tokens."""
    assert read_oidc_settings(None) == OidcSettings()
    trusted = build_trusted_issuers(OidcSettings(), httpx2.AsyncClient(), FrozenClock())

    assert (trusted.provider, trusted.pipelines) == (None, ())


def test_complete_file_is_read(file: Path, secret: Path) -> None:
    """A file with every setting is read, and the client secret comes from its own file."""
    file.write_text(COMPLETE.format(secret=secret))

    oidc_settings = read_oidc_settings(file)
    trusted = build_trusted_issuers(oidc_settings, httpx2.AsyncClient(), FrozenClock())

    assert oidc_settings.provider is not None
    rights = oidc_settings.provider.access_of_groups(frozenset({"platform", "leads", "unknown"}))
    operator = Grant(role=Role.OPERATOR, environment="staging")
    assert rights == ProviderAccess(grants=(operator,), groups=("devops", "qa"))
    assert trusted.provider is not None
    assert trusted.provider.client_secret == "hush"
    assert oidc_settings.pipelines[0].scope_grants == (Grant(role=Role.REQUESTER, service="shop"),)


@pytest.mark.parametrize(
    ("in_file", "setting", "expected"),
    [
        (None, None, True),
        (False, None, False),
        (True, False, False),
        (False, True, True),
        (None, False, False),
    ],
)
def test_setting_of_the_server_replaces_that_of_the_file(
    file: Path, secret: Path, *, in_file: bool | None, setting: bool | None, expected: bool
) -> None:
    """By default, a first sign-in at the provider adds a user."""
    key = "" if in_file is None else f"create_users = {str(in_file).lower()}\n"
    complete = COMPLETE.format(secret=secret)
    file.write_text(complete.replace("[[provider.groups]]", f"{key}[[provider.groups]]", 1))

    provider = read_oidc_settings(file, create_users=setting).provider

    assert provider is not None
    assert provider.create_users is expected


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[provider]", "[provider", "cannot read"),
        ('audience = "gatepost"\nclient', "client", "missing required field `audience`"),
        ('client_id = "gatepost"', 'client_id = "gatepost"\nsecret = "x"', "unknown field"),
        ('"operator"', '"king"', "Invalid enum value 'king'"),
        ("https://id.example.com", "http://id.example.com", "must be an https URL"),
        ("https://id.example.com", "id.example.com", "must be an https URL"),
        ("https://ci.example.com", "ftp://ci.example.com", "must be an https URL"),
        ('repository = "acme/shop"', 'ref = "refs/heads/main"', "restrict the source repository"),
        ('repository = "acme/shop"', 'repository = "**"', "restrict the source repository"),
    ],
)
def test_invalid_file_is_refused(file: Path, secret: Path, old: str, new: str, fault: str) -> None:
    """The error names the invalid setting and the problem."""
    complete = COMPLETE.format(secret=secret)
    assert old in complete
    file.write_text(complete.replace(old, new, 1))

    with pytest.raises(BadSettings, match="GATEPOST_OIDC") as refused:
        read_oidc_settings(file)

    assert fault in str(refused.value)


def test_missing_file_is_refused(file: Path) -> None:
    """A configured but missing file is an error, and is not ignored silently."""
    with pytest.raises(BadSettings, match=r"oidc\.toml"):
        read_oidc_settings(file)


def test_missing_client_secret_is_refused(file: Path, tmp_path: Path) -> None:
    """The error occurs when the server starts, not at the first sign-in."""
    file.write_text(COMPLETE.format(secret=tmp_path / "nowhere"))

    with pytest.raises(BadSettings, match="client_secret_file"):
        build_trusted_issuers(read_oidc_settings(file), httpx2.AsyncClient(), FrozenClock())


def test_local_provider_may_use_http(file: Path, secret: Path) -> None:
    """A provider on this machine may use HTTP, so that it can be tried without certificates."""
    file.write_text(
        COMPLETE.format(secret=secret).replace("https://id.example.com", "http://[::1]:1")
    )

    assert read_oidc_settings(file).provider is not None
