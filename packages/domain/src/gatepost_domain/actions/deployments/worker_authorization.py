"""Authorizing workers, and recording when they were last seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right, Role
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.ports.unit_of_work import UnitOfWork


def authorize_worker(command: Command) -> Command:
    """Return the command with its actor resolved, if the actor has the worker role somewhere.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        if not any(grant.role is Role.WORKER for grant in resolved.actor.grants):
            authorize(resolved.actor, Right.CARRY_OUT)
    return resolved


def record_worker_seen_if_overdue(
    uow: UnitOfWork, name: str, *, lease: timedelta, at: datetime
) -> None:
    """Record that a worker was seen, unless it was recorded recently enough."""
    known = uow.claims.find_recent_worker(name)
    if known is None or known.is_last_seen_overdue(at):
        version = None if known is None else known.version
        uow.claims.save_worker(Worker(name=name, version=version, last_seen_at=at, lease=lease))
