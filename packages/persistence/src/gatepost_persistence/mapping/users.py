"""Mapping between rows and users or tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from gatepost_domain.access.actor import TriggeringPerson
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Account, Login, Token, TokenKind, User, UserKind
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.values import (
    RowValues,
    decode_texts,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)

_identity_decoder = msgspec.json.Decoder(Identity)
_grants_decoder = msgspec.json.Decoder(tuple[Grant, ...])
_trigger_decoder = msgspec.json.Decoder(TriggeringPerson)


class StoredLogin(msgspec.Struct, frozen=True):
    """A user's current or removed login, as an item in the JSON column `logins`."""

    account: Account
    linked_by: str
    provenance: dict[str, Means] = {}
    removed: bool = False

    def to_domain(self) -> Login:
        """Return the login as a domain object."""
        return Login(account=self.account, linked_by=self.linked_by, provenance=self.provenance)


_logins_decoder = msgspec.json.Decoder(tuple[StoredLogin, ...])


def user_to_row(user: User) -> RowValues:
    return {
        "key": user.key,
        "name": user.name,
        "kind": user.kind,
        "human": user.human,
        "created_at": to_rfc3339(user.created_at),
        "created_by": user.created_by,
        "former_name": user.former_name,
        **user_mutable_values(user),
    }


def user_mutable_values(user: User) -> RowValues:
    """Return the columns that an update of a user may change, with their new values."""
    return {
        "grants": encode_json(user.grants),
        "groups": encode_json(user.groups),
        "disabled": user.disabled,
        "logins": logins_to_json(user),
        "display_name": user.display_name,
        "origin": origin_to_json(user.origin),
        "revision": user.revision,
    }


def user_from_row(row: Any) -> User:
    stored = logins_from_json(row.logins)
    return User(
        name=row.name,
        kind=UserKind(row.kind),
        human=row.human,
        grants=_grants_decoder.decode(row.grants),
        groups=decode_texts(row.groups),
        disabled=bool(row.disabled),
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        display_name=row.display_name,
        logins=tuple(login.to_domain() for login in stored if not login.removed),
        former_logins=tuple(login.to_domain() for login in stored if login.removed),
        former_name=row.former_name,
        origin=origin_from_json(row.origin),
    )


def logins_to_json(user: User) -> str | None:
    """Return a user's current logins, then the removed ones, as JSON; None if there are none."""
    former = [{**msgspec.to_builtins(login), "removed": True} for login in user.former_logins]
    return encode_json([*user.logins, *former]) if user.logins or former else None


def logins_from_json(logins: str | None) -> tuple[StoredLogin, ...]:
    return () if logins is None else _logins_decoder.decode(logins)


def origin_to_json(origin: Identity | None) -> str | None:
    return None if origin is None else encode_json(origin)


def origin_from_json(origin: str | None) -> Identity | None:
    return None if origin is None else _identity_decoder.decode(origin)


def token_to_row(token: Token) -> RowValues:
    """Return a token's columns except `holder`, which never changes."""
    return {
        "id": str(token.id),
        "issuer": token.issuer,
        "digest": token.digest,
        "label": token.label,
        "scopes": None if token.scopes is None else encode_json(token.scopes),
        "created_at": to_rfc3339(token.created_at),
        "expires_at": format_optional_instant(token.expires_at),
        "last_used_at": format_optional_instant(token.last_used_at),
        "revoked_at": format_optional_instant(token.revoked_at),
        "kind": token.kind,
        "parent": None if token.parent is None else str(token.parent),
        "origin": origin_to_json(token.origin),
        "proved_at": format_optional_instant(token.proved_at),
        "pipeline_trigger": None if token.trigger is None else encode_json(token.trigger),
    }


def token_from_row(row: Any, *, user: str) -> Token:
    return Token(
        id=UUID(row.id),
        user=user,
        issuer=row.issuer,
        digest=row.digest,
        label=row.label,
        scopes=None if row.scopes is None else _grants_decoder.decode(row.scopes),
        created_at=parse_instant(row.created_at),
        expires_at=parse_optional_instant(row.expires_at),
        last_used_at=parse_optional_instant(row.last_used_at),
        revoked_at=parse_optional_instant(row.revoked_at),
        kind=TokenKind(row.kind),
        parent=None if row.parent is None else UUID(row.parent),
        origin=origin_from_json(row.origin),
        proved_at=parse_optional_instant(row.proved_at),
        trigger=None
        if row.pipeline_trigger is None
        else _trigger_decoder.decode(row.pipeline_trigger),
    )
