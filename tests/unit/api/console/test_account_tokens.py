"""Which tokens and sessions of an account its page lists at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatepost_api.console.views.account_tokens import MAX_SESSIONS, arrange_tokens, end_of_token
from gatepost_domain.access.users import Token, TokenKind
from tests.support.builders import a_token

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def a_session(minutes_ago: int) -> Token:
    """Return a session that was started and last used this long ago."""
    at = NOW - timedelta(minutes=minutes_ago)
    return a_token(kind=TokenKind.SESSION, created_at=at, last_used_at=at, expires_at=None)


def test_many_sessions_do_not_hide_the_tokens() -> None:
    """Tokens come first, then the latest sessions; what ended comes last, in the folded part."""
    token = a_token(created_at=NOW - timedelta(days=9), expires_at=None)
    expired = a_token(created_at=NOW - timedelta(days=9), expires_at=NOW)
    sessions = [a_session(minutes) for minutes in range(1, 13)]
    current = sessions[-1]

    arranged = arrange_tokens([expired, *sessions, token], NOW, current=current.id)

    assert arranged.usable == (token, *sessions[:MAX_SESSIONS], current)
    assert arranged.folded == (sessions[MAX_SESSIONS], expired)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (a_token(expires_at=None), ""),
        (a_token(expires_at=NOW + timedelta(hours=3), revoked_at=NOW), "revoked"),
        (a_token(expires_at=NOW), "expired"),
        (a_session(60), "ended after 1 hour without use"),
    ],
)
def test_one_word_says_how_a_token_ended(token: Token, expected: str) -> None:
    """A token that was revoked is not also said to expire later."""
    assert end_of_token(token, NOW) == expected
