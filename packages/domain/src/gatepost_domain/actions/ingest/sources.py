"""Setting up and removing ingest sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Final

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import build_identity
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.unattributed_pipeline_restrictions import (
    require_known_trigger_to_give_access,
)
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ingest.json_pointer import find_pointer_fault
from gatepost_domain.ingest.source import (
    FIXED_SCHEMES,
    IngestSignature,
    IngestSource,
    IngestSourceKind,
    SourceSettings,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork

MIN_SECRET_LENGTH: Final = 16
"""The minimum length of a secret, in characters."""
_NO_GITHUB_APP: Final = FieldError(
    field="requests",
    code="github_app_required",
    detail="Jobs are answered on behalf of a GitHub App, but the server has none. Start the "
    "server with GATEPOST_GITHUB_APP and GATEPOST_GITHUB_APP_KEY.",
)
UNKNOWN_SOURCE: Final = "ingest_source"
"""The resource kind named in the refusal if a source is not set up."""


def put_source(
    uow: UnitOfWork,
    kind: IngestSourceKind,
    settings: SourceSettings,
    command: Command,
    *,
    secret: str | None,
    salt: str,
    has_github_app: bool = True,
) -> IngestSource:
    """Set up a source, or change its settings. Without a secret, the stored one is kept.

    `salt` is random text, used for a new secret. Without a GitHub App, `settings.requests` is
    refused, because jobs cannot be answered.

    Raises:
        Forbidden: the actor may not configure Gatepost.
        ProposerUnknown: the actor is a pipeline triggered by an unknown person.
        ValidationFailed: a setting is invalid, or there is no secret.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE)
        require_known_trigger_to_give_access(resolved.actor)
    existing = uow.ingest.find_source(kind)
    faults = [*_secret_faults(secret, existing), *_settings_faults(uow, kind, settings)]
    if settings.requests is not None and not has_github_app:
        faults.append(_NO_GITHUB_APP)
    if faults:
        raise ValidationFailed(*faults)
    keeps_secret = existing is not None and secret in {None, existing.secret}
    if existing is not None and keeps_secret and existing.settings == settings:
        return existing
    identities = resolved.identities
    before = (existing.identity,) if existing is not None and keeps_secret else ()
    everybody = (*before, *identities)
    source = IngestSource(
        kind=kind,
        secret=existing.secret if existing is not None and secret is None else secret or "",
        salt=existing.salt if existing is not None and keeps_secret else salt,
        settings=settings,
        identity=build_identity((name for each in everybody for name in each.humans), *everybody),
        revision=1 if existing is None else existing.revision + 1,
        changed_at=command.at,
        changed_by=resolved.effective_actor_name,
    )
    uow.ingest.save_source(
        source,
        _source_event(
            EventKind.INGEST_SOURCE_CHANGED,
            resolved,
            source,
            revision=source.revision,
            settings=_settings_data(settings),
            secret_changed=not keeps_secret,
        ),
    )
    return source


