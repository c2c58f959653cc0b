"""Reads for policy simulation."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation.history import EnvironmentHistory


class SimulationReads(Protocol):
    """The history that a simulation replays, as of the latest durable write."""

    async def environment_history(
        self, environment: str, span: Span, policy: Policy
    ) -> EnvironmentHistory:
        """Return what was deployed to an environment, and the data that a policy evaluates.

        A deployment belongs to the span if it was deployed or, if it was never deployed, requested
        during the span, as in the environment's history. Hidden records and requests that
        never started are left out.
        """
        ...
