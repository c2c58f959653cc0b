"""Between rows and what the domain speaks of, both ways; deployments have a file of their own."""

from __future__ import annotations

from typing import Any

import msgspec

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.executors import EXECUTORS
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import (
    UNSET_TARGET,
    Check,
    Ready,
    Target,
    TargetSettings,
    settings_told,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import utc_text
from gatepost_persistence.mapping.values import (
    Values,
    instant,
    instant_or_none,
    json_text,
    utc_or_none,
)

_texts = msgspec.json.Decoder(tuple[str, ...])
_policy = msgspec.json.Decoder(Policy)


def service_values(service: Service) -> Values:
    return {
        "name": service.name,
        "created_at": utc_text(service.created_at),
        "created_by": service.created_by,
        **changing_service_values(service),
    }


def changing_service_values(service: Service) -> Values:
    """What a change may change; the rest stands as it was registered."""
    return {
        "team": service.team,
        "repo_url": service.repo_url,
        "display_name": service.display_name,
        "description": service.description,
        "revision": service.revision,
        "archived_at": utc_or_none(service.archived_at),
    }


def service_of(row: Any) -> Service:
    return Service(
        name=row.name,
        team=row.team,
        repo_url=row.repo_url,
        display_name=row.display_name,
        description=row.description,
        created_at=instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        archived_at=instant_or_none(row.archived_at),
    )


def version_values(version: Version) -> Values:
    return {
        "service": version.service,
        "version": version.version,
        "commit_sha": version.commit_sha,
        "committed_at": utc_or_none(version.committed_at),
        "artifact_digest": version.artifact_digest,
        "notes": version.notes,
        "created_at": utc_text(version.created_at),
        "created_by": version.created_by,
    }


def version_of(row: Any) -> Version:
    return Version(
        service=row.service,
        version=row.version,
        commit_sha=row.commit_sha,
        committed_at=instant_or_none(row.committed_at),
        artifact_digest=row.artifact_digest,
        notes=row.notes,
        created_at=instant(row.created_at),
        created_by=row.created_by,
    )


def environment_values(environment: Environment) -> Values:
    return {
        "name": environment.name,
        "tier": environment.tier,
        "policy_version": environment.policy_version,
        "created_at": utc_text(environment.created_at),
        "created_by": environment.created_by,
        **changing_environment_values(environment),
    }


def changing_environment_values(environment: Environment) -> Values:
    """What a change may change; the rest stands as it was made, but for its policy."""
    return {
        "display_name": environment.display_name,
        "rank": environment.rank,
        "revision": environment.revision,
        "archived_at": utc_or_none(environment.archived_at),
    }


def environment_of(row: Any) -> Environment:
    return Environment(
        name=row.name,
        display_name=row.display_name,
        tier=Tier(row.tier),
        rank=row.rank,
        policy_version=row.policy_version,
        created_at=instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        archived_at=instant_or_none(row.archived_at),
    )


def policy_values(policy: PolicyVersion) -> Values:
    return {
        "environment": policy.environment,
        "version": policy.version,
        "policy": json_text(policy.policy),
        "created_at": utc_text(policy.created_at),
        "created_by": policy.created_by,
    }


def policy_of(row: Any) -> PolicyVersion:
    return PolicyVersion(
        environment=row.environment,
        version=row.version,
        policy=_policy.decode(row.policy),
        created_at=instant(row.created_at),
        created_by=row.created_by,
    )


def target_values(target: Target) -> Values:
    return {
        "service": target.service,
        "environment": target.environment,
        "revision": target.revision,
        "settings": json_text(settings_told(target.settings)),
        "changed_at": utc_text(target.changed_at),
        "changed_by": target.changed_by,
    }


def target_of(row: Any) -> Target:
    settings = msgspec.json.decode(row.settings)
    executor = settings.pop("executor")
    kind = EXECUTORS[executor.pop("kind")]
    return Target(
        service=row.service,
        environment=row.environment,
        settings=TargetSettings(
            base_url=settings["base_url"],
            executor=msgspec.convert(executor, kind),
            ready=msgspec.convert(settings["ready"], Ready | None),
            checks=msgspec.convert(settings["checks"], tuple[Check, ...]),
            deadline_s=settings.get("deadline_s", UNSET_TARGET.deadline_s),
        ),
        revision=row.revision,
        changed_at=instant(row.changed_at),
        changed_by=row.changed_by,
    )
