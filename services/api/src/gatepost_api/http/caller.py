"""The caller of a request."""

from __future__ import annotations

from dataclasses import dataclass

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.users import Token, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The authenticated user, token and actor, as of when the request arrived."""

    user: User
    token: Token
    actor: Actor
