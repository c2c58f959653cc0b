"""The promotion gate, which requires success in earlier environments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.required_environment_status import (
    describe_disregarded_records,
    describe_missing_successes,
    join_descriptions,
    join_names,
)


def promotion_gate(deployment: Deployment, policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is open when the version succeeded in the required environments.

    The gate waits while the version is blocked in the environment or, for an automatic promotion,
    while a hold is in place. Rollbacks need no success in other environments.
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

    version, environment = deployment.version, deployment.environment
    block, hold = context.version_block, context.promotion_hold
    if block is not None:
        message = (
            f"{version} is blocked in {environment} because {block.by} rolled back "
            f"{format_number(block.number)}; an operator can unblock it. Reason: {block.reason}"
        )
        who = roles_with_any(Right.UNBLOCK, Right.OVERRIDE)
        return gate(GateState.WAITING, "version_blocked", message, block.at, *who)
    if deployment.kind is DeploymentKind.ROLLBACK:
        message = "Rollbacks redeploy a version that succeeded here before."
        return gate(GateState.OPEN, "promotion_passed", message, None)
    if deployment.automatic and hold is not None:
        message = (
            f"{hold.by} deployed {hold.version} of {deployment.service} to {environment} "
            "manually; automatic promotion is on hold until an operator releases it."
        )
        who = roles_with_any(Right.RELEASE, Right.OVERRIDE)
        return gate(GateState.WAITING, "held", message, hold.at, *who)
    if policy.requires_mode.is_satisfied(
        [upstream.has_recent_success for upstream in context.upstream]
    ):
        message = "No earlier environment is required."
        proving = [upstream for upstream in context.upstream if upstream.has_recent_success]
        if context.upstream:
            names = join_descriptions(proving)
            message = f"{version} succeeded in {names}."
        successes = (upstream.succeeded_at for upstream in context.upstream)
        since = max((at for at in successes if at is not None), default=None)
        opened = gate(GateState.OPEN, "promoted", message, since)
        return replace(opened, relies_on_record=any(status.proof for status in proving))
    missing = [upstream for upstream in context.upstream if not upstream.has_recent_success]
    names = join_names(policy, [upstream.environment for upstream in missing])
    who = roles_with_any(Right.REQUEST, Right.OPERATE, Right.OVERRIDE)
    if all(upstream.too_old for upstream in missing):
        message = (
            f"{version} succeeded in {names} longer ago than the policy of {environment} "
            f"allows ({policy.max_age_s} s); deploy it to {names} again."
            f"{describe_disregarded_records(version, missing)}"
        )
        return gate(GateState.WAITING, "upstream_too_old", message, None, *who)
    message = (
        f"{environment} requires {version} to succeed in {names} first; "
        f"{describe_missing_successes(missing)}."
        f"{describe_disregarded_records(version, missing)}"
    )
    return gate(GateState.WAITING, "upstream_missing", message, None, *who)
