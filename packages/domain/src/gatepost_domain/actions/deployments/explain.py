"""Why a deployment waits, and what somebody can do about it."""

from __future__ import annotations

from functools import partial

from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.context import around, load
from gatepost_domain.actions.deployments.promotion import try_to_promote
from gatepost_domain.deployments.deployment import Reference
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.ports.unit_of_work import Work


def explain_deployment(work: Work, reference: Reference, command: Command) -> Explanation:
    """Tell the actor what a deployment waits for and which actions they may take.

    Raises:
        Unknown: there is no such deployment.
    """
    found, policy = load(work, reference, None)
    situation = around(work, found, policy, command.at)
    return explain(
        found,
        policy,
        situation,
        actor=command.actor,
        at=command.at,
        promote=partial(try_to_promote, work, found),
    )
