"""The reads of the delivery report."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.reports.deployment_facts import DeliveryFacts, DeliveryFilter


class DeliveryReads(Protocol):
    """The facts of the delivery report, as of the last durable write."""

    async def delivery_facts(self, criteria: DeliveryFilter) -> DeliveryFacts:
        """Return the facts of a span."""
        ...
