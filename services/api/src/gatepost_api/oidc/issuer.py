"""Proving that an issuer has signed a token: discovery, its keys, and what a token must say.

Sources: RFC 7519 (JWT), RFC 8725 (its pitfalls), OpenID Connect Core 1.0 and Discovery 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote_plus, urlsplit

import httpx2
import jwt
import msgspec

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
"""Only what is signed with a key that we do not hold too."""
LEEWAY: Final = timedelta(seconds=30)
"""How far two clocks may be apart."""
SIGNING_KEY_CACHE_LIFETIME: Final = timedelta(hours=1)
MIN_KEY_REFRESH_INTERVAL: Final = timedelta(seconds=30)
"""How often, at most, an unknown key makes us ask for the keys again."""
MAX_TOKEN_LENGTH: Final = 8 * 1024
MAX_RESPONSE_BYTES: Final = 1024 * 1024
TIMEOUT_S: Final = 5.0
NEVER: Final = datetime.min.replace(tzinfo=UTC)

JwtClaims = Mapping[str, Any]
T = TypeVar("T")


class InvalidIdToken(Exception):
    """The issuer does not vouch for this; the message says why."""


class IssuerUnreachable(Exception):
    """The issuer does not answer, or not as an issuer does."""


class ProviderMetadata(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What we read of what an issuer says of itself (OpenID Connect Discovery 1.0 §3)."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None


class _JsonWebKeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Issuer:
    """Somebody whose signature on a token we take as a proof."""

    url: str
    http: httpx2.AsyncClient
    now: Callable[[], datetime]
    _metadata: ProviderMetadata | None = None
    _keys: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _keys_fetched_at: datetime = NEVER

    async def verify(
        self, token: str, *, audience: str | Sequence[str], nonce: str | None = None
    ) -> JwtClaims:
        """What a token says, once it is proven that the issuer signed it, for us, for now.

        Raises:
            NotVouched: it did not.
            IssuerUnreachable: its keys cannot be had.
        """
        header = _checked_header(token)
        key = await self._signing_key(header)
        try:
            claims: JwtClaims = jwt.decode(
                token,
                jwt.PyJWK(key, algorithm=header["alg"]).key,
                algorithms=[header["alg"]],
                audience=audience,
                issuer=self.url,
                options={
                    "require": ["exp", "iat", "iss", "sub", "aud"],
                    "verify_exp": False,  # they are judged below, by our own clock
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidIdToken(f"This token does not hold: {error}.") from error
        _check_times(claims, self.now())
        if nonce is not None and claims.get("nonce") != nonce:
            raise InvalidIdToken("This token belongs to another sign-in.")
        return claims

    async def metadata(self) -> ProviderMetadata:
        """What the issuer says of itself.

        Raises:
            IssuerUnreachable: it does not answer, or answers for another.
        """
        if self._metadata is None:
            where = self.url.rstrip("/") + "/.well-known/openid-configuration"
            found = _decode(await self._fetch(where), ProviderMetadata)
            if found.issuer != self.url:
                raise IssuerUnreachable(f"{self.url} answers for {found.issuer}.")
            self._metadata = found
        return self._metadata

    async def exchange_code(self, form: Mapping[str, str], *, secret: str | None) -> str:
        """Give the issuer a code for an id token (OpenID Connect Core 1.0 §3.1.3).

        Raises:
            NotVouched: it takes the code for none of its own.
            IssuerUnreachable: it does not answer.
        """
        endpoint = (await self.metadata()).token_endpoint
        if endpoint is None:
            raise IssuerUnreachable(f"{self.url} has no token endpoint.")
        # RFC 6749 §2.3.1 has both encoded as in a form before they go into the header
        us = httpx2.BasicAuth(quote_plus(form["client_id"]), quote_plus(secret)) if secret else None
        try:
            request = self.http.build_request("POST", endpoint, data=dict(form), timeout=TIMEOUT_S)
            answer = await self.http.send(request, auth=us)
        except httpx2.HTTPError as error:
            raise IssuerUnreachable(f"{_host_name(endpoint)} does not answer.") from error
        if answer.is_client_error:
            raise InvalidIdToken("The identity provider does not know this sign-in (any more).")
        if not answer.is_success:
            raise IssuerUnreachable(f"{_host_name(endpoint)} answers {answer.status_code}.")
        return _decode(answer.content, _TokenResponse).id_token

    async def _signing_key(self, header: Mapping[str, Any]) -> dict[str, Any]:
        wanted = header.get("kid")
        age = self.now() - self._keys_fetched_at
        if age >= SIGNING_KEY_CACHE_LIFETIME:
            await self._refresh_keys()
        key = _select_key(self._keys, wanted)
        if key is None and age >= MIN_KEY_REFRESH_INTERVAL:
            await self._refresh_keys()
            key = _select_key(self._keys, wanted)
        if key is None:
            raise InvalidIdToken(
                "This token is signed with a key that its issuer does not publish."
            )
        return key

    async def _refresh_keys(self) -> None:
        self._keys_fetched_at = self.now()
        try:
            found = await self._fetch((await self.metadata()).jwks_uri)
            self._keys = _decode(found, _JsonWebKeySet).keys
        except IssuerUnreachable:
            if not self._keys:
                self._keys_fetched_at = NEVER
                raise

    async def _fetch(self, url: str) -> bytes:
        try:
            async with self.http.stream("GET", url, timeout=TIMEOUT_S) as answer:
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MAX_RESPONSE_BYTES:
                        raise IssuerUnreachable(f"{_host_name(url)} sends too much.")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise IssuerUnreachable(f"{_host_name(url)} does not answer.") from error
        if not answer.is_success:
            raise IssuerUnreachable(f"{_host_name(url)} answers {answer.status_code}.")
        return bytes(body)


class _TokenResponse(msgspec.Struct, frozen=True):
    id_token: str


def looks_like_jwt(secret: str) -> bool:
    """Whether it has the form of a signed JWT, and is no token of ours."""
    return secret.startswith("ey") and secret.count(".") == 2  # noqa: PLR2004  # RFC 7515 §7.1


def unverified_issuer(token: str) -> str | None:
    """Whom an unproven token names as its issuer; none where it cannot be read."""
    if len(token) > MAX_TOKEN_LENGTH:
        return None
    try:
        named = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return named if isinstance(named, str) else None


def expires_at_of(claims: JwtClaims) -> datetime:
    """Until when a proven token holds."""
    return _timestamp(claims["exp"])


def _checked_header(token: str) -> Mapping[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidIdToken("This token is too long.")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise InvalidIdToken("This is no signed token.") from error
    if header.get("alg") not in ALGORITHMS:
        raise InvalidIdToken(f"Tokens must be signed by {', '.join(ALGORITHMS)}.")
    if str(header.get("typ", "JWT")).lower() not in {"jwt", "at+jwt"} or "crit" in header:
        raise InvalidIdToken("This is another kind of token.")
    return header


def _select_key(keys: list[dict[str, Any]], wanted: object) -> dict[str, Any] | None:
    signing = [key for key in keys if key.get("use", "sig") == "sig"]
    if wanted is None:
        return signing[0] if len(signing) == 1 else None
    return next((key for key in signing if key.get("kid") == wanted), None)


def _check_times(claims: JwtClaims, now: datetime) -> None:
    try:
        expires_at, issued_at = expires_at_of(claims), _timestamp(claims["iat"])
        begins_at = _timestamp(claims.get("nbf", claims["iat"]))
    except (ArithmeticError, OSError, TypeError, ValueError) as error:
        raise InvalidIdToken("This token does not say from when until when it holds.") from error
    if now >= expires_at + LEEWAY:
        raise InvalidIdToken("This token has expired.")
    if now + LEEWAY < max(issued_at, begins_at):
        raise InvalidIdToken("This token does not hold yet.")


def _timestamp(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(seconds)
    return datetime.fromtimestamp(seconds, tz=UTC)


def _decode(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise IssuerUnreachable("An issuer answers what it should not.") from error


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
