from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FreezeImportResult")


@_attrs_define
class FreezeImportResult:
    """What an import did with each event of the calendar. Each list contains the UIDs of events."""

    changed: list[str]
    """ The calendar events that changed, and whose freezes were therefore replaced or lifted. """
    created: list[str]
    """ The calendar events for which freezes were created. """
    freezes_added: int
    """ The number of freezes that were created. """
    freezes_lifted: int
    """ The number of freezes that were lifted. """
    lifted: list[str]
    """ The events that are no longer in the calendar and whose freezes were lifted. """
    past: list[str]
    """ The calendar events that have ended or are cancelled, and therefore have no freeze. """
    series: str
    """ The name of the series. """
    unchanged: list[str]
    """ The calendar events whose freezes are unchanged. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed = self.changed

        created = self.created

        freezes_added = self.freezes_added

        freezes_lifted = self.freezes_lifted

        lifted = self.lifted

        past = self.past

        series = self.series

        unchanged = self.unchanged

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changed": changed,
                "created": created,
                "freezes_added": freezes_added,
                "freezes_lifted": freezes_lifted,
                "lifted": lifted,
                "past": past,
                "series": series,
                "unchanged": unchanged,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        changed = cast(list[str], d.pop("changed"))

        created = cast(list[str], d.pop("created"))

        freezes_added = d.pop("freezes_added")

        freezes_lifted = d.pop("freezes_lifted")

        lifted = cast(list[str], d.pop("lifted"))

        past = cast(list[str], d.pop("past"))

        series = d.pop("series")

        unchanged = cast(list[str], d.pop("unchanged"))

        freeze_import_result = cls(
            changed=changed,
            created=created,
            freezes_added=freezes_added,
            freezes_lifted=freezes_lifted,
            lifted=lifted,
            past=past,
            series=series,
            unchanged=unchanged,
        )

        freeze_import_result.additional_properties = d
        return freeze_import_result

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
