"""Recording the steps that workers reported, in the event that ends the rollout."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.event import Event
from gatepost_domain.ports.unit_of_work import UnitOfWork


def add_steps_digest(uow: UnitOfWork, deployment: Deployment, event: Event) -> Event:
    """Return the event that ends a rollout with the number and the digest of its steps.

    A rollout without a worker has no steps, and its event is returned unchanged.
    """
    if deployment.worker is None:
        return event
    steps = uow.claims.steps(deployment.id)
    data = {**event.data, "steps": len(steps), "steps_digest": steps_digest(steps)}
    return replace(event, data=data)
