"""Preview of the effects of saving a proposed policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from gatepost_api.catalog.environments.policy_simulation import simulate_policy
from gatepost_api.console.views.labels import gate_label
from gatepost_api.console.views.settings_change_texts import changed_policy_settings
from gatepost_api.console.views.settings_comparison import ChangedSetting
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.delivery_report_loading import resolve_span
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.simulation.simulation import Simulation
from gatepost_domain.status_transitions import Status

MAX_OPEN: Final = 200
_OPEN: Final = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED)

_GATE_TEXTS: Final[Mapping[GateKind, str]] = {
    GateKind.APPROVAL: "Approvals missing or too late",
    GateKind.PROMOTION: "No success in the required environments",
    GateKind.SOAK: "Soak time not yet over",
    GateKind.FREEZE: "Frozen",
    GateKind.LANE: "Another deployment in progress",
    GateKind.ORDER: "A newer deployment had already started",
    GateKind.AFTER_REVIEW: "Break-glass review overdue",
}
"""The reasons deployments would have been held or refused, by kind of gate. For other kinds, the
label of the gate is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPreview:
    """The effects of saving a policy."""

    changes: Sequence[ChangedSetting]
    open_requests: str
    """A sentence with the number of open requests that keep each policy version."""
    simulation: Simulation
    since: datetime
    digest: str
    """The digest of the previewed policy, so that no other policy is saved without a preview."""


async def load_policy_preview(
    request: ApiRequest, current: PolicyVersion, policy: Policy
) -> PolicyPreview:
    """Return a preview of the effects of saving a policy.

    Raises: the same errors as saving it, and BadInput if the environment's history is too long to
    replay.
    """
    context = request.context
    span = resolve_span(None, None, context.now())
    simulation = await simulate_policy(context, current.environment, policy, span)
    return PolicyPreview(
        changes=changed_policy_settings(current.policy, policy),
        open_requests=await _describe_open_requests(request, current.environment),
        simulation=simulation,
        since=span.since,
        digest=policy_digest(policy, current.version),
    )


def gate_text(kind: GateKind) -> str:
    """Return the reason why a kind of gate would have held or refused deployments."""
    return _GATE_TEXTS.get(kind) or gate_label(kind)


def policy_digest(policy: Policy, version: int) -> str:
    """Return a digest of a proposed policy and the version that it would replace."""
    return sha256(f"{version} {policy!r}".encode()).hexdigest()[:32]


async def _describe_open_requests(request: ApiRequest, environment: str) -> str:
    criteria = DeploymentFilter(environments=(environment,), statuses=_OPEN)
    page = await request.context.reads.deployments(criteria, PageRequest(limit=MAX_OPEN))
    if page.next_key is not None:
        return f"More than {MAX_OPEN} open requests keep the version they were created with."
    counts = sorted(Counter(each.policy_version for each in page.items).items())
    if not counts:
        return "There are no open requests."
    texts = [f"{_open_requests_clause(count)} version {version}" for version, count in counts]
    return f"{', '.join(texts)}."


def _open_requests_clause(count: int) -> str:
    return "1 open request keeps" if count == 1 else f"{count:,} open requests keep"
