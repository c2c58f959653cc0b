"""What the controllers work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gatepost_api.http.change_signal import Changes
from gatepost_api.http.rate_limit import FailedAttempts
from gatepost_api.oidc.providers import NOBODY, Trusted
from gatepost_domain.ports.reads import Reads
from gatepost_domain.ports.unit_of_work import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the controllers work with."""

    ledger: Ledger
    reads: Reads
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    failed_attempts: FailedAttempts
    storage_failure: Callable[[], Exception | None]
    """Why nothing more can be written; none while all is well."""
    trusted: Trusted = NOBODY
    """Who may say who somebody is."""
    changes: Changes = field(default_factory=Changes)
    """What those who wait for something are told by."""
    is_ending: Callable[[], bool] = lambda: False
    """Whether the server was told to stop, so that what would go on for ever ends."""
