"""Authentication of requests by bearer token, session cookie or, for some feeds, password."""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import (
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
)

from gatepost_api.auth.cookies import own_origin, session_secret
from gatepost_api.auth.oidc_token_resolution import verify_and_store_provider_token
from gatepost_api.auth.required_rights import REQUIRED_RIGHTS
from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.caller import Caller
from gatepost_api.http.caller_cache_expiry import LAST_USED_RESOLUTION
from gatepost_api.http.problems import CHALLENGE, INVALID_TOKEN_CHALLENGE, BadInput
from gatepost_api.http.rate_limit import limit_rate
from gatepost_api.http.security_headers import SAFE_METHODS
from gatepost_api.http.state_version_at_arrival import (
    authorization_header,
    bearer_header,
    raise_storage_failure,
    state_version,
)
from gatepost_api.oidc.issuer import InvalidIdToken, looks_like_jwt
from gatepost_domain.access.users import BEARER_TOKEN_KINDS, Token, TokenKind, User, to_actor
from gatepost_domain.storage_errors import StorageError

SESSION_KINDS: Final = frozenset({TokenKind.SESSION})

BASIC_OPERATIONS: Final = frozenset({"get_freeze_calendar"})
"""The operations that also accept a token as the password in HTTP Basic authentication (RFC 7617),
for programs that cannot send a bearer token."""

_BASIC_CHALLENGE: Final = 'Basic realm="gatepost", charset="UTF-8"'

_Connection = ASGIConnection[Any, Any, Any, Any]


async def authenticate_caller(connection: _Connection) -> None:
    """Authenticate the request and store its caller in the scope.

    Raises:
        NotAuthorizedException: there is no valid token.
        PermissionDeniedException: the operation is not in `REQUIRED_RIGHTS`.
        TooManyRequestsException: there were too many invalid tokens from this address.
        RateLimited: the user has sent too many requests.
        BadInput: a page from another origin used a Gatepost session.
        StorageUnreachable: the database does not answer.
    """
    if connection.route_handler.handler_name not in REQUIRED_RIGHTS:
        raise PermissionDeniedException("This operation has no entry in REQUIRED_RIGHTS.")
    context: AppContext = connection.app.state.context
    raise_storage_failure(connection.scope)
    authorization = bearer_header(connection.scope)
    version = state_version(connection.scope)
    caller = context.caller_cache.find(authorization, version=version, now=context.now)
    if caller is None:
        try:
            caller = await _authenticate(connection, context)
        except NotAuthorizedException as error:
            if connection.route_handler.handler_name in BASIC_OPERATIONS:
                bearer = (error.headers or CHALLENGE)["WWW-Authenticate"]
                error.headers = {"WWW-Authenticate": f"{_BASIC_CHALLENGE}, {bearer}"}
            raise
        if authorization:
            context.caller_cache.add(authorization, caller, version=version)
    limit_rate(connection.scope, context.rate_limiter, caller.user.name)
    connection.scope["auth"] = caller


async def _authenticate(connection: _Connection, context: AppContext) -> Caller:
    secret, kinds = _password(connection) or require_credentials(connection)
    try:
        user, token = await authenticate_and_record_use(context, secret, kinds)
    except NotAuthorizedException as error:
        rate_limit_failed_attempt(connection, context)
        error.headers = dict(INVALID_TOKEN_CHALLENGE)
        raise
    return Caller(user=user, token=token, actor=to_actor(user, token))


def require_credentials(connection: _Connection) -> tuple[str, frozenset[TokenKind]]:
    """Return the secret that the caller sent and the kinds of token that it may belong to.

    Raises:
        NotAuthorizedException: the request contains no credentials.
        BadInput: a page from another origin used a Gatepost session.
    """
    bearer = _bearer_token(connection)
    if bearer is not None:
        return bearer, BEARER_TOKEN_KINDS
    session = session_secret(connection)
    if session is None:
        raise NotAuthorizedException(
            "Authentication required; send Authorization: Bearer <token>. The owner's token is in "
            "owner.token in the server's data folder.",
        )
    check_origin(connection)
    return session, SESSION_KINDS


