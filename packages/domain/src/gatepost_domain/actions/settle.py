"""What follows by itself once a deployment is approved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gatepost_domain import lifecycle
from gatepost_domain.actor import SYSTEM
from gatepost_domain.command import Command
from gatepost_domain.deployment import Deployment
from gatepost_domain.policy import Policy
from gatepost_domain.ports import Work
from gatepost_domain.status import Status


def start_by_itself(
    work: Work, deployment: Deployment, policy: Policy, *, at: datetime, build_id: UUID
) -> Deployment:
    """Start or queue a deployment that was asked to start by itself, if its gates are open."""
    if deployment.status is not Status.APPROVED or not deployment.auto_start:
        return deployment
    lane = work.deployments.lane(deployment.service, deployment.environment)
    moved = lifecycle.start_if_open(
        deployment, policy, lane, Command(actor=SYSTEM, at=at), build_id=build_id
    )
    if moved is None:
        return deployment
    started, event = moved
    work.deployments.save(started, event)
    return started
