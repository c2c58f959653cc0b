from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.settings_change_state import SettingsChangeState
from ..models.settings_kind import SettingsKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.settings_change_details import SettingsChangeDetails


T = TypeVar("T", bound="SettingsChange")


@_attrs_define
class SettingsChange:
    """A change to guarded settings, which is applied when another admin approves it."""

    can_approve: bool
    """ Whether the caller can approve the change: it is pending, and the caller may make such changes and is
    independent of the person who requested it. """
    change: SettingsChangeDetails
    """ What a settings change would change: the operation, and the settings before and after it. """
    decided_at: datetime.datetime | None
    """ When the change was decided on. Null while it is pending. """
    decided_by: None | str
    """ Who decided on the change. Null while it is pending. """
    id: UUID
    """ The id of the settings change. """
    kind: SettingsKind
    """ What a settings change concerns. """
    note: None | str
    """ The note of the decision or, if the change is stale, why it could not be applied. """
    reason: None | str
    """ Why the change was requested. """
    requested_at: datetime.datetime
    """ When the change was requested. """
    requested_by: str
    """ Who requested the change. """
    state: SettingsChangeState
    """ Whether a settings change was decided, and how. """
    subject: str
    """ What the change concerns: the environment, the user, or the service and environment, such as `shop in
    production`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        can_approve = self.can_approve

        change = to_json(self.change)

        decided_at: None | str
        if isinstance(self.decided_at, datetime.datetime):
            decided_at = to_json(self.decided_at)
        else:
            decided_at = self.decided_at

        decided_by: None | str
        decided_by = self.decided_by

        id = str(self.id)

        kind = to_json(self.kind)

        note: None | str
        note = self.note

        reason: None | str
        reason = self.reason

        requested_at = to_json(self.requested_at)

        requested_by = self.requested_by

        state = to_json(self.state)

        subject = self.subject

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "can_approve": can_approve,
                "change": change,
                "decided_at": decided_at,
                "decided_by": decided_by,
                "id": id,
                "kind": kind,
                "note": note,
                "reason": reason,
                "requested_at": requested_at,
                "requested_by": requested_by,
                "state": state,
                "subject": subject,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.settings_change_details import SettingsChangeDetails  # noqa: PLC0415

        d = dict(src_dict)
        can_approve = d.pop("can_approve")

        change = SettingsChangeDetails.from_dict(d.pop("change"))

        def _parse_decided_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decided_at_type_0 = datetime.datetime.fromisoformat(data)

                return decided_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decided_at = _parse_decided_at(d.pop("decided_at", None))

        def _parse_decided_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        decided_by = _parse_decided_by(d.pop("decided_by", None))

        id = UUID(d.pop("id"))

        kind = SettingsKind(d.pop("kind"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note", None))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason", None))

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))

        requested_by = d.pop("requested_by")

        state = SettingsChangeState(d.pop("state"))

        subject = d.pop("subject")

        settings_change = cls(
            can_approve=can_approve,
            change=change,
            decided_at=decided_at,
            decided_by=decided_by,
            id=id,
            kind=kind,
            note=note,
            reason=reason,
            requested_at=requested_at,
            requested_by=requested_by,
            state=state,
            subject=subject,
        )

        settings_change.additional_properties = d
        return settings_change

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
