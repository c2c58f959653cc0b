"""The reads of the delivery report."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.reports.deployment_facts import DeliveryFilter, ReportFacts


class DeliveryReportReads(Protocol):
    """The facts for the delivery report, as of the last durable write."""

    async def delivery_facts(self, criteria: DeliveryFilter) -> ReportFacts:
        """Return the facts for a time span."""
        ...
