"""The version of a target's settings with which a deployment is rolled out.

It is the one in force at the request, because the reviewers approve it together with the rest.
Deployments that older versions of Gatepost created keep none, and use the current settings.
"""

from __future__ import annotations

from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target, TargetSettings
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import WAITING_STATUSES


def load_consented_target(uow: UnitOfWork, deployment: Deployment) -> Target | None:
    """Return the target with the settings that a deployment keeps; None if it keeps none."""
    version, set_at = deployment.target_version, deployment.target_set_at
    if version is None or set_at is None:
        return None
    service, environment = deployment.service, deployment.environment
    return uow.target_settings.get_version(service, environment, version, set_at=set_at)


def load_consented_settings(uow: UnitOfWork, deployment: Deployment) -> TargetSettings:
    """Return the settings with which a worker must roll out a deployment."""
    target = load_consented_target(uow, deployment)
    if target is None and not _keeps_no_target(uow, deployment):
        target = uow.target_settings.find(deployment.service, deployment.environment)
    return DEFAULT_TARGET_SETTINGS if target is None else target.settings


def find_newer_target_version(uow: UnitOfWork, deployment: Deployment) -> int | None:
    """Return the current version of the settings if a waiting deployment will not use it."""
    if deployment.status not in WAITING_STATUSES:
        return None
    current = uow.target_settings.find(deployment.service, deployment.environment)
    if current is None or current.revision == deployment.target_version:
        return None
    is_bound = deployment.target_version is not None or _keeps_no_target(uow, deployment)
    return current.revision if is_bound else None


def _keeps_no_target(uow: UnitOfWork, deployment: Deployment) -> bool:
    """Return whether the target was not configured at the request, according to its event."""
    entries = uow.event_log.entries_of(deployment.id)
    return bool(entries) and "target_version" in entries[0].event.data
