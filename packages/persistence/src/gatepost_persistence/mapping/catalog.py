"""Mapping between rows and services, versions, environments, policies and targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.executors import EXECUTORS
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import (
    DEFAULT_TARGET_SETTINGS,
    Check,
    ReadinessProbe,
    Target,
    TargetSettings,
    settings_to_json,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.values import (
    RowValues,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)

_policy_decoder = msgspec.json.Decoder(Policy)


def service_to_row(service: Service) -> RowValues:
    return {
        "name": service.name,
        "created_at": to_rfc3339(service.created_at),
        "created_by": service.created_by,
        **service_mutable_values(service),
    }


def service_mutable_values(service: Service) -> RowValues:
    """Return the columns that an update of a service may change, with their new values."""
    return {
        "team": service.team,
        "repo_url": service.repo_url,
        "display_name": service.display_name,
        "description": service.description,
        "revision": service.revision,
        "archived_at": format_optional_instant(service.archived_at),
    }


def service_from_row(row: Any) -> Service:
    return Service(
        name=row.name,
        team=row.team,
        repo_url=row.repo_url,
        display_name=row.display_name,
        description=row.description,
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        archived_at=parse_optional_instant(row.archived_at),
    )


def version_to_row(version: Version) -> RowValues:
    return {
        "service": version.service,
        "version": version.version,
        "commit_sha": version.commit_sha,
        "committed_at": format_optional_instant(version.committed_at),
        "artifact_digest": version.artifact_digest,
        "notes": version.notes,
        "created_at": to_rfc3339(version.created_at),
        "created_by": version.created_by,
    }


def version_from_row(row: Any) -> Version:
    return Version(
        service=row.service,
        version=row.version,
        commit_sha=row.commit_sha,
        committed_at=parse_optional_instant(row.committed_at),
        artifact_digest=row.artifact_digest,
        notes=row.notes,
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
    )


def environment_to_row(environment: Environment) -> RowValues:
    return {
        "name": environment.name,
        "policy_version": environment.policy_version,
        "created_at": to_rfc3339(environment.created_at),
        "created_by": environment.created_by,
        **environment_mutable_values(environment),
    }


def environment_mutable_values(environment: Environment) -> RowValues:
    """Return the columns that an update may change; the active policy is updated separately."""
    return {
        "display_name": environment.display_name,
        "tier": environment.tier,
        "rank": environment.rank,
        "revision": environment.revision,
        "archived_at": format_optional_instant(environment.archived_at),
        "was_production": environment.was_production or None,
    }


def environment_from_row(row: Any) -> Environment:
    return Environment(
        name=row.name,
        display_name=row.display_name,
        tier=Tier(row.tier),
        rank=row.rank,
        policy_version=row.policy_version,
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        archived_at=parse_optional_instant(row.archived_at),
        was_production=bool(row.was_production),
    )


def policy_to_row(policy: PolicyVersion) -> RowValues:
    return {
        "environment": policy.environment,
        "version": policy.version,
        "policy": encode_json(policy.policy),
        "created_at": to_rfc3339(policy.created_at),
        "created_by": policy.created_by,
    }


def policy_from_row(row: Any) -> PolicyVersion:
    return PolicyVersion(
        environment=row.environment,
        version=row.version,
        policy=_policy_decoder.decode(row.policy),
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
    )


def target_to_row(target: Target) -> RowValues:
    return {
        "service": target.service,
        "environment": target.environment,
        "revision": target.revision,
        "settings": target_settings_to_json(target.settings),
        "changed_at": to_rfc3339(target.changed_at),
        "changed_by": target.changed_by,
    }


def target_settings_to_json(settings: TargetSettings) -> str:
    """Return a target's settings as the JSON text that is stored."""
    return encode_json(settings_to_json(settings))


def target_settings_from_json(text: str | bytes) -> TargetSettings:
    """Return a target's settings from the JSON text that is stored."""
    return _settings_from_json(msgspec.json.decode(text))


def target_from_row(row: Any) -> Target:
    return Target(
        service=row.service,
        environment=row.environment,
        settings=target_settings_from_json(row.settings),
        revision=row.revision,
        changed_at=parse_instant(row.changed_at),
        changed_by=row.changed_by,
    )


def target_from_event(event: Event) -> Target:
    """Return the target with the settings that a `target_changed` event recorded."""
    data: Mapping[str, Any] = event.data
    return Target(
        service=data["service"],
        environment=data["environment"],
        settings=_settings_from_json(data),
        revision=data["revision"],
        changed_at=event.at,
        changed_by=event.actor,
    )


def _settings_from_json(settings: Mapping[str, Any]) -> TargetSettings:
    executor = dict(settings["executor"])
    kind = EXECUTORS[executor.pop("kind")]
    return TargetSettings(
        base_url=settings["base_url"],
        executor=msgspec.convert(executor, kind),
        ready=msgspec.convert(settings["ready"], ReadinessProbe | None),
        checks=msgspec.convert(settings["checks"], tuple[Check, ...]),
        deadline_s=settings.get("deadline_s", DEFAULT_TARGET_SETTINGS.deadline_s),
    )
