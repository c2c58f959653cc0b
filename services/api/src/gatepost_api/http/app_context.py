"""The application context: what controllers depend on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from gatepost_api.http.caller_cache import CallerCache
from gatepost_api.http.change_signal import ChangeSignal
from gatepost_api.http.encoded_item_cache import EncodedItemCache
from gatepost_api.http.event_feed import EventFeed
from gatepost_api.http.export_slots import ExportSlots
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.http.identical_bytes_cache import IdenticalBytesCache
from gatepost_api.http.open_stream_limit import OpenStreams
from gatepost_api.http.pending_review_counts import PendingCounts
from gatepost_api.http.rate_limit import RateLimiter
from gatepost_api.http.request_spool_limit import SpoolSpace
from gatepost_api.http.response_cache import ResponseCache
from gatepost_api.http.shared_task import SharedTask
from gatepost_api.http.waiting_workers import WaitingWorkers
from gatepost_api.observability.metrics import Metrics
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.oidc.trusted_issuers import NO_TRUSTED_ISSUERS, TrustedIssuers
from gatepost_api.signing.checkpoint_folder import CheckpointFolder
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_api.signing.github_app import GitHubApp
from gatepost_domain.ports.audit import AuditReads, VerificationResult
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger


async def _find_no_obstacle() -> None:
    """Return None, as the default when there is nothing to check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """Everything that controllers depend on."""

    ledger: Ledger
    reads: ReadModel
    audit_reads: AuditReads
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    failed_attempts: FailedAttemptLimiter
    storage_failure: Callable[[], Exception | None]
    """Returns the error that prevents all writes until a restart, or None if writing works."""
    find_obstacle: Callable[[], Awaitable[str | None]] = _find_no_obstacle
    """Returns why nothing can be read or written, in one sentence, or None if both are possible."""
    readiness: SharedTask[str | None] = field(default_factory=SharedTask)
    """The readiness check in progress, shared by its callers."""
    trusted_issuers: TrustedIssuers = NO_TRUSTED_ISSUERS
    """The identity provider and the pipeline issuers whose tokens are accepted."""
    request_log: RequestLog | None = None
    """Writes a log line for each request. None if requests are not logged."""
    metrics: Metrics = field(default_factory=Metrics)
    """The metrics of this process."""
    change_signal: ChangeSignal = field(default_factory=ChangeSignal)
    """Wakes requests that are waiting for a change."""
    caller_cache: CallerCache = field(default_factory=CallerCache)
    """The authenticated callers of recent requests."""
    pending_counts: PendingCounts = field(default_factory=PendingCounts)
    """The number of pending reviews of each user."""
    encoded_deployments: EncodedItemCache = field(default_factory=EncodedItemCache)
    """The cached JSON of deployments that appeared on pages."""
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    """Cached responses, which stay valid until the next commit."""
    identical_bytes_cache: IdenticalBytesCache = field(default_factory=IdenticalBytesCache)
    """The requests that were answered with a cached response."""
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    """Limits the requests of each user."""
    open_streams: OpenStreams = field(default_factory=OpenStreams)
    """Counts the event streams of each user."""
    event_feed: EventFeed = field(default_factory=EventFeed)
    """The latest events, for all streams."""
    spool_space: SpoolSpace = field(default_factory=SpoolSpace)
    """The space for request bodies in temporary files."""
    checkpoint_signer: CheckpointSigner = field(
        default_factory=partial(CheckpointSigner.with_new_key, "unnamed")
    )
    """Signs checkpoints of the event log, with a key that is not stored by default."""
    checkpoint_folder: CheckpointFolder = field(default_factory=partial(CheckpointFolder, None))
    """The checkpoints that the server keeps; none by default."""
    verification: SharedTask[VerificationResult] = field(default_factory=SharedTask)
    """The verification in progress, shared by its callers."""
    address_for_people: str = "http://127.0.0.1:8000"
    """The URL at which people reach the server, without a trailing slash, for links in messages."""
    outgoing_allow: tuple[str, ...] = ()
    """The hosts and networks to which messages may be sent. If empty, only public addresses."""
    github_app: GitHubApp | None = None
    """The GitHub App that answers jobs; None if it is not configured."""
    waiting_workers: WaitingWorkers = field(default_factory=WaitingWorkers)
    """The workers that are waiting for a task."""
    export_slots: ExportSlots = field(default_factory=ExportSlots)
    """Limits the number of exports."""
    ingest_keep_days: int = 30
    """How long the payloads of deliveries are kept, in days."""
    is_shutting_down: Callable[[], bool] = lambda: False
    """Returns whether the server is shutting down, in which case streams end."""
