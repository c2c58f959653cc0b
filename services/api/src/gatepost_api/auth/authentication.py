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

from gatepost_api.auth.cookies import origin_of, session_in
from gatepost_api.auth.permissions import RIGHT_TO_CALL
from gatepost_api.auth.provider_login import holder_by_provider
from gatepost_api.auth.token_secrets import digest_of
from gatepost_api.http.caller import Caller
from gatepost_api.http.context import Parts
from gatepost_api.http.problems import BadInput
from gatepost_api.oidc.issuer import NotVouched, looks_like_a_jwt
from gatepost_domain.access.users import BEARERS, Token, TokenKind, User, actor_of
from gatepost_domain.storage_errors import LedgerError

USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SESSIONS: Final = frozenset({TokenKind.SESSION})

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
    if handler.handler_name not in RIGHT_TO_CALL:
        raise PermissionDeniedException("This operation is open to nobody.")
    parts: Parts = connection.app.state.parts
    secret, kinds = presented(connection)
    try:
        user, token = await caller_by(parts, secret, kinds)
    except NotAuthorizedException:
        count_failure(connection, parts)
        raise
    connection.scope["auth"] = Caller(user=user, token=token, actor=actor_of(user, token))


def presented(connection: _Connection) -> tuple[str, frozenset[TokenKind]]:
    """By which secret the caller wants to be known, and of which kinds it may be.

    Raises:
        NotAuthorizedException: by none.
        BadInput: a page elsewhere uses the session of our pages.
    """
    bearer = _bearer(connection)
    if bearer is not None:
        return bearer, BEARERS
    session = session_in(connection)
    if session is None:
        raise NotAuthorizedException(
            "Send Authorization: Bearer <token>; on the server's machine, the owner's token is in "
            "the data folder, in owner.token.",
            headers=_CHALLENGE,
        )
    check_origin(connection)
    return session, SESSIONS


async def caller_by(parts: Parts, secret: str, kinds: frozenset[TokenKind]) -> tuple[User, Token]:
    """Whose token it is; that it was used is noted.

    Raises:
        NotAuthorizedException: it opens nothing (any more), or not here.
    """
    now = parts.now()
    user, token = await holder_of(parts, secret, kinds, now)
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED_EVERY:
        with suppress(LedgerError):  # to have been let in must not depend on room to write it down
            await parts.ledger.perform(lambda work: work.people.touch_token(token.id, now))
    return user, token


async def holder_of(
    parts: Parts, secret: str, kinds: frozenset[TokenKind], now: datetime
) -> tuple[User, Token]:
    """Whose token it is, if it is one of these kinds.

    Raises:
        NotAuthorizedException: it opens nothing (any more), or not here.
    """
    held = await parts.reads.holder(digest_of(secret))
    provider = parts.trusted.provider
    by_provider = TokenKind.PROVIDER in kinds and looks_like_a_jwt(secret)
    if held is None and provider is not None and by_provider:
        try:
            held = await holder_by_provider(parts, provider, secret, now)
        except NotVouched as error:
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
    if method in SAFE_METHODS or connection.headers.get("origin") == origin_of(connection):
        return
    raise BadInput(
        HTTPStatus.FORBIDDEN,
        "foreign_origin",
        "header/Origin",
        "With a browser's session, only Gatepost's own pages change anything.",
    )


def count_failure(connection: _Connection, parts: Parts) -> None:
    """Count a wrong token; a right one is never kept waiting by its neighbours' wrong ones.

    Raises:
        TooManyRequestsException: there have been too many from this address.
    """
    address = connection.client.host if connection.client else ""
    if (wait_s := parts.failed_attempts.wait_s(address)) is not None:
        raise TooManyRequestsException(
            "Too many wrong tokens from this address; wait a little.",
            headers={"Retry-After": str(wait_s)},
        )
    parts.failed_attempts.note(address)


def _bearer(connection: _Connection) -> str | None:
    scheme, secret = [*connection.headers.get("authorization", "").split(maxsplit=1), "", ""][:2]
    return secret.strip() if scheme.lower() == "bearer" and secret else None
