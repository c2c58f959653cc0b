"""How many pods a service gets, and what each may use: the declared values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_domain.catalog.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What a service is given in an environment, in the quantities of Kubernetes."""

    pod_count: int
    cpu_request: str
    """Of each pod, always free for it, as in `120m`: thousandths of a core."""
    cpu_limit: str
    memory_request: str
    """Of each pod, always free for it, as in `256Mi`."""
    memory_limit: str


SIZING_BY_TIER: Final[Mapping[Tier, Sizing]] = {
    Tier.DEVELOPMENT: Sizing(
        pod_count=1,
        cpu_request="60m",
        cpu_limit="250m",
        memory_request="128Mi",
        memory_limit="256Mi",
    ),
    Tier.TEST: Sizing(
        pod_count=1,
        cpu_request="120m",
        cpu_limit="500m",
        memory_request="256Mi",
        memory_limit="512Mi",
    ),
    Tier.STAGING: Sizing(
        pod_count=2,
        cpu_request="120m",
        cpu_limit="500m",
        memory_request="256Mi",
        memory_limit="512Mi",
    ),
    Tier.PRODUCTION: Sizing(
        pod_count=3,
        cpu_request="120m",
        cpu_limit="500m",
        memory_request="256Mi",
        memory_limit="512Mi",
    ),
}
"""What an environment of each tier gives a service: the contract says it, and a service's health
shows it where no live values are known."""
