"""The soak gate, which requires enough time live in earlier environments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy, RequiresMode
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import format_instant
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.required_environment_status import (
    describe_disregarded_records,
    join_descriptions,
    join_names,
)
from gatepost_domain.gates.upstream_status import UpstreamStatus


def soak_gate(deployment: Deployment, policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is open once the version has been live long enough where required."""

    def gate(state: GateState, code: str, message: str, opens_at: datetime | None) -> Gate:
        return Gate(
            kind=GateKind.SOAK,
            state=state,
            code=code,
            message=message,
            since=None,
            opens_at=opens_at,
            who_can_act=() if state is GateState.OPEN else roles_with_any(Right.OVERRIDE),
        )

    if not policy.soak_s:
        return gate(GateState.OPEN, "no_soak", "No soak time is required.", None)
    if deployment.kind is DeploymentKind.ROLLBACK:
        return gate(GateState.OPEN, "soak_passed", "Rollbacks need no soak time.", None)
    version, duration = deployment.version, f"{policy.soak_s} s"
    environments = _environments_to_soak_in(policy, context.upstream)
    if policy.requires_mode.is_satisfied([upstream.soaked for upstream in environments]):
        soaked = [upstream for upstream in environments if upstream.soaked]
        message = f"{version} was live in {join_descriptions(soaked)} for {duration}."
        opened = gate(GateState.OPEN, "soaked", message, None)
        return replace(opened, relies_on_record=any(status.proof for status in soaked))
    missing = [upstream for upstream in environments if not upstream.soaked]
    opens_at = _opens_at(policy, missing)
    until = "" if opens_at is None else f"; the gate should open on {format_instant(opens_at)}"
    names = join_names(policy, [upstream.environment for upstream in missing])
    message = f"{version} must be live in {names} for {duration} without interruption{until}."
    message += describe_disregarded_records(version, missing)
    return gate(GateState.WAITING, "soaking", message, opens_at)


def _environments_to_soak_in(
    policy: Policy, upstream: Sequence[UpstreamStatus]
) -> Sequence[UpstreamStatus]:
    """Return the environments to soak in; in mode `any`, only those where the version succeeded."""
    proven = [status for status in upstream if status.has_recent_success]
    return proven if proven and policy.requires_mode is RequiresMode.ANY else upstream


def _opens_at(policy: Policy, missing: Sequence[UpstreamStatus]) -> datetime | None:
    """Return when the soak time will be over if nothing changes; None if unknown."""
    ends = [upstream.soaked_at for upstream in missing if upstream.soaked_at is not None]
    if policy.requires_mode is RequiresMode.ANY:
        return min(ends, default=None)
    return max(ends) if ends and len(ends) == len(missing) else None
