"""Revoking tokens, and everything that was created with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.users import Token
from gatepost_domain.ports.unit_of_work import UnitOfWork


def find_descendants(uow: UnitOfWork, *tokens: UUID) -> tuple[Token, ...]:
    """Return the unrevoked tokens that were created with these, at any depth.

    A session that was signed out does not protect the tokens that it created.
    """
    found: dict[UUID, Token] = {}
    waiting = list(tokens)
    while waiting:
        for child in uow.users.list_children(waiting.pop()):
            if child.id not in found:
                found[child.id] = child
                waiting.append(child.id)
    return tuple(token for token in found.values() if token.revoked_at is None)


def revoke_all(tokens: Iterable[Token], at: datetime) -> tuple[Token, ...]:
    """Return the tokens, each once, as revoked at an instant."""
    return tuple({token.id: replace(token, revoked_at=at) for token in tokens}.values())
