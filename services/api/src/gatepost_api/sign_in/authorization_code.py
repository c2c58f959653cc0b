"""Authorization code flow with PKCE, for signing in with an identity provider.

Sources: RFC 6749 §4.1, RFC 7636, RFC 9700; OpenID Connect Core 1.0 §3.1. The state of a flow is
stored in a browser cookie. The server stores nothing, so starting flows cannot exhaust its memory.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable, JwtClaims
from gatepost_api.oidc.trusted_issuers import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A started authorization flow."""

    url: str
    """The URL of the provider's sign-in page."""
    flow_state: str
    """The value of the cookie that the callback needs: state, nonce and code verifier."""


async def start_authorization(provider: Provider, callback: str) -> AuthorizationRequest:
    """Start a flow that returns to the URL `callback`.

    Raises:
        IssuerUnreachable: the provider publishes no authorization endpoint, or cannot be reached.
    """
    endpoint = (await provider.issuer.metadata()).authorization_endpoint
    if endpoint is None:
        raise IssuerUnreachable(f"{provider.settings.issuer} publishes no authorization endpoint.")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    query = urlencode(
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
    separator = "&" if "?" in endpoint else "?"
    return AuthorizationRequest(
        url=f"{endpoint}{separator}{query}", flow_state=f"{state}.{nonce}.{verifier}"
    )


async def complete_authorization(
    provider: Provider, callback: str, *, flow_state: str, state: str, code: str
) -> JwtClaims:
    """Exchange the code of a callback for the verified claims of the user.

    Raises:
        InvalidIdToken: the state does not match the cookie, or the provider denied the sign-in.
        IssuerUnreachable: the provider cannot be reached.
    """
    expected, nonce, verifier = [*flow_state.split("."), "", "", ""][:3]
    if not expected or not secrets.compare_digest(expected.encode(), state.encode()):
        raise InvalidIdToken(
            "This sign-in was started in another browser or has expired; try again."
        )
    if not code:
        raise InvalidIdToken("The identity provider denied the sign-in.")
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
    """Return the S256 code challenge (RFC 7636 §4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