def remove_source(uow: UnitOfWork, kind: IngestSourceKind, command: Command) -> IngestSource:
    """Remove a source and its secret. Its deliveries remain listed.

    Raises:
        Forbidden: the actor may not configure Gatepost.
        NotFound: the source is not set up.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE)
    source = require_source(uow, kind)
    event = _source_event(EventKind.INGEST_SOURCE_REMOVED, resolved, source)
    uow.ingest.remove_source(source, event)
    return source


def require_source(uow: UnitOfWork, kind: IngestSourceKind) -> IngestSource:
    """Return the source of this kind.

    Raises:
        NotFound: the source is not set up.
    """
    source = uow.ingest.find_source(kind)
    if source is None:
        raise NotFound(UNKNOWN_SOURCE, kind)
    return source


def _secret_faults(secret: str | None, existing: IngestSource | None) -> Iterator[FieldError]:
    if secret is None:
        if existing is None:
            yield FieldError(
                field="secret",
                code="secret_required",
                detail="A secret is required to set up a source.",
            )
    elif len(secret) < MIN_SECRET_LENGTH or not secret.isascii() or not secret.isprintable():
        yield FieldError(
            field="secret",
            code="weak_secret",
            detail=f"The secret must have at least {MIN_SECRET_LENGTH} printable ASCII characters. "
            "Use a random one, for example from `openssl rand -hex 32`.",
        )


def _settings_faults(
    uow: UnitOfWork, kind: IngestSourceKind, settings: SourceSettings
) -> Iterator[FieldError]:
    yield from _environment_faults(uow, settings)
    yield from _service_faults(uow, settings)
    yield from _mapping_faults(kind, settings)
    yield from _signature_faults(kind, settings)
    yield from _account_faults(uow, settings)
    yield from _request_faults(kind, settings)


def _environment_faults(uow: UnitOfWork, settings: SourceSettings) -> Iterator[FieldError]:
    known = {environment.name for environment in uow.environments.list_all()}
    maps: Mapping[str, Mapping[str, str | None]] = {
        "environment_map": settings.environment_map,
        "workflows": settings.workflows,
        "pipelines": settings.pipelines,
    }
    for field, entries in maps.items():
        for name, environment in entries.items():
            is_named_elsewhere = field != "environment_map" and (
                environment in settings.environment_map
            )
            if environment is None or environment in known or is_named_elsewhere:
                continue
            yield FieldError(
                field=f"{field}/{_escape_pointer(name)}",
                code="unknown_environment",
                detail=f"There is no environment {environment}.",
            )


def _service_faults(uow: UnitOfWork, settings: SourceSettings) -> Iterator[FieldError]:
    for name, service in settings.service_map.items():
        try:
            uow.services.get(service)
        except NotFound as error:
            yield FieldError(
                field=f"service_map/{_escape_pointer(name)}", code=error.code, detail=str(error)
            )


def _mapping_faults(kind: IngestSourceKind, settings: SourceSettings) -> Iterator[FieldError]:
    mapping = settings.mapping
    if mapping is None:
        if kind is IngestSourceKind.GENERIC:
            yield FieldError(
                field="mapping",
                code="mapping_required",
                detail="The generic source needs a mapping with service, environment and version.",
            )
        return
    if kind not in {IngestSourceKind.GENERIC, IngestSourceKind.ARGOCD}:
        yield FieldError(
            field="mapping",
            code="unused_setting",
            detail=f"Payloads of {kind} have a known shape; leave `mapping` out.",
        )
    for field, pointer in asdict(mapping).items():
        if not isinstance(pointer, str) or not pointer.startswith("/"):
            continue
        if (fault := find_pointer_fault(pointer)) is not None:
            yield FieldError(field=f"mapping/{field}", code="bad_pointer", detail=fault)
    if mapping.status is None and mapping.status_map:
        yield FieldError(
            field="mapping/status_map",
            code="unused_setting",
            detail="`status_map` has no effect without `status`; add the pointer to the status.",
        )


def _signature_faults(kind: IngestSourceKind, settings: SourceSettings) -> Iterator[FieldError]:
    for field, value in (
        ("signature", settings.signature),
        ("signature_header", settings.signature_header),
    ):
        if value is not None and kind in FIXED_SCHEMES:
            yield FieldError(
                field=field,
                code="unused_setting",
                detail=f"{kind} signs its deliveries in its own way; leave `{field}` out.",
            )
    if (
        settings.signature is IngestSignature.STANDARD_WEBHOOKS
        and settings.signature_header is not None
    ):
        yield FieldError(
            field="signature_header",
            code="unused_setting",
            detail="Standard Webhooks has its own headers; leave `signature_header` out.",
        )


def _account_faults(uow: UnitOfWork, settings: SourceSettings) -> Iterator[FieldError]:
    if settings.account is None:
        return
    user = uow.users.find_by_recorded_name(settings.account)
    if user is None or user.kind is not UserKind.SERVICE or user.disabled:
        yield FieldError(
            field="account",
            code="unknown_user",
            detail=f"There is no enabled service account {settings.account}.",
        )


def _request_faults(kind: IngestSourceKind, settings: SourceSettings) -> Iterator[FieldError]:
    if settings.requests is not None and kind is not IngestSourceKind.GITHUB:
        yield FieldError(
            field="requests",
            code="unused_setting",
            detail=f"{kind} has no deployment protection rules; leave `requests` out.",
        )


def _escape_pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _settings_data(settings: SourceSettings) -> dict[str, object]:
    """Return the settings as event data, leaving out those that are not set."""
    return {name: value for name, value in asdict(settings).items() if value not in (None, {})}


def _source_event(
    kind: EventKind, command: Command, source: IngestSource, /, **data: object
) -> Event:
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        data={"source": source.kind, **data},
    )
