"""Descriptions of an environment's promotion rules."""

from __future__ import annotations

from collections.abc import Mapping

from gatepost_api.console.views.formatting import format_duration
from gatepost_domain.catalog.policy import ExecutionMode, Policy, RequiresMode


def describe_prerequisites(policy: Policy, names: Mapping[str, str]) -> str:
    """Return the required environments, such as "After Test and QA", by their display names."""
    if not policy.requires:
        return "No prerequisites"
    joiner = " and " if policy.requires_mode is RequiresMode.ALL else " or "
    return f"After {joiner.join(names.get(name, name) for name in policy.requires)}"


def describe_soak_and_maximum_age(policy: Policy) -> str:
    """Return the soak time and the maximum age of the required success; empty without limits."""
    parts = []
    if policy.soak_s:
        parts.append(f"{format_duration(policy.soak_s)} soak")
    if policy.max_age_s is not None:
        parts.append(f"success at most {format_duration(policy.max_age_s)} old")
    return ", ".join(parts)


def describe_next_environment(policy: Policy, names: Mapping[str, str]) -> str:
    """Return the next environment, such as "Production, automatically"; empty if there is none."""
    if policy.promotes_to is None:
        return ""
    how = "automatically" if policy.auto_promote else "on request"
    return f"{names.get(policy.promotes_to, policy.promotes_to)}, {how}"


def describe_stage_count(policy: Policy) -> str:
    """Return the number of approval stages, in words."""
    count = len(policy.approval_stages)
    return f"{count} approval stage{'' if count == 1 else 's'}" if count else "No approval"


def describe_execution(policy: Policy) -> str:
    """Return whether workers or operators deploy."""
    executor = "workers" if policy.execution is ExecutionMode.WORKER else "operators"
    return f"Deployed by {executor}"
