"""The authorization code flow with PKCE, for sign-in and for linking accounts at the provider.

Sources: RFC 6749 §4.1, RFC 7636, RFC 9700; OpenID Connect Core 1.0 §3.1. The state of a flow is
stored in a browser cookie. The server stores nothing, so starting flows cannot exhaust its memory.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable, JwtClaims
from gatepost_api.oidc.trusted_issuers import Provider
from gatepost_domain.access.handles import is_handle

_PARTS_OF_LINK_FLOW: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A started authorization flow."""

    url: str
    """The URL of the provider's sign-in page."""
    flow_state: str
    """The value of the cookie that the callback needs: state, nonce and code verifier and, if the
    flow links the account to a user, the link's binding and the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinkFlow:
    """A flow that links an account at the provider to the user of a session."""

    user: str
    _state: str
    _binding: str

    def is_of_session(self, secret: str) -> bool:
        """Return whether the session with this secret started the flow."""
        expected = _bind_to_session(self._state, secret)
        return secrets.compare_digest(expected.encode(), self._binding.encode())


def read_account_link_flow(flow_state: str) -> AccountLinkFlow | None:
    """Return the flow that links an account, or None if the flow is a sign-in."""
    parts = flow_state.split(".", 4)
    if len(parts) != _PARTS_OF_LINK_FLOW or not is_handle(parts[-1]):
        return None
    return AccountLinkFlow(user=parts[4], _state=parts[0], _binding=parts[3])


async def start_account_link_flow(
    provider: Provider, callback: str, *, user: str, session: str
) -> AuthorizationRequest:
    """Start a flow that links an account at the provider to the user of a session.

    Only the session with the secret `session` can complete the flow.

    Raises:
        IssuerUnreachable: the provider publishes no authorization endpoint, or cannot be reached.
    """
    request = await start_authorization(provider, callback)
    binding = _bind_to_session(request.flow_state.partition(".")[0], session)
    return replace(request, flow_state=f"{request.flow_state}.{binding}.{user}")


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
    check_callback(flow_state, state=state, code=code)
    _, nonce, verifier = [*flow_state.split("."), "", ""][:3]
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


def check_callback(flow_state: str, *, state: str, code: str) -> None:
    """Check that a callback belongs to this browser's flow, and that it has a code.

    Raises:
        InvalidIdToken: the state does not match the cookie, or the provider denied the sign-in.
    """
    expected = flow_state.partition(".")[0]
    if not expected or not secrets.compare_digest(expected.encode(), state.encode()):
        raise InvalidIdToken(
            "This sign-in was started in another browser or has expired; try again."
        )
    if not code:
        raise InvalidIdToken("The identity provider denied the sign-in.")


def _bind_to_session(state: str, session: str) -> str:
    """Return a value that binds a flow to a session; only the session's browser can supply it."""
    return _encode(sha256(f"{state}.{session}".encode()).digest())


def _encode(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _code_challenge(verifier: str) -> str:
    """Return the S256 code challenge (RFC 7636 §4.2)."""
    return _encode(sha256(verifier.encode()).digest())
