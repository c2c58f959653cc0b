"""How long a token is accepted without another lookup."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.access.users import Token

LAST_USED_RESOLUTION: Final = timedelta(minutes=1)
"""The resolution with which the last use of a token is recorded."""


def next_lookup_at(token: Token) -> datetime:
    """Return when a valid token next needs a lookup: at its expiry, or to record its use."""
    if token.last_used_at is None:
        return token.created_at
    until = token.last_used_at + LAST_USED_RESOLUTION  # well before an idle session ends
    return until if token.expires_at is None else min(until, token.expires_at)
