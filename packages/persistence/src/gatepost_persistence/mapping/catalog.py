"""Between rows and what the domain speaks of, both ways; deployments have a file of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from gatepost_domain.access.actor import person_key
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Login, Token, TokenKind, User, UserKind
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import (
    UNSET_TARGET,
    Check,
    Executor,
    ExecutorKind,
    ProgramRun,
    Ready,
    Simulated,
    Target,
    TargetSettings,
    Webhook,
    settings_told,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import Entry, Event, EventKind, canonical, utc_text
from gatepost_domain.ports.idempotency import Receipt
from gatepost_domain.status import Status
from gatepost_persistence.mapping.values import (
    Values,
    instant,
    instant_or_none,
    json_text,
    utc_or_none,
)

_grants = msgspec.json.Decoder(tuple[Grant, ...])
_texts = msgspec.json.Decoder(tuple[str, ...])
_headers = msgspec.json.Decoder(tuple[tuple[str, str], ...])
_policy = msgspec.json.Decoder(Policy)

_EXECUTORS: Final[Mapping[str, type[Executor]]] = {
    ExecutorKind.SIMULATED: Simulated,
    ExecutorKind.WEBHOOK: Webhook,
    ExecutorKind.COMMAND: ProgramRun,
}


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
    kind = _EXECUTORS[executor.pop("kind")]
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


def entry_values(entry: Entry) -> Values:
    event = entry.event
    return {
        "seq": entry.seq,
        "deployment_id": None if event.deployment_id is None else str(event.deployment_id),
        "kind": event.kind,
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "at": utc_text(event.at),
        "from_status": event.from_status,
        "to_status": event.to_status,
        "stage": event.stage,
        "note": event.note,
        "data": canonical(event.data).decode(),
        "prev_hash": entry.prev_hash,
        "deployment_prev_hash": entry.deployment_prev_hash,
        "hash": entry.hash,
    }


def entry_of(row: Any) -> Entry:
    data: Mapping[str, object] = json.loads(row.data)
    return Entry(
        seq=row.seq,
        event=Event(
            kind=EventKind(row.kind),
            actor=row.actor,
            at=instant(row.at),
            deployment_id=None if row.deployment_id is None else UUID(row.deployment_id),
            on_behalf_of=row.on_behalf_of,
            from_status=None if row.from_status is None else Status(row.from_status),
            to_status=None if row.to_status is None else Status(row.to_status),
            stage=row.stage,
            note=row.note,
            data=data,
        ),
        prev_hash=row.prev_hash,
        deployment_prev_hash=row.deployment_prev_hash,
        hash=row.hash,
    )


def user_values(user: User) -> Values:
    return {
        "key": user.key,
        "name": user.name,
        "kind": user.kind,
        "human": user.human,
        "created_at": utc_text(user.created_at),
        "created_by": user.created_by,
        **changing_user_values(user),
    }


def changing_user_values(user: User) -> Values:
    """What can be changed; a name, and whom it counts as, never can."""
    return {
        "grants": json_text(user.grants),
        "groups": json_text(user.groups),
        "disabled": user.disabled,
        "login_issuer": None if user.login is None else user.login.issuer,
        "login_subject": None if user.login is None else user.login.subject,
        "login_linked_by": None if user.login is None else user.login.linked_by,
        "revision": user.revision,
    }


def user_of(row: Any) -> User:
    return User(
        name=row.name,
        kind=UserKind(row.kind),
        human=row.human,
        grants=_grants.decode(row.grants),
        groups=_texts.decode(row.groups),
        disabled=bool(row.disabled),
        created_at=instant(row.created_at),
        created_by=row.created_by,
        revision=row.revision,
        login=None if row.login_issuer is None else _login(row),
    )


def _login(row: Any) -> Login:
    return Login(issuer=row.login_issuer, subject=row.login_subject, linked_by=row.login_linked_by)


def token_values(token: Token) -> Values:
    return {
        "id": str(token.id),
        "holder": person_key(token.user),
        "issuer": token.issuer,
        "digest": token.digest,
        "label": token.label,
        "scopes": None if token.scopes is None else json_text(token.scopes),
        "created_at": utc_text(token.created_at),
        "expires_at": utc_or_none(token.expires_at),
        "last_used_at": utc_or_none(token.last_used_at),
        "revoked_at": utc_or_none(token.revoked_at),
        "kind": token.kind,
        "parent": None if token.parent is None else str(token.parent),
    }


def token_of(row: Any, *, user: str) -> Token:
    return Token(
        id=UUID(row.id),
        user=user,
        issuer=row.issuer,
        digest=row.digest,
        label=row.label,
        scopes=None if row.scopes is None else _grants.decode(row.scopes),
        created_at=instant(row.created_at),
        expires_at=instant_or_none(row.expires_at),
        last_used_at=instant_or_none(row.last_used_at),
        revoked_at=instant_or_none(row.revoked_at),
        kind=TokenKind(row.kind),
        parent=None if row.parent is None else UUID(row.parent),
    )


def entry_as_written(row: Any) -> Entry:
    """The entry of a row, for an auditor.

    A row that we would not have written so, readable or not, comes as an entry without a hash,
    which no chain holds.
    """
    try:
        entry = entry_of(row)
        if bytes not in map(type, row) and entry_values(entry) == row._asdict():
            return entry
    except (OverflowError, RecursionError, TypeError, ValueError):
        pass
    return Entry(
        seq=row.seq,
        event=Event(kind=EventKind.REQUESTED, actor="", at=datetime.min.replace(tzinfo=UTC)),
        prev_hash=row.prev_hash,
        deployment_prev_hash=None,
        hash="",
    )


def receipt_values(receipt: Receipt) -> Values:
    return {
        "caller": receipt.caller,
        "key": receipt.key,
        "fingerprint": receipt.fingerprint,
        "status": receipt.status,
        "headers": json_text(receipt.headers),
        "body": receipt.body,
        "created_at": utc_text(receipt.created_at),
    }


def receipt_of(row: Any) -> Receipt:
    return Receipt(
        caller=row.caller,
        key=row.key,
        fingerprint=row.fingerprint,
        status=row.status,
        headers=_headers.decode(row.headers),
        body=row.body,
        created_at=instant(row.created_at),
    )
