"""From what a request carries, a bearer token or a browser's session, to who is calling."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import (
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.handlers import BaseRouteHandler

from gatepost_api.auth.cookies import request_origin, session_secret
from gatepost_api.auth.permissions import REQUIRED_RIGHTS
from gatepost_api.auth.provider_login import resolve_provider_token
from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.http.caller import Caller
from gatepost_api.http.context import AppContext
from gatepost_api.http.problems import BadInput
from gatepost_api.oidc.issuer import InvalidIdToken, looks_like_jwt
from gatepost_domain.access.users import BEARER_TOKEN_KINDS, Token, TokenKind, User, to_actor
from gatepost_domain.storage_errors import StorageError

LAST_USED_RESOLUTION: Final = timedelta(minutes=1)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_KINDS: Final = frozenset({TokenKind.SESSION})

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="gatepost"'}

_Connection = ASGIConnection[Any, Any, Any, Any]


async def require_caller(connection: _Connection, handler: BaseRouteHandler) -> None:
    """Let a request pass only with a token that opens something, and note whose it is.

    Raises:
        NotAuthorizedException: there is no token, or it opens nothing (any more).
        PermissionDeniedException: the operation is not in the table of rights.
        TooManyRequestsException: wrong tokens have come too often from this address.
        BadInput: a page elsewhere uses the session of our pages.
    """
    if handler.handler_name not in REQUIRED_RIGHTS:
        raise PermissionDeniedException("This operation is open to nobody.")
    context: AppContext = connection.app.state.context
    secret, kinds = read_credentials(connection)
    try:
        user, token = await authenticate_secret(context, secret, kinds)
    except NotAuthorizedException:
        record_failed_attempt(connection, context)
        raise
    connection.scope["auth"] = Caller(user=user, token=token, actor=to_actor(user, token))


def read_credentials(connection: _Connection) -> tuple[str, frozenset[TokenKind]]:
    """By which secret the caller wants to be known, and of which kinds it may be.

    Raises:
        NotAuthorizedException: by none.
        BadInput: a page elsewhere uses the session of our pages.
    """
    bearer = _bearer_token(connection)
    if bearer is not None:
        return bearer, BEARER_TOKEN_KINDS
    session = session_secret(connection)
    if session is None:
        raise NotAuthorizedException(
            "Send Authorization: Bearer <token>; on the server's machine, the owner's token is in "
            "the data folder, in owner.token.",
            headers=_CHALLENGE,
        )
    check_origin(connection)
    return session, SESSION_KINDS


async def authenticate_secret(
    context: AppContext, secret: str, kinds: frozenset[TokenKind]
) -> tuple[User, Token]:
    """Whose token it is; that it was used is noted.

    Raises:
        NotAuthorizedException: it opens nothing (any more), or not here.
    """
    now = context.now()
    user, token = await verify_secret(context, secret, kinds, now)
    if token.last_used_at is None or now - token.last_used_at >= LAST_USED_RESOLUTION:
        with suppress(StorageError):  # to have been let in must not depend on room to write it down
            await context.ledger.perform(lambda uow: uow.users.record_token_use(token.id, now))
    return user, token


async def verify_secret(
    context: AppContext, secret: str, kinds: frozenset[TokenKind], now: datetime
) -> tuple[User, Token]:
    """Whose token it is, if it is one of these kinds.

    Raises:
        NotAuthorizedException: it opens nothing (any more), or not here.
    """
    held = await context.reads.find_token_holder(secret_digest(secret))
    provider = context.trusted_issuers.provider
    by_provider = TokenKind.PROVIDER in kinds and looks_like_jwt(secret)
    if held is None and provider is not None and by_provider:
        try:
            held = await resolve_provider_token(context, provider, secret, now)
        except InvalidIdToken as error:
            raise NotAuthorizedException(str(error), headers=_CHALLENGE) from error
    if held is None or held[1].kind not in kinds:
        raise NotAuthorizedException("This token is not known here.", headers=_CHALLENGE)
    user, token = held
    if user.disabled or not token.is_valid(now):
        raise NotAuthorizedException("This token opens nothing any more.", headers=_CHALLENGE)
    return user, token


def check_origin(connection: _Connection) -> None:
    """Let a browser change something only from one of our own pages.

    Raises:
        BadInput: the request comes from a page elsewhere, or does not say from where.
    """
    method = connection.scope.get("method")
    if method in SAFE_METHODS or connection.headers.get("origin") == request_origin(connection):
        return
    raise BadInput(
        HTTPStatus.FORBIDDEN,
        "foreign_origin",
        "header/Origin",
        "With a browser's session, only Gatepost's own pages change anything.",
    )


def record_failed_attempt(connection: _Connection, context: AppContext) -> None:
    """Count a wrong token; a right one is never kept waiting by its neighbours' wrong ones.

    Raises:
        TooManyRequestsException: there have been too many from this address.
    """
    address = connection.client.host if connection.client else ""
    if (retry_after_s := context.failed_attempts.retry_after_s(address)) is not None:
        raise TooManyRequestsException(
            "Too many wrong tokens from this address; wait a little.",
            headers={"Retry-After": str(retry_after_s)},
        )
    context.failed_attempts.record(address)


def _bearer_token(connection: _Connection) -> str | None:
    scheme, secret = [*connection.headers.get("authorization", "").split(maxsplit=1), "", ""][:2]
    return secret.strip() if scheme.lower() == "bearer" and secret else None
