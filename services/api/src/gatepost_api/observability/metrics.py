"""The application's Prometheus metrics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

from gatepost_api.settings.server_version import VERSION
from gatepost_domain.check_runs.check_run import OPEN_STATES
from gatepost_domain.deployments.worker import WorkerState
from gatepost_domain.ports.monitoring import OPEN_STATUSES, OperatingFigures

REQUEST_SECONDS: Final = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10,
    30,
)
COMMIT_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30)
COMMIT_ACTIONS: Final = (1, 2, 4, 8, 16, 32, 64)

disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double the number of series

AGES: Final = (
    ("1h", timedelta(hours=1)),
    ("1d", timedelta(days=1)),
    ("7d", timedelta(days=7)),
)
"""The age groups of open deployments, each with its maximum age."""
OLDER: Final = "older"
"""The age group for deployments older than the last of `AGES`."""


class Metrics:
    """Counters of one process, and gauges that are updated at each scrape."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._add_request_metrics()
        self._add_storage_metrics()
        self._add_work_metrics()
        self._add_backup_metrics()

    def encode(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics in an accepted format, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def record_request(self, operation: str, status: int, duration_s: float) -> None:
        """Count an answered request and observe its duration."""
        key = operation, status
        count = self._request_children.get(key)
        if count is None:
            count = self._request_children[key] = self._requests.labels(operation, str(status))
        count.inc()
        duration = self._duration_children.get(operation)
        if duration is None:
            duration = self._duration_children[operation] = self._durations.labels(operation)
        duration.observe(duration_s)

    def record_commit(self, actions: int, duration_s: float) -> None:
        """Record a committed batch, with the time from taking the lock to the durable commit."""
        self._commit_actions.observe(actions)
        self._commit_seconds.observe(duration_s)

    def record_commit_failure(self) -> None:
        """Count a batch that was not committed."""
        self._commit_failures.inc()

    def record_checkpoint_failure(self) -> None:
        """Count a checkpoint that was not signed, written or sent."""
        self._checkpoint_failures.inc()

    def record_backup_failure(self) -> None:
        """Count a scheduled backup that failed."""
        self._backup_failures.inc()

    def set_backup_interval(self, every: timedelta) -> None:
        """Set the time between two scheduled backups."""
        self._backup_interval.set(every.total_seconds())

    def observe_queue(self, depth: Callable[[], int]) -> None:
        """Read the depth of the write queue at each scrape."""
        self._queue_depth.set_function(depth)

    def observe_streams(self, count: Callable[[], int]) -> None:
        """Read the number of open event streams at each scrape."""
        self._event_streams.set_function(count)

    def record_checkpoint(self, size: int, at: datetime | None = None) -> None:
        """Record the latest signed checkpoint; omit the time if an earlier process signed it."""
        self._checkpoint_events.set(size)
        if at is not None:
            self._checkpoint_time.set(at.timestamp())

    def record_backup(self, at: datetime, duration_s: float | None = None) -> None:
        """Record the latest scheduled backup; omit the duration if an earlier process made it."""
        self._backup_time.set(at.timestamp())
        if duration_s is not None:
            self._backup_seconds.set(duration_s)

    def set_figures(self, figures: OperatingFigures | None, at: datetime) -> None:
        """Set the gauges read from the database; `figures` is None if it does not answer."""
        self._database_up.set(figures is not None)
        self._open.clear()
        self._open_check_runs.clear()
        self._oldest.clear()
        self._deliveries.clear()
        self._notifications.clear()
        self._workers.clear()
        self._claims.clear()
        self._worker_seen.clear()
        if figures is None:
            return
        self._event_seq.set(figures.last_seq)
        for status in OPEN_STATUSES:
            self._set_open_deployments(
                status.value, figures.open_creation_times.get(status, ()), at
            )
        for state in OPEN_STATES:
            count = figures.open_check_runs.get(state, 0)
            self._open_check_runs.labels(state.value).set(count)
        self._set_deliveries(figures, at)
        self._set_notifications(figures, at)
        self._set_workers(figures, at)

    def _set_deliveries(self, figures: OperatingFigures, at: datetime) -> None:
        backlog = figures.deliveries
        self._deliveries.labels("pending").set(backlog.pending)
        self._deliveries.labels("failed").set(backlog.failed)
        self._delivery_delay.set(backlog.delay(at).total_seconds())
        self._outbox_lag.set(backlog.unqueued_events(figures.last_seq))

    def _set_notifications(self, figures: OperatingFigures, at: datetime) -> None:
        backlog = figures.notifications
        self._notifications.labels("pending").set(backlog.pending)
        self._notifications.labels("failed").set(backlog.failed)
        self._notification_delay.set(backlog.delay(at).total_seconds())
        self._notification_lag.set(backlog.unqueued_events(figures.last_seq))

    def _set_open_deployments(
        self, status: str, created_at: tuple[datetime, ...], at: datetime
    ) -> None:
        counts = dict.fromkeys([*(name for name, _ in AGES), OLDER], 0)
        for created in created_at:
            counts[age_group(at - created)] += 1
        for age, count in counts.items():
            self._open.labels(status, age).set(count)
        oldest = max((at - created for created in created_at), default=timedelta())
        self._oldest.labels(status).set(oldest.total_seconds())

    def _set_workers(self, figures: OperatingFigures, at: datetime) -> None:
        states = dict.fromkeys(WorkerState, 0)
        held = expired = 0
        for overview in figures.workers:
            states[overview.state(at)] += 1
            self._worker_seen.labels(overview.worker.name).set(
                overview.worker.last_seen_at.timestamp()
            )
            valid = sum(claim.leased_until > at for claim in overview.claims)
            held += valid
            expired += len(overview.claims) - valid
        for state, count in states.items():
            self._workers.labels(state.value).set(count)
        self._claims.labels("held").set(held)
        self._claims.labels("expired").set(expired)

    def _add_request_metrics(self) -> None:
        self._requests = self._counter(
            "gatepost_requests", "Answered requests.", "operation", "status"
        )
        self._durations = Histogram(
            "gatepost_request_duration_seconds",
            "Time from the request to the end of its response. Streams and long polls take long.",
            ("operation",),
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self._request_children: dict[tuple[str, int], Counter] = {}
        self._duration_children: dict[str, Histogram] = {}
        self._event_streams = self._gauge("gatepost_event_streams", "Open event streams (SSE).")
        build = self._gauge(
            "gatepost_build_info", "Always 1; the label contains the release.", "version"
        )
        build.labels(VERSION).set(1)

    def _add_storage_metrics(self) -> None:
        self._queue_depth = self._gauge(
            "gatepost_write_queue_depth", "Writes waiting for their turn in this process."
        )
        self._commit_actions = Histogram(
            "gatepost_commit_actions",
            "Number of writes per commit.",
            buckets=COMMIT_ACTIONS,
            registry=self.registry,
        )
        self._commit_seconds = Histogram(
            "gatepost_commit_duration_seconds",
            "Time from locking the database for a batch of writes to its durable commit.",
            buckets=COMMIT_SECONDS,
            registry=self.registry,
        )
        self._commit_failures = self._counter(
            "gatepost_commit_failures", "Batches of writes that were not committed."
        )
        self._event_seq = self._gauge(
            "gatepost_event_seq", "The sequence number of the latest event."
        )
        self._database_up = self._gauge(
            "gatepost_database_up",
            "Whether the database answered at the time of the scrape (1) or not (0).",
        )
        self._checkpoint_events = self._gauge(
            "gatepost_checkpoint_events",
            "Number of events covered by the latest checkpoint.",
        )
        self._checkpoint_time = self._gauge(
            "gatepost_checkpoint_timestamp_seconds", "When this process last signed a checkpoint."
        )
        self._checkpoint_failures = self._counter(
            "gatepost_checkpoint_failures", "Checkpoints that were not signed, written or sent."
        )

    def _add_work_metrics(self) -> None:
        self._open = self._gauge(
            "gatepost_open_deployments",
            "Deployments that have not ended, by status and by time since the request "
            "(counted up to 10,000 per status).",
            "status",
            "age",
        )
        self._oldest = self._gauge(
            "gatepost_oldest_open_deployment_seconds",
            "Time since the oldest deployment in a status was requested; 0 if there is none.",
            "status",
        )
        self._open_check_runs = self._gauge(
            "gatepost_open_check_runs", "Check runs that have not ended, by state.", "state"
        )
        self._deliveries = self._gauge(
            "gatepost_webhook_deliveries", "Webhook deliveries, pending or failed.", "state"
        )
        self._delivery_delay = self._gauge(
            "gatepost_webhook_delay_seconds",
            "How long the most overdue webhook delivery has been due; 0 if none is due.",
        )
        self._outbox_lag = self._gauge(
            "gatepost_webhook_outbox_events",
            "Events for which webhook deliveries are not yet queued.",
        )
        self._notifications = self._gauge(
            "gatepost_notifications", "Notifications to people, pending or failed.", "state"
        )
        self._notification_delay = self._gauge(
            "gatepost_notification_delay_seconds",
            "How long the most overdue notification has been due; 0 if none is due.",
        )
        self._notification_lag = self._gauge(
            "gatepost_notification_outbox_events",
            "Events for which notifications are not yet queued.",
        )
        self._claims = self._gauge(
            "gatepost_claims", "Worker claims, held or with an expired lease.", "state"
        )
        self._workers = self._gauge(
            "gatepost_workers", "Workers seen within the last hour: idle, working or lost.", "state"
        )
        self._worker_seen = self._gauge(
            "gatepost_worker_last_seen_timestamp_seconds", "When a worker was last seen.", "worker"
        )

    def _add_backup_metrics(self) -> None:
        self._backup_time = self._gauge(
            "gatepost_backup_timestamp_seconds",
            "When the latest scheduled backup was completed; 0 if there is none.",
        )
        self._backup_seconds = self._gauge(
            "gatepost_backup_duration_seconds", "How long the latest scheduled backup took."
        )
        self._backup_failures = self._counter(
            "gatepost_backup_failures", "Scheduled backups that failed."
        )
        self._backup_interval = self._gauge(
            "gatepost_backup_interval_seconds",
            "Time between two scheduled backups; 0 if there is no schedule.",
        )

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)


def age_group(age: timedelta) -> str:
    """Return the name of the group that an age belongs to."""
    return next((name for name, limit in AGES if age <= limit), OLDER)
