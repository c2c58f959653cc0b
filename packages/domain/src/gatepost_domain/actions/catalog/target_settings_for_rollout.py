"""The version of a target's settings with which a deployment is rolled out.

A deployment always uses the version that was in force when it was requested, because reviewers
approve that version with the rest of the request. Deployments created by older versions of Gatepost
refer to no version and use the current settings.
"""

from __future__ import annotations

from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target, TargetSettings
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import WAITING_STATUSES


def load_consented_target(uow: UnitOfWork, deployment: Deployment) -> Target | None:
    """Return the target with the version of its settings for which the deployment was requested.

    Return None if the deployment refers to no version of the settings.
    """
    version, set_at = deployment.target_version, deployment.target_set_at
    if version is None or set_at is None:
        return None
    service, environment = deployment.service, deployment.environment
    return uow.target_settings.get_version(service, environment, version, set_at=set_at)


def load_consented_settings(uow: UnitOfWork, deployment: Deployment) -> TargetSettings:
    """Return the settings with which a worker must roll out a deployment."""
    target = load_consented_target(uow, deployment)
    if target is None and not _was_target_unconfigured(uow, deployment):
        target = uow.target_settings.find(deployment.service, deployment.environment)
    return DEFAULT_TARGET_SETTINGS if target is None else target.settings


def find_newer_settings_version(uow: UnitOfWork, deployment: Deployment) -> int | None:
    """Return the target's current settings version if a waiting deployment will not use it."""
    if deployment.status not in WAITING_STATUSES:
        return None
    current = uow.target_settings.find(deployment.service, deployment.environment)
    if current is None or current.revision == deployment.target_version:
        return None
    is_bound = deployment.target_version is not None or _was_target_unconfigured(uow, deployment)
    return current.revision if is_bound else None


def describe_settings_changed_since_last_run(uow: UnitOfWork, deployment: Deployment) -> str | None:
    """Return a note if a rollback uses different settings from the latest run of its version.

    Return None if the settings are the same, if those of either run are unknown, or if this is not
    a rollback.
    """
    if deployment.kind is not DeploymentKind.ROLLBACK or deployment.target_version is None:
        return None
    earlier = uow.deployments.list_ever_deployed(
        deployment.service, deployment.environment, deployment.version
    )
    known = [
        (other.deployed_at, other.number, other.target_version)
        for other in earlier
        if other.number < deployment.number
        and other.deployed_at is not None
        and other.rolled_back_at is None
        and other.target_version is not None
    ]
    if not known:
        return None
    _, number, version = max(known)
    if version == deployment.target_version:
        return None
    return (
        f"This rollback runs {deployment.version} with version {deployment.target_version} of the "
        f"target's settings; {format_number(number)}, which deployed {deployment.version} before, "
        f"ran with version {version}."
    )


def _was_target_unconfigured(uow: UnitOfWork, deployment: Deployment) -> bool:
    """Return whether the deployment's first event shows that its target was not configured."""
    entries = uow.event_log.entries_of(deployment.id)
    return bool(entries) and "target_version" in entries[0].event.data
