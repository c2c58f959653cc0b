"""Mapping between rows and users or tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from gatepost_domain.access.actor import person_key
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Login, Token, TokenKind, User, UserKind
from gatepost_domain.event import utc_text
from gatepost_persistence.mapping.catalog import _texts
from gatepost_persistence.mapping.values import (
    Values,
    instant,
    instant_or_none,
    json_text,
    utc_or_none,
)

_grants = msgspec.json.Decoder(tuple[Grant, ...])


def user_values(user: User) -> Values:
    return {
        "key": user.key,
        "name": user.name,
        "kind": user.kind,
        "human": user.human,
        "created_at": utc_text(user.created_at),
        "created_by": user.created_by,
        **changing_user_values(user),
    }


def changing_user_values(user: User) -> Values:
    """What can be changed; a name, and whom it counts as, never can."""
    return {
        "grants": json_text(user.grants),
        "groups": json_text(user.groups),
        "disabled": user.disabled,
        "login_issuer": None if user.login is None else user.login.issuer,
        "login_subject": None if user.login is None else user.login.subject,
        "login_linked_by": None if user.login is None else user.login.linked_by,
        "revision": user.revision,
    }


def user_of(row: Any) -> User:
    return User(
        name=row.name,
        kind=UserKind(row.kind),
        human=row.human,
        grants=_grants.decode(row.grants),
        groups=_texts.decode(row.groups),
        disabled=bool(row.disabled),
        created_at=instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        login=None if row.login_issuer is None else _login(row),
    )


def _login(row: Any) -> Login:
    return Login(issuer=row.login_issuer, subject=row.login_subject, linked_by=row.login_linked_by)


def token_values(token: Token) -> Values:
    return {
        "id": str(token.id),
        "holder": person_key(token.user),
        "issuer": token.issuer,
        "digest": token.digest,
        "label": token.label,
        "scopes": None if token.scopes is None else json_text(token.scopes),
        "created_at": utc_text(token.created_at),
        "expires_at": utc_or_none(token.expires_at),
        "last_used_at": utc_or_none(token.last_used_at),
        "revoked_at": utc_or_none(token.revoked_at),
        "kind": token.kind,
        "parent": None if token.parent is None else str(token.parent),
    }


def token_of(row: Any, *, user: str) -> Token:
    return Token(
        id=UUID(row.id),
        user=user,
        issuer=row.issuer,
        digest=row.digest,
        label=row.label,
        scopes=None if row.scopes is None else _grants.decode(row.scopes),
        created_at=instant(row.created_at),
        expires_at=instant_or_none(row.expires_at),
        last_used_at=instant_or_none(row.last_used_at),
        revoked_at=instant_or_none(row.revoked_at),
        kind=TokenKind(row.kind),
        parent=None if row.parent is None else UUID(row.parent),
    )
