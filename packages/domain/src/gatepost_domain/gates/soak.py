"""The soak gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy, RequiresMode
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import format_instant
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.required_environments import enough_succeeded, join_names, names_where
from gatepost_domain.gates.upstream import UpstreamStatus


def soak_gate(deployment: Deployment, policy: Policy, context: GateContext) -> Gate:
    """Open when the version has stood long enough in the environments before."""

    def gate(state: GateState, code: str, message: str, opens_at: datetime | None) -> Gate:
        return Gate(
            kind=GateKind.SOAK,
            state=state,
            code=code,
            message=message,
            since=None,
            opens_at=opens_at,
            who_can_act=() if state is GateState.OPEN else roles_with(Right.OVERRIDE),
        )

    if not policy.soak_s:
        return gate(GateState.OPEN, "no_soak", "A version need not stand anywhere first.", None)
    if deployment.kind is DeploymentKind.ROLLBACK:
        return gate(GateState.OPEN, "soak_passed", "A rollback need not stand anywhere.", None)
    upstream, long = _soaking_environments(policy, context.upstream), f"{policy.soak_s} s"
    if enough_succeeded(policy, [each.soaked for each in upstream]):
        names = names_where(upstream, lambda up: up.soaked)
        return gate(GateState.OPEN, "soaked", f"It stood in {names} for {long}.", None)
    missing = [up for up in upstream if not up.soaked]
    ends = [up.soaked_at for up in missing if up.soaked_at is not None]
    known = bool(ends) and (policy.requires_mode is RequiresMode.ANY or len(ends) == len(missing))
    pick = min if policy.requires_mode is RequiresMode.ANY else max
    opens_at = pick(ends) if known else None
    until = "" if opens_at is None else f"; if nothing changes, until {format_instant(opens_at)}"
    names = join_names(policy, [up.environment for up in missing])
    message = f"{deployment.version} must stand in {names} for {long} without a break{until}."
    return gate(GateState.WAITING, "soaking", message, opens_at)


def _soaking_environments(
    policy: Policy, upstream: Sequence[UpstreamStatus]
) -> Sequence[UpstreamStatus]:
    """Where one environment is enough, the one it stood in is one it succeeded in, if there is."""
    proven = [each for each in upstream if each.is_proven]
    return proven if proven and policy.requires_mode is RequiresMode.ANY else upstream
