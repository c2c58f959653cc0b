"""The promotion gate."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.required_environments import enough_succeeded, join_names, names_where


def promotion_gate(deployment: Deployment, policy: Policy, context: GateContext) -> Gate:
    """Open when the version did well in the environments before, and nothing keeps it out here.

    A rollback passes: it goes back to what is known to work.
    """

    def gate(state: GateState, code: str, message: str, since: datetime | None, *who: str) -> Gate:
        return Gate(
            kind=GateKind.PROMOTION,
            state=state,
            code=code,
            message=message,
            since=since,
            opens_at=None,
            who_can_act=who,
        )

    where, version = f"{deployment.service} in {deployment.environment}", deployment.version
    block, hold = context.version_block, context.promotion_hold
    can_unblock = roles_with(Right.UNBLOCK, Right.OVERRIDE)
    can_release = roles_with(Right.RELEASE, Right.OVERRIDE)
    if block is not None:
        message = (
            f"{block.by} rolled {version} back in {deployment.environment} with "
            f"{format_number(block.number)}: {block.reason} An operator can unblock it there."
        )
        return gate(GateState.WAITING, "version_blocked", message, block.at, *can_unblock)
    if deployment.kind is DeploymentKind.ROLLBACK:
        message = "A rollback goes back to what succeeded here before."
        return gate(GateState.OPEN, "promotion_passed", message, None)
    if deployment.automatic and hold is not None:
        message = (
            f"{hold.by} deployed {hold.version} of {where} by hand, so nothing is promoted there "
            "by itself until an operator releases the hold."
        )
        return gate(GateState.WAITING, "held", message, hold.at, *can_release)
    if enough_succeeded(policy, [each.is_proven for each in context.upstream]):
        message = "No earlier environment is required."
        if context.upstream:
            message = (
                f"{version} succeeded in {names_where(context.upstream, lambda up: up.is_proven)}."
            )
        since = max((up.succeeded_at for up in context.upstream if up.succeeded_at), default=None)
        return gate(GateState.OPEN, "promoted", message, since)
    missing = [up for up in context.upstream if not up.is_proven]
    who = roles_with(Right.REQUEST, Right.OPERATE, Right.OVERRIDE)
    if all(up.too_old for up in missing):
        names = join_names(policy, [up.environment for up in missing])
        message = (
            f"{version} succeeded in {names} longer ago than {deployment.environment} allows "
            f"({policy.max_age_s} s); deploy it there again."
        )
        return gate(GateState.WAITING, "upstream_too_old", message, None, *who)
    names = join_names(policy, [up.environment for up in missing])
    message = (
        f"{deployment.environment} requires {version} to have succeeded in {names} first, "
        "and it has not, or was rolled back since."
    )
    return gate(GateState.WAITING, "upstream_missing", message, None, *who)
