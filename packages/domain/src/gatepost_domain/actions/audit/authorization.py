"""Checking the right to audit Gatepost."""

from __future__ import annotations

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials


def authorize_audit(command: Command) -> None:
    """Refuse an actor who may not verify and export the recorded data.

    Raises:
        Forbidden: the actor is not an auditor; the attempt is recorded.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.AUDIT)
