"""The tokens and sessions of an account: which ones are folded away, and how each ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.access.users import Token, TokenKind

MAX_SESSIONS: Final = 10
"""How many of the latest sessions are always shown; the others are folded away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTokens:
    """The tokens of an account in page order: the usable ones, then those that are folded away."""

    usable: tuple[Token, ...]
    """The valid tokens, then the latest sessions, which always include the caller's own."""
    folded: tuple[Token, ...]
    """The other sessions, followed by the tokens and sessions that ended."""


def arrange_tokens(tokens: Iterable[Token], now: datetime, *, current: UUID) -> AccountTokens:
    """Arrange tokens for their page, each part latest first.

    `current` is the id of the token with which the page is requested.
    """
    latest_first = sorted(tokens, key=lambda token: token.created_at, reverse=True)
    valid = [token for token in latest_first if token.is_valid(now)]
    sessions = [token for token in valid if token.kind is TokenKind.SESSION]
    listed = {token.id for token in sessions[:MAX_SESSIONS]} | {current}
    return AccountTokens(
        usable=(
            *(token for token in valid if token.kind is not TokenKind.SESSION),
            *(token for token in sessions if token.id in listed),
        ),
        folded=(
            *(token for token in sessions if token.id not in listed),
            *(token for token in latest_first if not token.is_valid(now)),
        ),
    )


def end_of_token(token: Token, now: datetime) -> str:
    """Return why a token no longer works, in a few words; empty if it works."""
    if token.is_valid(now):
        return ""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is not None and token.expires_at <= now:
        return "expired"
    return "ended after 1 hour without use"
