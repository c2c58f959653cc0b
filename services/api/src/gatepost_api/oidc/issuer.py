"""An OpenID Connect issuer: discovery, signing keys and verification of its tokens.

Sources: RFC 7519 (JWT), RFC 8725 (JWT best practices), OpenID Connect Core 1.0 and Discovery 1.0.
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
"""The accepted signature algorithms. All are asymmetric: verification needs no secret key."""
LEEWAY: Final = timedelta(seconds=30)
"""The tolerated clock difference between Gatepost and the issuer."""
SIGNING_KEY_CACHE_LIFETIME: Final = timedelta(hours=1)
MIN_KEY_REFRESH_INTERVAL: Final = timedelta(seconds=30)
"""The minimum time between two fetches of the issuer's keys caused by an unknown key."""
MAX_TOKEN_LENGTH: Final = 8 * 1024
MAX_RESPONSE_BYTES: Final = 1024 * 1024
TIMEOUT_S: Final = 5.0
NEVER: Final = datetime.min.replace(tzinfo=UTC)

JwtClaims = Mapping[str, Any]
T = TypeVar("T")


class InvalidIdToken(Exception):
    """The token was not issued for Gatepost or is not valid now; the message gives the reason."""


class IssuerUnreachable(Exception):
    """The issuer does not respond, or responds with something invalid."""


