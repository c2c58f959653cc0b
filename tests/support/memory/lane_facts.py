"""Facts about a deployment that depend on other deployments of its lane or version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind

_RANKS = {tier: rank for rank, tier in enumerate(Tier)}


def returns_to_earlier_version(
    deployment: Deployment, deployments: Mapping[int, Deployment]
) -> bool:
    """Return whether a deployment is a record that returns its lane to an earlier version."""
    if deployment.kind is not DeploymentKind.RECORD or deployment.deployed_at is None:
        return False
    lane = _live_in_lane(deployment, deployments)
    earlier = [each for each in lane if _position(each) < _position(deployment)]
    if not earlier:
        return False
    replaced = max(earlier, key=_position)
    return _first_at(deployment.version, lane) < _first_at(replaced.version, lane)


def find_next_live(
    deployment: Deployment, deployments: Mapping[int, Deployment]
) -> Deployment | None:
    """Return the next deployment that went live in the lane, or None if either did not."""
    if deployment.deployed_at is None:
        return None
    lane = _live_in_lane(deployment, deployments)
    later = (each for each in lane if _position(each) > _position(deployment))
    return min(later, key=_position, default=None)


def first_live_in_lower_tier_at(
    deployment: Deployment, deployments: Mapping[int, Deployment]
) -> datetime | None:
    """Return when the deployment's version was first live in a lower tier, or None."""
    return min(
        (
            each.deployed_at
            for each in _live(deployments.values())
            if each.deployed_at is not None
            and (each.service, each.version) == (deployment.service, deployment.version)
            and _RANKS[each.tier] < _RANKS[deployment.tier]
        ),
        default=None,
    )


def _live(deployments: Iterable[Deployment]) -> list[Deployment]:
    return [each for each in deployments if each.deployed_at is not None and each.hidden is None]


def _live_in_lane(
    deployment: Deployment, deployments: Mapping[int, Deployment]
) -> list[Deployment]:
    lane = (deployment.service, deployment.environment)
    return [
        each for each in _live(deployments.values()) if (each.service, each.environment) == lane
    ]


def _position(deployment: Deployment) -> tuple[datetime, int]:
    assert deployment.deployed_at is not None
    return deployment.deployed_at, deployment.number


def _first_at(version: str, lane: Iterable[Deployment]) -> datetime:
    return min(_position(each)[0] for each in lane if each.version == version)
