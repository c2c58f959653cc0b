"""Reads for the delivery report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatepost_domain.reports.measurements import DeliveryFilter, ReportMeasurements
from gatepost_domain.reports.periods import Span


class DeliveryReportReads(Protocol):
    """The measurements for the delivery report, as of the latest durable write."""

    async def delivery_measurements(
        self, criteria: DeliveryFilter, buckets: Sequence[Span]
    ) -> ReportMeasurements:
        """Return the measurements for each bucket. The buckets together cover the span."""
        ...