class IssuerMetadata(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The fields used from an issuer's metadata (OpenID Connect Discovery 1.0 §3)."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None


class _JsonWebKeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Issuer:
    """An issuer whose signed tokens are accepted."""

    url: str
    http: httpx2.AsyncClient
    now: Callable[[], datetime]
    _metadata: IssuerMetadata | None = None
    _keys: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _keys_fetched_at: datetime = NEVER

    async def verify(
        self, token: str, *, audience: str | Sequence[str], nonce: str | None = None
    ) -> JwtClaims:
        """Return the claims of a token after verifying its signature, audience, issuer and times.

        Raises:
            InvalidIdToken: the token does not pass verification.
            IssuerUnreachable: the issuer's keys cannot be fetched.
        """
        header = _checked_header(token)
        key = await self._find_signing_key(header)
        try:
            claims: JwtClaims = jwt.decode(
                token,
                jwt.PyJWK(key, algorithm=header["alg"]).key,
                algorithms=[header["alg"]],
                audience=audience,
                issuer=self.url,
                options={
                    "require": ["exp", "iat", "iss", "sub", "aud"],
                    "verify_exp": False,  # _check_times uses the injected clock
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidIdToken(f"Invalid token: {error}.") from error
        _check_times(claims, self.now())
        if nonce is not None and claims.get("nonce") != nonce:
            raise InvalidIdToken("The token belongs to another sign-in; sign in again.")
        return claims

    async def metadata(self) -> IssuerMetadata:
        """Return the issuer's metadata, fetched once.

        Raises:
            IssuerUnreachable: the issuer does not respond, or its metadata names another issuer.
        """
        if self._metadata is None:
            url = self.url.rstrip("/") + "/.well-known/openid-configuration"
            metadata = _decode(await self._fetch(url), IssuerMetadata)
            if metadata.issuer != self.url:
                raise IssuerUnreachable(
                    f"The metadata of {self.url} names another issuer, {metadata.issuer}."
                )
            self._metadata = metadata
        return self._metadata

    async def exchange_code(self, form: Mapping[str, str], *, secret: str | None) -> str:
        """Exchange an authorization code for an ID token (OpenID Connect Core 1.0 §3.1.3).

        Raises:
            InvalidIdToken: the issuer rejects the code.
            IssuerUnreachable: the issuer does not respond.
        """
        endpoint = (await self.metadata()).token_endpoint
        if endpoint is None:
            raise IssuerUnreachable(f"{self.url} has no token endpoint.")
        basic_auth = None
        if secret:  # RFC 6749 §2.3.1: the id and the secret are form-encoded first
            basic_auth = httpx2.BasicAuth(quote_plus(form["client_id"]), quote_plus(secret))
        try:
            request = self.http.build_request("POST", endpoint, data=dict(form), timeout=TIMEOUT_S)
            response = await self.http.send(request, auth=basic_auth)
        except httpx2.HTTPError as error:
            raise IssuerUnreachable(f"{_host_name(endpoint)} does not respond.") from error
        if response.is_client_error:
            raise InvalidIdToken(
                "The identity provider rejected the sign-in, which may have expired; sign in again."
            )
        if not response.is_success:
            raise IssuerUnreachable(f"{_host_name(endpoint)} returned {response.status_code}.")
        return _decode(response.content, _TokenResponse).id_token

    async def _find_signing_key(self, header: Mapping[str, Any]) -> dict[str, Any]:
        key_id = header.get("kid")
        cache_age = self.now() - self._keys_fetched_at
        if cache_age >= SIGNING_KEY_CACHE_LIFETIME:
            await self._refresh_keys()
        key = _select_key(self._keys, key_id)
        if key is None and cache_age >= MIN_KEY_REFRESH_INTERVAL:
            await self._refresh_keys()
            key = _select_key(self._keys, key_id)
        if key is None:
            raise InvalidIdToken("The token is signed with a key that its issuer does not publish.")
        return key

    async def _refresh_keys(self) -> None:
        self._keys_fetched_at = self.now()
        try:
            body = await self._fetch((await self.metadata()).jwks_uri)
            self._keys = _decode(body, _JsonWebKeySet).keys
        except IssuerUnreachable:
            if not self._keys:
                self._keys_fetched_at = NEVER
                raise

    async def _fetch(self, url: str) -> bytes:
        try:
            async with self.http.stream("GET", url, timeout=TIMEOUT_S) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_RESPONSE_BYTES:
                        raise IssuerUnreachable(f"{_host_name(url)} returned too much data.")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise IssuerUnreachable(f"{_host_name(url)} does not respond.") from error
        if not response.is_success:
            raise IssuerUnreachable(f"{_host_name(url)} returned {response.status_code}.")
        return bytes(body)


class _TokenResponse(msgspec.Struct, frozen=True):
    id_token: str


def looks_like_jwt(secret: str) -> bool:
    """Return whether the text has the form of a signed JWT, which no Gatepost token has."""
    return secret.startswith("ey") and secret.count(".") == 2  # noqa: PLR2004  # RFC 7515 §7.1


def unverified_issuer(token: str) -> str | None:
    """Return the issuer that an unverified token names, or None if it cannot be read."""
    if len(token) > MAX_TOKEN_LENGTH:
        return None
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return issuer if isinstance(issuer, str) else None


def expires_at_of(claims: JwtClaims) -> datetime:
    """Return when a verified token expires."""
    return _timestamp(claims["exp"])


def _checked_header(token: str) -> Mapping[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidIdToken(f"The token is longer than {MAX_TOKEN_LENGTH} characters.")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise InvalidIdToken("The token is not a signed JWT.") from error
    if header.get("alg") not in ALGORITHMS:
        raise InvalidIdToken(f"The token must be signed with {' or '.join(ALGORITHMS)}.")
    if str(header.get("typ", "JWT")).lower() not in {"jwt", "at+jwt"} or "crit" in header:
        raise InvalidIdToken("The token has an unsupported type or critical header.")
    return header


def _select_key(keys: list[dict[str, Any]], key_id: object) -> dict[str, Any] | None:
    signing = [key for key in keys if key.get("use", "sig") == "sig"]
    if key_id is None:
        return signing[0] if len(signing) == 1 else None
    return next((key for key in signing if key.get("kid") == key_id), None)


def _check_times(claims: JwtClaims, now: datetime) -> None:
    try:
        expires_at, issued_at = expires_at_of(claims), _timestamp(claims["iat"])
        not_before = _timestamp(claims.get("nbf", claims["iat"]))
    except (ArithmeticError, OSError, TypeError, ValueError) as error:
        raise InvalidIdToken("The token has invalid exp, iat or nbf claims.") from error
    if now >= expires_at + LEEWAY:
        raise InvalidIdToken("The token has expired.")
    if now + LEEWAY < max(issued_at, not_before):
        raise InvalidIdToken("The token is not valid yet.")


def _timestamp(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(seconds)
    return datetime.fromtimestamp(seconds, tz=UTC)


def _decode(body: bytes, target_type: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=target_type)
    except (msgspec.DecodeError, RecursionError) as error:
        raise IssuerUnreachable("The identity provider returned an invalid response.") from error


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
