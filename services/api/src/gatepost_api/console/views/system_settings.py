"""Server settings as shown on the system page, without secrets or paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gatepost_api.observability.metrics import Metrics
from gatepost_api.oidc.trusted_issuers import TrustedIssuers
from gatepost_api.schemas.role_grant import GrantBody
from gatepost_api.settings.oidc import PipelineRule


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """The schedule and results of the server's own backups."""

    every: timedelta
    latest_at: datetime | None
    """When the latest backup was made; None if there is no backup yet."""
    failures: int
    """How many backups have failed since this server process started."""


def backup_state(metrics: Metrics) -> BackupState | None:
    """Return the state of the scheduled backups, or None if none are scheduled."""
    interval_s = _value(metrics, "gatepost_backup_interval_seconds")
    if not interval_s:
        return None
    latest = _value(metrics, "gatepost_backup_timestamp_seconds")
    return BackupState(
        every=timedelta(seconds=interval_s),
        latest_at=datetime.fromtimestamp(latest, UTC) if latest else None,
        failures=int(_value(metrics, "gatepost_backup_failures_total")),
    )


def pipeline_rules(issuers: TrustedIssuers) -> tuple[PipelineRule, ...]:
    """Return the rules of all pipeline issuers, in the order in which the settings list them."""
    return tuple(rule for pipeline in issuers.pipelines for rule in pipeline.rules)


def describe_grants(grants: Iterable[GrantBody]) -> str:
    """Return a text such as "requester for shop, operator in test"; without grants, "read only"."""
    return ", ".join(map(_describe_grant, grants)) or "read only"


def _describe_grant(grant: GrantBody) -> str:
    text = grant.role.value.replace("_", " ")
    text += f" for {grant.service}" if grant.service else ""
    return text + (f" in {grant.environment}" if grant.environment else "")


def _value(metrics: Metrics, name: str) -> float:
    return metrics.registry.get_sample_value(name) or 0.0
