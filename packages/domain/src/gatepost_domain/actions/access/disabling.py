"""Ending the consent of a user who is disabled.

A user who is enabled again does not get back what ended: their approvals were voided for good.
"""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.access.actor import SYSTEM, is_same_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.users import User
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.lifecycle import withdrawal
from gatepost_domain.ports.unit_of_work import UnitOfWork


def end_consent_if_disabled(uow: UnitOfWork, before: User, after: User, at: datetime) -> None:
    """Void the approvals of a user who was disabled, and end the automatic start of their requests.

    Only deployments that have not started are affected.
    """
    if before.disabled or not after.disabled:
        return
    command = Command(actor=SYSTEM, at=at)
    for name in filter(None, (after.name, after.former_name)):
        _void_approvals(uow, name, command)
        _cancel_automatic_starts(uow, name, command)


def _void_approvals(uow: UnitOfWork, name: str, command: Command) -> None:
    for deployment in uow.deployments.list_waiting_approved_by(name):
        policy = uow.environments.policy(deployment.environment, deployment.policy_version)
        uow.deployments.save(*withdrawal.void_approvals(deployment, policy, command, reviewer=name))


def _cancel_automatic_starts(uow: UnitOfWork, name: str, command: Command) -> None:
    for deployment in uow.deployments.list_waiting_for_auto_start_of(name):
        if _is_requested_by(uow, deployment, name):
            uow.deployments.save(*withdrawal.cancel_auto_start(deployment, command, user=name))


def _is_requested_by(uow: UnitOfWork, deployment: Deployment, name: str) -> bool:
    """Return whether a user requested a deployment, or did so for somebody else."""
    if is_same_name(deployment.requester, name):
        return True
    return is_same_name(uow.event_log.entries_of(deployment.id)[0].event.actor, name)
