"""Reads for the delivery report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatepost_domain.reports.measurements import ReportFilter, ReportMeasurements
from gatepost_domain.reports.periods import Span


class DeliveryReportReads(Protocol):
    """The measurements for the delivery report, as of the latest durable write."""

    async def delivery_measurements(
        self, criteria: ReportFilter, buckets: Sequence[Span]
    ) -> ReportMeasurements:
        """Return the measurements for each bucket. Together, the buckets cover `criteria.span`."""
        ...