async def authenticate_and_record_use(
    context: AppContext, secret: str, allowed_kinds: frozenset[TokenKind]
) -> tuple[User, Token]:
    """Return the user and token for a secret, and record that the token was used.

    Raises:
        NotAuthorizedException: the token is unknown, expired, revoked or of another kind.
    """
    now = context.now()
    user, token = await verify_secret(context, secret, allowed_kinds, now)
    if token.last_used_at is None or now - token.last_used_at >= LAST_USED_RESOLUTION:
        with suppress(StorageError):  # a failed write must not prevent authentication
            await context.ledger.perform(lambda uow: uow.users.record_token_use(token.id, now))
    return user, token


async def verify_secret(
    context: AppContext, secret: str, allowed_kinds: frozenset[TokenKind], now: datetime
) -> tuple[User, Token]:
    """Return the user and token for a secret if the token is valid and of an accepted kind.

    Raises:
        NotAuthorizedException: the token is unknown, expired, revoked or of another kind.
    """
    user_and_token = await context.reads.find_token_holder(secret_digest(secret))
    provider = context.trusted_issuers.provider
    by_provider = TokenKind.PROVIDER in allowed_kinds and looks_like_jwt(secret)
    if user_and_token is None and provider is not None and by_provider:
        try:
            user_and_token = await verify_and_store_provider_token(context, provider, secret, now)
        except InvalidIdToken as error:
            raise NotAuthorizedException(str(error)) from error
    if user_and_token is None or user_and_token[1].kind not in allowed_kinds:
        raise NotAuthorizedException("Unknown token.")
    user, token = user_and_token
    if user.disabled or not token.is_valid(now):
        raise NotAuthorizedException(
            "The token has expired or was revoked, or its user is disabled."
        )
    return user, token


def check_origin(connection: _Connection) -> None:
    """Allow writes with a browser session only from Gatepost's own pages.

    Raises:
        BadInput: the `Origin` header is missing or names another origin.
    """
    method = connection.scope.get("method")
    if method in SAFE_METHODS or connection.headers.get("origin") == own_origin(connection):
        return
    raise BadInput(
        HTTPStatus.FORBIDDEN,
        "foreign_origin",
        "header/Origin",
        "With a browser session, changes are accepted only from Gatepost's own pages. If a reverse "
        "proxy is in front of the server, GATEPOST_TRUSTED_PROXIES must contain its address.",
    )


def rate_limit_failed_attempt(connection: _Connection, context: AppContext) -> None:
    """Count an invalid token. Valid tokens from the same address are never rate-limited.

    Raises:
        TooManyRequestsException: there were too many invalid tokens from this address.
    """
    address = connection.client.host if connection.client else ""
    if (retry_after_s := context.failed_attempts.retry_after_s(address)) is not None:
        raise TooManyRequestsException(
            "Too many invalid tokens from this address; retry later.",
            headers={"Retry-After": str(retry_after_s)},
        )
    context.failed_attempts.count_failure(address)


def _bearer_token(connection: _Connection) -> str | None:
    header = authorization_header(connection.scope).decode("latin-1")
    scheme, secret = [*header.split(maxsplit=1), "", ""][:2]
    return secret.strip() if scheme.lower() == "bearer" and secret else None


def _password(connection: _Connection) -> tuple[str, frozenset[TokenKind]] | None:
    """Return the token sent as a password, if the operation accepts one (RFC 7617 §2)."""
    if connection.route_handler.handler_name not in BASIC_OPERATIONS:
        return None
    header = authorization_header(connection.scope).decode("latin-1")
    scheme, credentials = [*header.split(maxsplit=1), "", ""][:2]
    if scheme.lower() != "basic":
        return None
    try:
        _, separator, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:  # not Base64, or not UTF-8
        return None
    return (password, BEARER_TOKEN_KINDS) if separator and password else None
