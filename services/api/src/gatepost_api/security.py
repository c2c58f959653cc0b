"""From a bearer token to who is calling, and from the caller to who acts."""

from __future__ import annotations

import hmac
import secrets
import string
import zlib
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from gatepost_api.problems import BadInput
from gatepost_domain.actor import EVERY_GROUP, Actor, is_reserved

OWNER: Final = "owner"
OWNER_TOKEN_FILE: Final = "owner.token"  # noqa: S105  # a file's name
USER_TOKEN_PREFIX: Final = "gp_u_"  # noqa: S105  # marks a token, is none

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LENGTH: Final = 32
_CHECK_LENGTH: Final = 6

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="gatepost"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose token a request carries."""

    name: str
    speaks_for_anyone: bool = False
    """Whether a request may name any actor, for whom this caller vouches."""

    def acting_as(self, named: str | None, *, field: str) -> Actor:
        """Who acts: the caller, or the person that the request's field names.

        Raises:
            BadInput: the name is Gatepost's own, or the caller may speak for nobody else.
        """
        if named is None or named == self.name:
            groups = EVERY_GROUP if self.speaks_for_anyone else frozenset[str]()
            return Actor(name=self.name, groups=groups)
        if is_reserved(named) or not self.speaks_for_anyone:
            raise BadInput(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "actor_not_allowed",
                f"#/{field}",
                f"{self.name} cannot act as {named}.",
            )
        return Actor(name=named, groups=EVERY_GROUP)


class Tokens(Protocol):
    """What knows whose a token is."""

    def caller(self, token: str) -> Caller | None:
        """Whose token it is; none if it is nobody's."""
        ...


class OwnerToken:
    """The one token of the owner, who vouches for whoever a request names as its actor."""

    def __init__(self, token: str) -> None:
        self._digest = sha256(token.encode()).digest()

    def caller(self, token: str) -> Caller | None:
        """See `Tokens`. Takes the same time whatever the token is."""
        if hmac.compare_digest(sha256(token.encode()).digest(), self._digest):
            return Caller(name=OWNER, speaks_for_anyone=True)
        return None


def require_caller(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let a request pass only with a token that is somebody's, and note whose.

    Raises:
        NotAuthorizedException: there is no token, or it is nobody's.
    """
    scheme, token = [*connection.headers.get("authorization", "").split(maxsplit=1), "", ""][:2]
    if scheme.lower() != "bearer" or not token:
        raise NotAuthorizedException(
            "Send Authorization: Bearer <token>; the owner's token is in the data folder, "
            f"in {OWNER_TOKEN_FILE}.",
            headers=_CHALLENGE,
        )
    tokens: Tokens = connection.app.state.tokens
    caller = tokens.caller(token.strip())
    if caller is None:
        raise NotAuthorizedException("This token is not known here.", headers=_CHALLENGE)
    connection.scope["auth"] = caller


def new_token(prefix: str) -> str:
    """A token of 190 random bits that a scanner can tell from chance by its last six characters."""
    secret = "".join(secrets.choice(_BASE62) for _ in range(_SECRET_LENGTH))
    return prefix + secret + _check_characters(prefix + secret)


def _check_characters(text: str) -> str:
    """CRC-32 in base 62, six characters."""
    value = zlib.crc32(text.encode())
    characters = ""
    for _ in range(_CHECK_LENGTH):
        value, digit = divmod(value, len(_BASE62))
        characters = _BASE62[digit] + characters
    return characters


def owner_token(folder: Path) -> str:
    """Read the owner's token, or make one that only this account of the machine can read."""
    file = folder / OWNER_TOKEN_FILE
    kept = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if kept:  # it is empty where the machine stopped between the two steps below
        return kept
    token = new_token(USER_TOKEN_PREFIX)
    file.touch(mode=0o600)
    file.write_text(token + "\n", encoding="ascii")
    return token
