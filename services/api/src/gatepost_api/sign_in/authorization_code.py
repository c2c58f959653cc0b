"""A browser's way to the identity provider and back: authorization code with PKCE.

Sources: RFC 6749 §4.1, RFC 7636, RFC 9700; OpenID Connect Core 1.0 §3.1. What has to be remembered
meanwhile stays in the browser's own cookie, so that nobody fills a memory of ours by beginning.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable, JwtClaims
from gatepost_api.oidc.providers import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A sign-in that has begun."""

    url: str
    """Where the browser goes now."""
    flow_state: str
    """What it brings back, besides what the provider says."""


async def start_authorization(provider: Provider, callback: str) -> AuthorizationRequest:
    """Send a browser to the provider, which sends it back to `callback`.

    Raises:
        IssuerUnreachable: the provider does not say where its sign-in is.
    """
    endpoint = (await provider.issuer.metadata()).authorization_endpoint
    if endpoint is None:
        raise IssuerUnreachable(f"{provider.settings.issuer} has no page to sign in at.")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    question = urlencode(
        {
            "response_type": "code",
            "client_id": provider.settings.client_id,
            "redirect_uri": callback,
            "scope": " ".join(provider.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _code_challenge(verifier),
            "code_challenge_method": "S256",
        }
    )
    joint = "&" if "?" in endpoint else "?"
    return AuthorizationRequest(
        url=f"{endpoint}{joint}{question}", flow_state=f"{state}.{nonce}.{verifier}"
    )


async def complete_authorization(
    provider: Provider, callback: str, *, flow_state: str, state: str, code: str
) -> JwtClaims:
    """Take a browser back, and have the provider say who sits before it.

    Raises:
        NotVouched: this browser began no such sign-in, or the provider let nobody in.
        IssuerUnreachable: the provider does not answer.
    """
    expected, nonce, verifier = [*flow_state.split("."), "", "", ""][:3]
    if not expected or not secrets.compare_digest(expected.encode(), state.encode()):
        raise InvalidIdToken("This browser began no such sign-in, or too long ago; begin again.")
    if not code:
        raise InvalidIdToken("The identity provider let nobody in.")
    settings = provider.settings
    token = await provider.issuer.exchange_code(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": settings.client_id,
            "code_verifier": verifier,
        },
        secret=provider.client_secret,
    )
    return await provider.issuer.verify(token, audience=settings.client_id, nonce=nonce)


def _code_challenge(verifier: str) -> str:
    """RFC 7636 §4.2."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
