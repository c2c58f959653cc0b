"""What the delivery report requires of storage."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.reports.deployment_facts import DeliveryFacts, DeliveryFilter


class DeliveryReads(Protocol):
    """What became of deployments, as of the last durable write."""

    async def delivery_facts(self, criteria: DeliveryFilter) -> DeliveryFacts:
        """What of a span a report is made of."""
        ...
