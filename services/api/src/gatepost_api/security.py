"""From a request's bearer token to who is calling."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import (
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.handlers import BaseRouteHandler

from gatepost_api.operations import RIGHT_TO_CALL
from gatepost_api.parts import Parts
from gatepost_api.secrets import digest_of
from gatepost_domain.actor import Actor
from gatepost_domain.errors import LedgerError
from gatepost_domain.identity import Token, User, actor_of

USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="gatepost"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose token a request carries, as they stood when it arrived."""

    user: User
    token: Token
    actor: Actor


async def require_caller(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Let a request pass only with a token that opens something, and note whose it is.

    Raises:
        NotAuthorizedException: there is no token, or it opens nothing (any more).
        PermissionDeniedException: the operation is not in the table of rights.
        TooManyRequestsException: wrong tokens have come too often from this address.
    """
    if handler.handler_name not in RIGHT_TO_CALL:
        raise PermissionDeniedException("This operation is open to nobody.")
    parts: Parts = connection.app.state.parts
    now, secret = parts.now(), _secret(connection)
    try:
        user, token = await _holder(parts, secret, now)
    except NotAuthorizedException:
        _count_failure(connection, parts)
        raise
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED_EVERY:
        with suppress(LedgerError):  # to have been let in must not depend on room to write it down
            await parts.ledger.perform(lambda work: work.people.touch_token(token.id, now))
    connection.scope["auth"] = Caller(user=user, token=token, actor=actor_of(user, token))


def _count_failure(connection: ASGIConnection[Any, Any, Any, Any], parts: Parts) -> None:
    """Count a wrong token; a right one is never kept waiting by its neighbours' wrong ones."""
    address = connection.client.host if connection.client else ""
    if (wait_s := parts.failed_attempts.wait_s(address)) is not None:
        raise TooManyRequestsException(
            "Too many wrong tokens from this address; wait a little.",
            headers={"Retry-After": str(wait_s)},
        )
    parts.failed_attempts.note(address)


def _secret(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, secret = [*connection.headers.get("authorization", "").split(maxsplit=1), "", ""][:2]
    if scheme.lower() != "bearer" or not secret:
        raise NotAuthorizedException(
            "Send Authorization: Bearer <token>; on the server's machine, the owner's token is in "
            "the data folder, in owner.token.",
            headers=_CHALLENGE,
        )
    return secret.strip()


async def _holder(parts: Parts, secret: str, now: datetime) -> tuple[User, Token]:
    held = await parts.reads.holder(digest_of(secret))
    if held is None:
        raise NotAuthorizedException("This token is not known here.", headers=_CHALLENGE)
    user, token = held
    if user.disabled or not token.is_valid(now):
        raise NotAuthorizedException("This token opens nothing any more.", headers=_CHALLENGE)
    return user, token
