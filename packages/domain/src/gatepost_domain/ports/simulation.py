"""The reads of a policy simulation."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation.history import EnvironmentHistory


class SimulationReads(Protocol):
    """The history that a simulation replays, as of the last durable write."""

    async def environment_history(
        self, environment: str, span: Span, policy: Policy
    ) -> EnvironmentHistory:
        """Return what was deployed to an environment, and the facts that a policy evaluates.

        A deployment belongs to the span by when it was deployed or, if it never was, requested, as
        in the history of the environment. Hidden records and requests that never started are left
        out.
        """
        ...
