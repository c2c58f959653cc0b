"""Whom the operator trusts is read strictly: what nobody can mean does not start the server."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from gatepost_api.oidc.providers import build_trusted_issuers
from gatepost_api.settings.oidc import OidcSettings, read_oidc_settings
from gatepost_api.settings.server import BadSettings
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.access.sessions import ProviderAccess
from tests.support.builders import FrozenClock

WHOLE = """
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


def test_without_a_file_nobody_is_trusted() -> None:
    """Tokens of our own are all there is."""
    assert read_oidc_settings(None) == OidcSettings()
    nobody = build_trusted_issuers(OidcSettings(), httpx2.AsyncClient(), FrozenClock())

    assert (nobody.provider, nobody.pipelines) == (None, ())


def test_a_whole_file_is_read(file: Path, secret: Path) -> None:
    """Groups come to grants and groups, each once; the secret comes from its own file."""
    file.write_text(WHOLE.format(secret=secret))

    read = read_oidc_settings(file)
    made = build_trusted_issuers(read, httpx2.AsyncClient(), FrozenClock())

    assert read.provider is not None
    standing = read.provider.grants_of_groups(frozenset({"platform", "leads", "unknown"}))
    operator = Grant(role=Role.OPERATOR, environment="staging")
    assert standing == ProviderAccess(grants=(operator,), groups=("devops", "qa"))
    assert made.provider is not None
    assert made.provider.client_secret == "hush"
    assert read.pipelines[0].scope_grants == (Grant(role=Role.REQUESTER, service="shop"),)


@pytest.mark.parametrize(
    ("changed", "into", "fault"),
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
def test_what_nobody_can_mean_is_refused(
    file: Path, secret: Path, changed: str, into: str, fault: str
) -> None:
    """By a sentence that names it."""
    whole = WHOLE.format(secret=secret)
    assert changed in whole
    file.write_text(whole.replace(changed, into, 1))

    with pytest.raises(BadSettings, match="GATEPOST_OIDC") as refused:
        read_oidc_settings(file)

    assert fault in str(refused.value)


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    """Nobody is silently trusted less than was meant."""
    with pytest.raises(BadSettings, match=r"oidc\.toml"):
        read_oidc_settings(file)


def test_a_secret_that_is_not_there_is_refused(file: Path, tmp_path: Path) -> None:
    """Before anybody tries to sign in."""
    file.write_text(WHOLE.format(secret=tmp_path / "nowhere"))

    with pytest.raises(BadSettings, match="client_secret_file"):
        build_trusted_issuers(read_oidc_settings(file), httpx2.AsyncClient(), FrozenClock())


def test_a_provider_on_this_machine_needs_no_tls(file: Path, secret: Path) -> None:
    """To try it out."""
    file.write_text(WHOLE.format(secret=secret).replace("https://id.example.com", "http://[::1]:1"))

    assert read_oidc_settings(file).provider is not None
