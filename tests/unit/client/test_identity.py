"""What the client says about itself, and what it does not show."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx2
import pytest

from gatepost_client import AsyncGatepost, BadSettings, Gatepost, NotSendable
from gatepost_client.models import Invitation, IssuedToken, PipelineProof, Token
from gatepost_client.version import VERSION
from tests.support.cli import DEPLOYMENT

SECRET = "gp_u_0123456789"
AT = "2026-11-21T12:00:00Z"
TOKEN = {
    "id": "01936f5e-0000-7000-8000-000000000042",
    "user": "ada",
    "kind": "personal",
    "label": None,
    "issuer": "ada",
    "created_at": AT,
    "expires_at": None,
    "last_used_at": None,
    "revoked_at": None,
    "scopes": None,
}
INVITATION = {
    "id": "01936f5e-0000-7000-8000-000000000043",
    "user": "ada",
    "invited_by": "owner",
    "expires_at": AT,
}


def test_client_introduces_itself_with_its_version() -> None:
    """The operator of a server sees which clients have to be updated."""
    agents = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        agents.append(request.headers["User-Agent"])
        return httpx2.Response(200, json=DEPLOYMENT)

    transport = httpx2.MockTransport(respond)
    with Gatepost("http://gatepost.example", token="t", transport=transport) as gatepost:
        gatepost.get_deployment("DEP-42")

    assert agents == [f"gatepost-client/{VERSION}"]


def test_token_is_not_shown() -> None:
    """Test reports and error trackers print local variables."""
    with Gatepost("http://gatepost.example", token=SECRET) as gatepost:
        shown = [gatepost, gatepost.client, gatepost.client.get_httpx_client(), vars(gatepost)]

        assert SECRET not in "".join(f"{each!r}{each}" for each in shown)
    assert SECRET not in repr(AsyncGatepost("http://gatepost.example", token=SECRET).client)


def test_secrets_of_models_are_not_shown() -> None:
    """A response with a new token, or a link that signs in, can be logged."""
    token = Token.from_dict(TOKEN)
    models: list[PipelineProof | IssuedToken | Invitation] = [
        PipelineProof(token=SECRET),
        IssuedToken(secret=SECRET, token=token),
        Invitation.from_dict({**INVITATION, "url": f"https://gatepost.example/{SECRET}"}),
    ]

    assert [SECRET in repr(model) for model in models] == [False, False, False]
    assert [SECRET in str(model.to_dict()) for model in models] == [True, True, True]
    assert "IssuedToken(token=Token(" in repr(models[1])


def test_authority_is_read_from_a_file(tmp_path: Path) -> None:
    """The path of a file without certificates is refused, and names it."""
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")

    with pytest.raises(BadSettings, match=r"ca\.pem"):
        Gatepost("https://gatepost.example", token="t", verify=file)
    with pytest.raises(BadSettings, match="missing"):
        Gatepost("https://gatepost.example", token="t", verify=tmp_path / "missing")


def test_tls_settings_of_the_caller_are_used() -> None:
    """A prepared context is passed on as it is."""
    context = ssl.create_default_context()
    with Gatepost("https://gatepost.example", token="t", verify=context) as gatepost:
        assert gatepost.client._verify_ssl is context  # noqa: SLF001  # not readable otherwise


def test_certificates_are_loaded_only_for_https() -> None:
    """They are not needed for an http:// URL, and loading them takes longer than a request."""
    with (
        Gatepost("http://gatepost.example", token="t") as plain,
        Gatepost("https://gatepost.example", token="t") as secure,
    ):
        context = plain.client._verify_ssl  # noqa: SLF001  # not readable otherwise
        assert isinstance(context, ssl.SSLContext)
        assert context.get_ca_certs() == []
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert secure.client._verify_ssl is True  # noqa: SLF001  # as above


def test_closed_client_says_so() -> None:
    """A call after `close` is a mistake in the program and named as such."""
    gatepost = Gatepost("http://gatepost.example", token="t")
    gatepost.close()

    with pytest.raises(NotSendable, match="closed"):
        gatepost.get_me()
