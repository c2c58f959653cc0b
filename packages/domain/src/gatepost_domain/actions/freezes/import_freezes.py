"""Importing a calendar's events as a series of freezes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import auto_start_waiting_in_all_lanes
from gatepost_domain.actions.freezes.freezes import require_known_scope
from gatepost_domain.event import Event, EventKind
from gatepost_domain.freezes.calendar_event import CalendarPeriod
from gatepost_domain.freezes.evaluation import has_ended
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.ports.unit_of_work import UnitOfWork

REPLACED: Final = "Replaced by a later import of the calendar."
REMOVED: Final = "No longer in the calendar."


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeImport:
    """A request to import a calendar's events as freezes in a scope."""

    series: str
    """The name of the series; importing under the same name again updates it."""
    scope: FreezeScope
    effect: Effect
    reason: str | None
    """The reason for every freeze; None to use each event's summary."""
    events: Mapping[str, Sequence[CalendarPeriod]]
    """Maps the UID of each event to its periods."""
    remove_missing: bool
    """Whether to lift the freezes in the series whose events are missing from the calendar."""
    digest: str
    """The SHA-256 digest of the file, in hexadecimal."""


@dataclass(slots=True, kw_only=True)
class ImportedFreezes:
    """The result of an import: event UIDs by what was done, and the freezes added and lifted."""

    series: str
    created: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    unchanged: list[str] = field(default_factory=list[str])
    lifted: list[str] = field(default_factory=list[str])
    past: list[str] = field(default_factory=list[str])
    """The events that have ended, and therefore have no freeze."""
    added_freezes: list[Freeze] = field(default_factory=list[Freeze])
    lifted_freezes: list[Freeze] = field(default_factory=list[Freeze])


def import_freezes(
    uow: UnitOfWork, request: FreezeImport, command: Command, *, new_id: Callable[[], UUID]
) -> ImportedFreezes:
    """Make a series of freezes match a calendar's events.

    Freezes for unchanged events are kept. Freezes for changed events are lifted and replaced. With
    `remove_missing`, freezes for missing events are lifted.

    Raises:
        ValidationFailed: the scope names an unknown service or environment.
        Forbidden: the actor may not create freezes in the scope.
    """
    resolved, scope = authorize_import(uow, request.scope, command), request.scope
    existing = defaultdict[str, list[Freeze]](list)
    for freeze in uow.freezes.list_current_and_future(resolved.at):
        is_same_series = freeze.series == request.series and freeze.scope == scope
        if is_same_series and freeze.series_uid and not has_ended(freeze, resolved.at):
            existing[freeze.series_uid].append(freeze)
    result = ImportedFreezes(series=request.series)
    series = _Import(request=request, command=resolved, new_id=new_id, result=result)
    for uid, periods in request.events.items():
        series.import_event(uid, periods, existing.pop(uid, []))
    if request.remove_missing:
        for uid, freezes in existing.items():
            result.lifted.append(uid)
            series.lift(freezes, REMOVED)
    if result.added_freezes or result.lifted_freezes:
        uow.freezes.save_series(
            result.added_freezes, result.lifted_freezes, _event(request, resolved, result)
        )
        auto_start_waiting_in_all_lanes(uow, at=resolved.at, new_id=new_id)
    return result


def authorize_import(uow: UnitOfWork, scope: FreezeScope, command: Command) -> Command:
    """Return the command with its actor resolved, if the actor may create freezes in the scope.

    Raises:
        ValidationFailed: the scope names an unknown service or environment.
        Forbidden: the actor may not create freezes in the scope.
    """
    require_known_scope(uow, scope, parent="query")
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(
            resolved.actor, Right.FREEZE, service=scope.service, environment=scope.environment
        )
    return resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """An import in progress."""

    request: FreezeImport
    command: Command
    new_id: Callable[[], UUID]
    result: ImportedFreezes

    def import_event(
        self, uid: str, periods: Sequence[CalendarPeriod], existing: Sequence[Freeze]
    ) -> None:
        """Update an event's freezes to match its periods."""
        freezes = [self._build_freeze(period, uid) for period in periods]
        wanted = {
            _content(freeze): freeze for freeze in freezes if not has_ended(freeze, self.command.at)
        }
        stored = {_content(freeze): freeze for freeze in existing}
        result = self.result
        if not wanted and not stored:
            result.past.append(uid)
        elif wanted.keys() == stored.keys():
            result.unchanged.append(uid)
        else:
            (result.changed if stored else result.created).append(uid)
            result.added_freezes += [wanted[key] for key in wanted if key not in stored]
            self.lift([stored[key] for key in stored if key not in wanted], REPLACED)

    def lift(self, freezes: Iterable[Freeze], reason: str) -> None:
        """Lift these freezes, giving the reason."""
        self.result.lifted_freezes += [
            replace(
                freeze,
                lifted_at=self.command.at,
                lifted_by=self.command.effective_actor_name,
                lift_reason=reason,
            )
            for freeze in freezes
        ]

    def _build_freeze(self, period: CalendarPeriod, uid: str) -> Freeze:
        request = self.request
        return Freeze(
            id=self.new_id(),
            effect=request.effect,
            scope=request.scope,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            rrule=period.rrule,
            duration=period.duration,
            timezone=period.timezone,
            reason=request.reason or period.summary,
            created_at=self.command.at,
            created_by=self.command.effective_actor_name,
            series=request.series,
            series_uid=uid,
        )


def _content(freeze: Freeze) -> tuple[object, ...]:
    """Return the values that identify a freeze's content, for comparison."""
    return (
        freeze.effect,
        freeze.reason,
        freeze.starts_at,
        freeze.ends_at,
        freeze.rrule,
        freeze.duration,
        freeze.timezone,
    )


def _event(request: FreezeImport, command: Command, result: ImportedFreezes) -> Event:
    scope = request.scope
    return Event(
        kind=EventKind.FREEZES_IMPORTED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=request.reason,
        data={
            "series": request.series,
            "digest": request.digest,
            "effect": request.effect,
            "scope": {
                "service": scope.service,
                "environment": scope.environment,
                "tier": scope.tier,
            },
            "created": len(result.created),
            "changed": len(result.changed),
            "unchanged": len(result.unchanged),
            "lifted": len(result.lifted),
        },
    )
