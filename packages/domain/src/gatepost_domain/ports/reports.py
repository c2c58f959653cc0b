"""What the delivery report requires of storage."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.reports.deployment_facts import Courses, DeliveryFilter


class DeliveryReads(Protocol):
    """What became of deployments, as of the last durable write."""

    async def courses(self, wanted: DeliveryFilter) -> Courses:
        """What of a span a report is made of."""
        ...
