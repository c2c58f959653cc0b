from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.settings_operation import SettingsOperation
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.settings_change_details_after import SettingsChangeDetailsAfter
    from ..models.settings_change_details_before_type_0 import (
        SettingsChangeDetailsBeforeType0,
    )


T = TypeVar("T", bound="SettingsChangeDetails")


@_attrs_define
class SettingsChangeDetails:
    """What a settings change would change: the operation, and the settings before and after it."""

    after: SettingsChangeDetailsAfter
    """ The settings once the change is applied. """
    before: None | SettingsChangeDetailsBeforeType0
    """ The settings when the change was requested. Null if there were none. """
    environments: list[str]
    """ The environments whose policies require the approval. """
    gives: list[str]
    """ The roles and groups that the change newly gives a user in these environments, such as `reviewer` and
    `group:qa`. """
    operation: SettingsOperation
    """ The requested operation, named by its operation id in the API. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.settings_change_details_before_type_0 import (
            SettingsChangeDetailsBeforeType0,  # noqa: PLC0415
        )

        after = to_json(self.after)

        before: dict[str, Any] | None
        if isinstance(self.before, SettingsChangeDetailsBeforeType0):
            before = to_json(self.before)
        else:
            before = self.before

        environments = self.environments

        gives = self.gives

        operation = to_json(self.operation)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "before": before,
                "environments": environments,
                "gives": gives,
                "operation": operation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.settings_change_details_after import SettingsChangeDetailsAfter  # noqa: PLC0415
        from ..models.settings_change_details_before_type_0 import (
            SettingsChangeDetailsBeforeType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        after = SettingsChangeDetailsAfter.from_dict(d.pop("after"))

        def _parse_before(data: object) -> None | SettingsChangeDetailsBeforeType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = SettingsChangeDetailsBeforeType0.from_dict(data)

                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SettingsChangeDetailsBeforeType0, data)

        before = _parse_before(d.pop("before", None))

        environments = cast(list[str], d.pop("environments"))

        gives = cast(list[str], d.pop("gives"))

        operation = SettingsOperation(d.pop("operation"))

        settings_change_details = cls(
            after=after,
            before=before,
            environments=environments,
            gives=gives,
            operation=operation,
        )

        settings_change_details.additional_properties = d
        return settings_change_details

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
