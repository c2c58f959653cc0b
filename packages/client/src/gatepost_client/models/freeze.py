from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.effect import Effect
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.freeze_period import FreezePeriod
    from ..models.freeze_scope import FreezeScope


T = TypeVar("T", bound="Freeze")


@_attrs_define
class Freeze:
    """A period in which deployments in a scope cannot start, or a window in which they can."""

    active: bool
    """ Whether the freeze is active at the time of the response. """
    created_at: datetime.datetime
    """ When the freeze was imposed. """
    created_by: str
    """ Who imposed the freeze. """
    duration: None | str
    """ The ISO 8601 duration of each occurrence; days and weeks are calendar days and weeks in `timezone`. Null if
    the freeze does not recur. """
    duration_s: int | None
    """ The duration of each occurrence in seconds. Null if `duration` has days or weeks, or the freeze does not
    recur. """
    effect: Effect
    """ How a freeze affects starts in its scope. """
    ends_at: datetime.datetime | None
    """ When the freeze ends, including all recurrences. Null if it lasts until lifted. """
    id: UUID
    """ The id of the freeze. """
    lift_reason: None | str
    """ Why the freeze was lifted. Null if it has not been lifted, or if no reason was given. """
    lifted_at: datetime.datetime | None
    """ When the freeze was lifted. Null if it has not been lifted. """
    lifted_by: None | str
    """ Who lifted the freeze. Null if it has not been lifted. """
    next_: list[FreezePeriod]
    """ The periods that are active or upcoming at the time of the response; at most five. """
    reason: str
    """ The reason, which is shown to everyone whose deployment is blocked. """
    rrule: None | str
    """ The RFC 5545 recurrence rule. Null if the freeze does not recur. """
    scope: FreezeScope
    """ The scope of a freeze. A null field matches everything. """
    series: None | str
    """ The name of the import series that the freeze belongs to. Null if the freeze was not imported. """
    series_uid: None | str
    """ The UID of the freeze's event in the imported calendar. Null if the freeze was not imported. """
    starts_at: datetime.datetime
    """ When the freeze starts. """
    timezone: str
    """ The IANA time zone of the recurrence rule. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        active = self.active

        created_at = to_json(self.created_at)

        created_by = self.created_by

        duration: None | str
        duration = self.duration

        duration_s: int | None
        duration_s = self.duration_s

        effect = to_json(self.effect)

        ends_at: None | str
        if isinstance(self.ends_at, datetime.datetime):
            ends_at = to_json(self.ends_at)
        else:
            ends_at = self.ends_at

        id = str(self.id)

        lift_reason: None | str
        lift_reason = self.lift_reason

        lifted_at: None | str
        if isinstance(self.lifted_at, datetime.datetime):
            lifted_at = to_json(self.lifted_at)
        else:
            lifted_at = self.lifted_at

        lifted_by: None | str
        lifted_by = self.lifted_by

        next_ = []
        for next_item_data in self.next_:
            next_item = to_json(next_item_data)
            next_.append(next_item)

        reason = self.reason

        rrule: None | str
        rrule = self.rrule

        scope = to_json(self.scope)

        series: None | str
        series = self.series

        series_uid: None | str
        series_uid = self.series_uid

        starts_at = to_json(self.starts_at)

        timezone = self.timezone

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active": active,
                "created_at": created_at,
                "created_by": created_by,
                "duration": duration,
                "duration_s": duration_s,
                "effect": effect,
                "ends_at": ends_at,
                "id": id,
                "lift_reason": lift_reason,
                "lifted_at": lifted_at,
                "lifted_by": lifted_by,
                "next": next_,
                "reason": reason,
                "rrule": rrule,
                "scope": scope,
                "series": series,
                "series_uid": series_uid,
                "starts_at": starts_at,
                "timezone": timezone,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.freeze_period import FreezePeriod  # noqa: PLC0415
        from ..models.freeze_scope import FreezeScope  # noqa: PLC0415

        d = dict(src_dict)
        active = d.pop("active")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        def _parse_duration(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        duration = _parse_duration(d.pop("duration", None))

        def _parse_duration_s(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        duration_s = _parse_duration_s(d.pop("duration_s", None))

        effect = Effect(d.pop("effect"))

        def _parse_ends_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ends_at_type_0 = datetime.datetime.fromisoformat(data)

                return ends_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ends_at = _parse_ends_at(d.pop("ends_at", None))

        id = UUID(d.pop("id"))

        def _parse_lift_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        lift_reason = _parse_lift_reason(d.pop("lift_reason", None))

        def _parse_lifted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lifted_at_type_0 = datetime.datetime.fromisoformat(data)

                return lifted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        lifted_at = _parse_lifted_at(d.pop("lifted_at", None))

        def _parse_lifted_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        lifted_by = _parse_lifted_by(d.pop("lifted_by", None))

        next_ = []
        _next_ = d.pop("next")
        for next_item_data in _next_:
            next_item = FreezePeriod.from_dict(next_item_data)

            next_.append(next_item)

        reason = d.pop("reason")

        def _parse_rrule(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rrule = _parse_rrule(d.pop("rrule", None))

        scope = FreezeScope.from_dict(d.pop("scope"))

        def _parse_series(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        series = _parse_series(d.pop("series", None))

        def _parse_series_uid(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        series_uid = _parse_series_uid(d.pop("series_uid", None))

        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))

        timezone = d.pop("timezone")

        freeze = cls(
            active=active,
            created_at=created_at,
            created_by=created_by,
            duration=duration,
            duration_s=duration_s,
            effect=effect,
            ends_at=ends_at,
            id=id,
            lift_reason=lift_reason,
            lifted_at=lifted_at,
            lifted_by=lifted_by,
            next_=next_,
            reason=reason,
            rrule=rrule,
            scope=scope,
            series=series,
            series_uid=series_uid,
            starts_at=starts_at,
            timezone=timezone,
        )

        freeze.additional_properties = d
        return freeze

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
