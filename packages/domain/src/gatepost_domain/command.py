"""What an actor brings to an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Somebody's wish to do something now."""

    actor: Actor
    at: datetime
    note: str | None = None
    on_behalf_of: str | None = None
    """The person spoken for, where the actor speaks for another."""
