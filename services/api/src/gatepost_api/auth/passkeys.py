"""Passkeys: challenges for browsers, and verification of the authenticators' responses.

Source: Web Authentication Level 3 (https://www.w3.org/TR/webauthn-3/). The server stores no
challenges: each is in a browser cookie, with its expiry and a signature that every process with the
same signing key accepts. A challenge can be used only once, because the id of the resulting session
or passkey is derived from it.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import webauthn
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from webauthn.helpers import structs
from webauthn.helpers.exceptions import WebAuthnException

from gatepost_api.auth.cookies import challenge_cookie, own_origin, read_challenge
from gatepost_api.http.app_context import AppContext
from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import User

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
"""How long a person can take to answer a challenge."""
SIGN_IN: Final = "sign-in"
"""The purpose of a sign-in challenge."""

_NAMESPACE: Final = UUID("0d5d1c3c-7d43-5a2a-8a0e-5d2f6a9b7e42")
"""The UUID namespace of ids derived from challenges."""
_KEY_PURPOSE: Final = b"Gatepost: challenges for passkeys\n"
_MAX_COUNT: Final = 2**32 - 1

_Connection = ASGIConnection[Any, Any, Any, Any]


class PasskeyRejected(Exception):
    """The browser's response does not prove possession of the passkey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """The site for which passkeys are created and at which they are used."""

    id: str
    """The host name."""
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The options for the browser that contain a challenge, and the cookie that stores it."""

    options: str
    """The options as JSON, for example for `PublicKeyCredential.parseRequestOptionsFromJSON`."""
    cookie: Cookie


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInProof:
    """A verified response to a sign-in challenge."""

    passkey: Passkey
    sign_count: int
    session: UUID
    """The id of the session to open, which is derived from the challenge."""


def find_relying_party(connection: _Connection) -> RelyingParty | None:
    """Return the relying party for the address that the browser uses.

    Passkeys need HTTPS and a host name, or `localhost`. Return None if they cannot be used here.
    """
    origin = own_origin(connection)
    parts = urlsplit(origin)
    host = parts.hostname or ""
    is_possible = host == "localhost" or (parts.scheme == "https" and not _is_ip_address(host))
    return RelyingParty(id=host, origin=origin) if is_possible else None


def suggest_passkey_address(connection: _Connection) -> str | None:
    """Return the address at which passkeys work, if the browser uses a different one.

    Return None if there is no such address or it is unknown.
    """
    parts = urlsplit(own_origin(connection))
    host = parts.hostname or ""
    if parts.scheme != "http" or not _is_ip_address(host) or not ip_address(host).is_loopback:
        return None
    return "http://localhost" + (f":{parts.port}" if parts.port else "")


def create_sign_in_challenge(connection: _Connection, party: RelyingParty) -> Challenge:
    """Return a challenge for any passkey registered with this server."""
    nonce = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=nonce,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    cookie = challenge_cookie(connection, _seal(connection, nonce, SIGN_IN))
    return Challenge(options=webauthn.options_to_json(options), cookie=cookie)


def create_enrolment_challenge(
    connection: _Connection,
    party: RelyingParty,
    *,
    user: User,
    existing: Iterable[Passkey],
    session: UUID,
) -> Challenge:
    """Return a challenge for a new passkey, on a device that has none of the existing passkeys."""
    nonce = secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="Gatepost",
        user_id=_user_handle(user.name),
        user_name=user.name,
        user_display_name=user.display_name or user.name,
        challenge=nonce,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=_from_base64url(passkey.credential_id))
            for passkey in existing
        ],
    )
    cookie = challenge_cookie(connection, _seal(connection, nonce, str(session)))
    return Challenge(options=webauthn.options_to_json(options), cookie=cookie)


async def verify_sign_in(connection: _Connection, credential: str) -> SignInProof:
    """Verify the response to a sign-in challenge.

    Raises:
        PasskeyRejected: the passkey is unknown, or did not sign this browser's challenge.
    """
    context, party = _context_of(connection), _require_relying_party(connection)
    nonce = _verify_and_read_nonce(connection, SIGN_IN)
    try:
        answer = webauthn.helpers.parse_authentication_credential_json(credential)
        passkey = await context.reads.find_passkey(answer.id)
        if passkey is None:
            raise PasskeyRejected("This passkey is unknown here. It may have been removed.")
        handle = answer.response.user_handle
        if handle is not None and handle != _user_handle(passkey.user):
            raise PasskeyRejected("This passkey belongs to another user.")
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=_from_base64url(passkey.public_key),
            credential_current_sign_count=0,  # the action compares the counts
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRejected("The passkey could not be verified; try again.") from error
    return SignInProof(
        passkey=passkey,
        sign_count=min(verified.new_sign_count, _MAX_COUNT),
        session=_derived_id(nonce),
    )


def verify_enrolment(
    connection: _Connection, credential: str, *, user: str, label: str | None, session: UUID
) -> Passkey:
    """Verify the response to this session's challenge, and return the new passkey.

    Raises:
        PasskeyRejected: the response is invalid, or is for another challenge.
    """
    context, party = _context_of(connection), _require_relying_party(connection)
    nonce = _verify_and_read_nonce(connection, str(session))
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=nonce,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRejected("The new passkey could not be verified; try again.") from error
    return Passkey(
        id=_derived_id(nonce),
        user=user,
        credential_id=_to_base64url(verified.credential_id),
        public_key=_to_base64url(verified.credential_public_key),
        sign_count=min(verified.sign_count, _MAX_COUNT),
        label=label,
        created_at=context.now(),
        last_used_at=None,
        revoked_at=None,
    )


def _seal(connection: _Connection, nonce: bytes, purpose: str) -> str:
    """Return the cookie's value: the nonce, its expiry and a signature over both."""
    expires_at = _context_of(connection).now() + CHALLENGE_LIFETIME
    content = f"{_to_base64url(nonce)}.{int(expires_at.timestamp())}"
    return f"{content}.{_signature(connection, content, purpose)}"


def _verify_and_read_nonce(connection: _Connection, purpose: str) -> bytes:
    content, _, signature = read_challenge(connection).rpartition(".")
    expected = _signature(connection, content, purpose)
    nonce, _, expiry = content.partition(".")
    if not hmac.compare_digest(signature.encode(), expected.encode()) or (
        _context_of(connection).now() >= datetime.fromtimestamp(int(expiry), UTC)
    ):
        raise PasskeyRejected(
            "This request for a passkey has expired or was replaced in another tab; try again."
        )
    return _from_base64url(nonce)


def _signature(connection: _Connection, content: str, purpose: str) -> str:
    key = sha256(_context_of(connection).checkpoint_signer.sign_bytes(_KEY_PURPOSE)).digest()
    return hmac.new(key, f"{purpose}\n{content}".encode(), sha256).hexdigest()


def _require_relying_party(connection: _Connection) -> RelyingParty:
    party = find_relying_party(connection)
    if party is None:
        raise PasskeyRejected("Passkeys cannot be used at this address.")
    return party


def _context_of(connection: _Connection) -> AppContext:
    context: AppContext = connection.app.state.context
    return context


def _derived_id(nonce: bytes) -> UUID:
    return uuid5(_NAMESPACE, nonce.hex())


def _user_handle(user: str) -> bytes:
    """Return the user handle, which identifies the user without revealing their name."""
    return sha256(f"gatepost user {normalize_name(user)}".encode()).digest()


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _to_base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
