"""Between rows and what the domain speaks of, both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from gatepost_domain.actor import Identity, person_key
from gatepost_domain.catalog import Environment, PolicyVersion, Service, Version
from gatepost_domain.deployment import Approval, Deployment, Hiding, Kind
from gatepost_domain.event import Entry, Event, EventKind, canonical, utc_text
from gatepost_domain.identity import Login, Token, TokenKind, User, UserKind
from gatepost_domain.policy import Policy, Tier
from gatepost_domain.ports import Receipt
from gatepost_domain.rights import Grant
from gatepost_domain.status import CancelReason, Status
from gatepost_domain.target import (
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

Values = dict[str, object]
"""Column names and what goes into them."""

_approvals = msgspec.json.Decoder(tuple[Approval, ...])
_grants = msgspec.json.Decoder(tuple[Grant, ...])
_identities = msgspec.json.Decoder(tuple[Identity, ...])
_texts = msgspec.json.Decoder(tuple[str, ...])
_headers = msgspec.json.Decoder(tuple[tuple[str, str], ...])
_policy = msgspec.json.Decoder(Policy)

_EXECUTORS: Final[Mapping[str, type[Executor]]] = {
    ExecutorKind.SIMULATED: Simulated,
    ExecutorKind.WEBHOOK: Webhook,
    ExecutorKind.COMMAND: ProgramRun,
}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _utc_or_none(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)


def instant(value: str) -> datetime:
    """An instant as it is stored."""
    return datetime.fromisoformat(value)


def _instant_or_none(value: str | None) -> datetime | None:
    return None if value is None else instant(value)


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
        "archived_at": _utc_or_none(service.archived_at),
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
        archived_at=_instant_or_none(row.archived_at),
    )


def version_values(version: Version) -> Values:
    return {
        "service": version.service,
        "version": version.version,
        "commit_sha": version.commit_sha,
        "committed_at": _utc_or_none(version.committed_at),
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
        committed_at=_instant_or_none(row.committed_at),
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
        "archived_at": _utc_or_none(environment.archived_at),
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
        archived_at=_instant_or_none(row.archived_at),
    )


def policy_values(policy: PolicyVersion) -> Values:
    return {
        "environment": policy.environment,
        "version": policy.version,
        "policy": _text(policy.policy),
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
        "settings": _text(settings_told(target.settings)),
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
        ),
        revision=row.revision,
        changed_at=instant(row.changed_at),
        changed_by=row.changed_by,
    )


def deployment_values(deployment: Deployment) -> Values:
    return {
        "number": deployment.number,
        "id": str(deployment.id),
        "kind": deployment.kind,
        "service": deployment.service,
        "environment": deployment.environment,
        "tier": deployment.tier,
        "version": deployment.version,
        "artifact_digest": deployment.artifact_digest,
        "requester": deployment.requester,
        "on_behalf_of": deployment.on_behalf_of,
        "identities": _text(deployment.identities),
        "work_references": _text(deployment.work_references),
        "risk": deployment.risk,
        "rollback_plan": deployment.rollback_plan,
        "notes": deployment.notes,
        "policy_version": deployment.policy_version,
        "auto_start": deployment.auto_start,
        "created_at": utc_text(deployment.created_at),
        "external_id": deployment.external_id,
        "unreviewed": deployment.unreviewed,
        "import_seq": deployment.import_seq,
        **changing_values(deployment),
    }


def changing_values(deployment: Deployment) -> Values:
    """What a move may change; the rest stands as it was asked for."""
    build_id, hidden = deployment.build_id, deployment.hidden
    return {
        "revision": deployment.revision,
        "status": deployment.status,
        "cancel_reason": deployment.cancel_reason,
        "superseded_by": None
        if deployment.superseded_by is None
        else str(deployment.superseded_by),
        "approvals": _text(deployment.approvals),
        "reviewed_by": deployment.reviewed_by,
        "reviewed_at": _utc_or_none(deployment.reviewed_at),
        "build_id": None if build_id is None else str(build_id),
        "attempt": deployment.attempt,
        "worker": deployment.worker,
        "approved_at": _utc_or_none(deployment.approved_at),
        "queued_at": _utc_or_none(deployment.queued_at),
        "started_at": _utc_or_none(deployment.started_at),
        "finished_at": _utc_or_none(deployment.finished_at),
        "deployed_at": _utc_or_none(deployment.deployed_at),
        "deployed_by": deployment.deployed_by,
        "rolled_back_at": _utc_or_none(deployment.rolled_back_at),
        "hidden_at": None if hidden is None else utc_text(hidden.at),
        "hidden_by": None if hidden is None else hidden.actor,
        "hidden_reason": None if hidden is None else hidden.reason,
    }


def deployment_of(row: Any) -> Deployment:
    return Deployment(
        id=UUID(row.id),
        number=row.number,
        kind=Kind(row.kind),
        service=row.service,
        environment=row.environment,
        tier=Tier(row.tier),
        version=row.version,
        artifact_digest=row.artifact_digest,
        requester=row.requester,
        on_behalf_of=row.on_behalf_of,
        identities=_identities.decode(row.identities),
        work_references=_texts.decode(row.work_references),
        risk=row.risk,
        rollback_plan=row.rollback_plan,
        notes=row.notes,
        policy_version=row.policy_version,
        auto_start=bool(row.auto_start),
        created_at=instant(row.created_at),
        revision=row.revision,
        status=Status(row.status),
        cancel_reason=None if row.cancel_reason is None else CancelReason(row.cancel_reason),
        superseded_by=None if row.superseded_by is None else UUID(row.superseded_by),
        approvals=_approvals.decode(row.approvals),
        reviewed_by=row.reviewed_by,
        reviewed_at=_instant_or_none(row.reviewed_at),
        build_id=None if row.build_id is None else UUID(row.build_id),
        attempt=row.attempt,
        worker=row.worker,
        approved_at=_instant_or_none(row.approved_at),
        queued_at=_instant_or_none(row.queued_at),
        started_at=_instant_or_none(row.started_at),
        finished_at=_instant_or_none(row.finished_at),
        deployed_at=_instant_or_none(row.deployed_at),
        deployed_by=row.deployed_by,
        rolled_back_at=_instant_or_none(row.rolled_back_at),
        external_id=row.external_id,
        unreviewed=bool(row.unreviewed),
        import_seq=row.import_seq,
        hidden=_hiding_of(row),
    )


def _hiding_of(row: Any) -> Hiding | None:
    if row.hidden_at is None:
        return None
    return Hiding(actor=row.hidden_by, at=instant(row.hidden_at), reason=row.hidden_reason)


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
        "grants": _text(user.grants),
        "groups": _text(user.groups),
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
        "scopes": None if token.scopes is None else _text(token.scopes),
        "created_at": utc_text(token.created_at),
        "expires_at": _utc_or_none(token.expires_at),
        "last_used_at": _utc_or_none(token.last_used_at),
        "revoked_at": _utc_or_none(token.revoked_at),
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
        expires_at=_instant_or_none(row.expires_at),
        last_used_at=_instant_or_none(row.last_used_at),
        revoked_at=_instant_or_none(row.revoked_at),
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
        "headers": _text(receipt.headers),
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
