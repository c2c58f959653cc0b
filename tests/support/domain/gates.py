"""Deployments, policies and contexts for gate tests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from gatepost_domain.catalog.policy import RequiresMode
from gatepost_domain.deployments.blocks_and_holds import VersionBlock
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.context import GateContext, OverdueAfterReview
from gatepost_domain.gates.upstream_status import InvalidatingRollback, UpstreamStatus
from tests.support.builders import NOON, a_deployment, a_policy, an_id

EARLIER = NOON - timedelta(hours=1)
LATER = NOON + timedelta(hours=1)
NO_REQUIREMENTS = a_policy()
NEEDS_TEST = a_policy(requires=("test",), soak_s=3600, max_age_s=7200)
NEEDS_BOTH = replace(NEEDS_TEST, requires=("test", "staging"))
NEEDS_ANY = replace(NEEDS_BOTH, requires_mode=RequiresMode.ANY)
BLOCK = VersionBlock(
    service="shop",
    environment="production",
    version="1.0.0",
    at=EARLIER,
    by="olga",
    reason="It lost orders.",
    deployment_id=an_id(),
    number=7,
)

OVERDUE = OverdueAfterReview(number=9, due_at=EARLIER)


def up(environment: str = "test", **changes: Any) -> UpstreamStatus:
    """Return an environment in which the version satisfies all requirements."""
    whole: dict[str, Any] = {"succeeded_at": EARLIER, "soaked_at": NOON, "soaked": True}
    return UpstreamStatus(environment=environment, **(whole | changes))


def missing(environment: str = "test") -> UpstreamStatus:
    """Return an environment in which the version has not succeeded."""
    return up(environment, succeeded_at=None, soaked_at=None, soaked=False)


def rolled_back(environment: str = "test") -> UpstreamStatus:
    """Return an environment in which the version succeeded, but DEP-7 was rolled back since."""
    return replace(missing(environment), rollback=InvalidatingRollback(number=7, at=EARLIER))


def too_old(environment: str = "test") -> UpstreamStatus:
    """Return an environment in which the version succeeded too long ago."""
    return up(environment, too_old=True)


def soaking(environment: str = "test", **changes: Any) -> UpstreamStatus:
    """Return an environment in which the soak time of the version is not complete."""
    return up(environment, soaked=False, **({"soaked_at": LATER} | changes))


def a_context(*upstream: UpstreamStatus, **changes: Any) -> GateContext:
    """Return a gate context with a free lane and these required environments."""
    return GateContext(upstream=upstream, **changes)


def of_kind(
    kind: DeploymentKind = DeploymentKind.REQUEST, *, automatic: bool = False
) -> Deployment:
    """Return a pending deployment of this kind."""
    return replace(a_deployment(), kind=kind, automatic=automatic)


PROMOTED = of_kind(DeploymentKind.PROMOTION, automatic=True)
ROLLBACK = of_kind(DeploymentKind.ROLLBACK)
