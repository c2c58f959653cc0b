"""The number of pods of a service per tier, and their resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_domain.catalog.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """The pods of a service in an environment and their resources, as Kubernetes quantities."""

    pod_count: int
    cpu_request: str
    """The CPU reserved for each pod; `120m` is 120 thousandths of a core."""
    cpu_limit: str
    memory_request: str
    """The memory reserved for each pod; `256Mi` is 256 mebibytes."""
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
"""The size of a service in each tier, written to its contracts and shown in its health. Gatepost
does not measure actual use."""
