"""What waits for somebody's review."""

from __future__ import annotations

from dataclasses import dataclass

from gatepost_domain import lifecycle
from gatepost_domain.command import Command
from gatepost_domain.deployment import Deployment
from gatepost_domain.errors import Refusal
from gatepost_domain.policy import Policy
from gatepost_domain.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A deployment whose open stage somebody can approve."""

    deployment: Deployment
    policy: Policy


def waiting_for(work: Work, pending: tuple[Deployment, ...], command: Command) -> list[Pending]:
    """Those of these deployments that the actor could approve now, in the same order.

    The rule that decides an approval decides this.
    """
    found: list[Pending] = []
    for deployment in pending:
        policy = work.environments.policy(deployment.environment, deployment.policy_version)
        try:
            lifecycle.approve(deployment, policy, command)
        except Refusal:
            continue
        found.append(Pending(deployment=deployment, policy=policy))
    return found
