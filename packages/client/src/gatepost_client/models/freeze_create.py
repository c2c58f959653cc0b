from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.effect import Effect
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.freeze_scope_body import FreezeScopeBody


T = TypeVar("T", bound="FreezeCreate")


@_attrs_define
class FreezeCreate:
    """A period in which deployments in a scope cannot start, or a window in which they can.

    A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted. A
    recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone` from
    `starts_at`, which must be an occurrence of the rule.

    """

    reason: str
    """ The reason, which is shown to everyone whose deployment is blocked. """
    duration: None | str | Unset = UNSET
    """ The ISO 8601 duration of each occurrence, instead of `duration_s`. Days and weeks are calendar days and
    weeks in `timezone`: `P2D` from Saturday 00:00 ends on Monday 00:00, even if the clocks change. Hours, minutes
    and seconds are exact. """
    duration_s: int | None | Unset = UNSET
    """ The duration of each occurrence of a recurring freeze, in seconds. """
    effect: Effect | Unset = UNSET
    """ How a freeze affects starts in its scope. """
    ends_at: datetime.datetime | None | Unset = UNSET
    """ When the freeze ends. Null means that it lasts until lifted. Without an offset, it is a local time in
    `timezone`. """
    rrule: None | str | Unset = UNSET
    """ An RFC 5545 recurrence rule, without the `RRULE:` prefix. """
    scope: FreezeScopeBody | Unset = UNSET
    """ The scope of a freeze. An omitted field matches everything. """
    starts_at: datetime.datetime | None | Unset = UNSET
    """ When the freeze starts. Defaults to now or, with `rrule`, to the first occurrence of the rule. Without an
    offset, it is a local time in `timezone`. """
    timezone: str | Unset = UNSET
    """ The IANA name of the time zone for recurrences, calendar days and local times. """
    ttl: None | str | Unset = UNSET
    """ The ISO 8601 duration, instead of `ttl_s`. Days and weeks are calendar days and weeks in `timezone`. """
    ttl_s: int | None | Unset = UNSET
    """ The duration in seconds, instead of `ends_at`. """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        duration: None | str | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        duration_s: int | None | Unset
        if isinstance(self.duration_s, Unset):
            duration_s = UNSET
        else:
            duration_s = self.duration_s

        effect: str | Unset = UNSET
        if not isinstance(self.effect, Unset):
            effect = to_json(self.effect)

        ends_at: None | str | Unset
        if isinstance(self.ends_at, Unset):
            ends_at = UNSET
        elif isinstance(self.ends_at, datetime.datetime):
            ends_at = to_json(self.ends_at)
        else:
            ends_at = self.ends_at

        rrule: None | str | Unset
        if isinstance(self.rrule, Unset):
            rrule = UNSET
        else:
            rrule = self.rrule

        scope: dict[str, Any] | Unset = UNSET
        if not isinstance(self.scope, Unset):
            scope = to_json(self.scope)

        starts_at: None | str | Unset
        if isinstance(self.starts_at, Unset):
            starts_at = UNSET
        elif isinstance(self.starts_at, datetime.datetime):
            starts_at = to_json(self.starts_at)
        else:
            starts_at = self.starts_at

        timezone = self.timezone

        ttl: None | str | Unset
        if isinstance(self.ttl, Unset):
            ttl = UNSET
        else:
            ttl = self.ttl

        ttl_s: int | None | Unset
        if isinstance(self.ttl_s, Unset):
            ttl_s = UNSET
        else:
            ttl_s = self.ttl_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if duration is not UNSET:
            field_dict["duration"] = duration
        if duration_s is not UNSET:
            field_dict["duration_s"] = duration_s
        if effect is not UNSET:
            field_dict["effect"] = effect
        if ends_at is not UNSET:
            field_dict["ends_at"] = ends_at
        if rrule is not UNSET:
            field_dict["rrule"] = rrule
        if scope is not UNSET:
            field_dict["scope"] = scope
        if starts_at is not UNSET:
            field_dict["starts_at"] = starts_at
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if ttl is not UNSET:
            field_dict["ttl"] = ttl
        if ttl_s is not UNSET:
            field_dict["ttl_s"] = ttl_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.freeze_scope_body import FreezeScopeBody  # noqa: PLC0415

        d = dict(src_dict)
        reason = d.pop("reason")

        def _parse_duration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        def _parse_duration_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration_s = _parse_duration_s(d.pop("duration_s", UNSET))

        _effect = d.pop("effect", UNSET)
        effect: Effect | Unset
        if isinstance(_effect, Unset):
            effect = UNSET
        else:
            effect = Effect(_effect)

        def _parse_ends_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ends_at_type_0 = datetime.datetime.fromisoformat(data)

                return ends_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ends_at = _parse_ends_at(d.pop("ends_at", UNSET))

        def _parse_rrule(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        rrule = _parse_rrule(d.pop("rrule", UNSET))

        _scope = d.pop("scope", UNSET)
        scope: FreezeScopeBody | Unset
        if isinstance(_scope, Unset):
            scope = UNSET
        else:
            scope = FreezeScopeBody.from_dict(_scope)

        def _parse_starts_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                starts_at_type_0 = datetime.datetime.fromisoformat(data)

                return starts_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        starts_at = _parse_starts_at(d.pop("starts_at", UNSET))

        timezone = d.pop("timezone", UNSET)

        def _parse_ttl(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ttl = _parse_ttl(d.pop("ttl", UNSET))

        def _parse_ttl_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        ttl_s = _parse_ttl_s(d.pop("ttl_s", UNSET))

        freeze_create = cls(
            reason=reason,
            duration=duration,
            duration_s=duration_s,
            effect=effect,
            ends_at=ends_at,
            rrule=rrule,
            scope=scope,
            starts_at=starts_at,
            timezone=timezone,
            ttl=ttl,
            ttl_s=ttl_s,
        )

        return freeze_create
