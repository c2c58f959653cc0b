from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SettingsChangeRejection")


@_attrs_define
class SettingsChangeRejection:
    """The reason for rejecting a settings change, or for withdrawing one's own."""

    note: str
    """ Why the change is rejected or withdrawn. """

    def to_dict(self) -> dict[str, Any]:
        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "note": note,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        note = d.pop("note")

        settings_change_rejection = cls(
            note=note,
        )

        return settings_change_rejection
