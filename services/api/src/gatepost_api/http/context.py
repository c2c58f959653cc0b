"""What the controllers work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gatepost_api.http.change_signal import ChangeSignal
from gatepost_api.http.rate_limit import FailedAttemptCounter
from gatepost_api.oidc.providers import NO_TRUSTED_ISSUERS, TrustedIssuers
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """What the controllers work with."""

    ledger: Ledger
    reads: ReadModel
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    failed_attempts: FailedAttemptCounter
    storage_failure: Callable[[], Exception | None]
    """Why nothing more can be written; none while all is well."""
    trusted_issuers: TrustedIssuers = NO_TRUSTED_ISSUERS
    """Who may say who somebody is."""
    change_signal: ChangeSignal = field(default_factory=ChangeSignal)
    """What those who wait for something are told by."""
    is_shutting_down: Callable[[], bool] = lambda: False
    """Whether the server was told to stop, so that what would go on for ever ends."""
