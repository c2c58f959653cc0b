from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mapped_outcome import MappedOutcome

T = TypeVar("T", bound="IngestMappingBodyStatusMap")


@_attrs_define
class IngestMappingBodyStatusMap:
    """The outcome to which each status maps, ignoring case. If empty, `succeeded` and `success` mean success, and
    `failed`, `failure` and `error` mean failure.

    """

    additional_properties: dict[str, MappedOutcome] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            field_dict[prop_name] = prop.value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ingest_mapping_body_status_map = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional_property = MappedOutcome(prop_dict)

            additional_properties[prop_name] = additional_property

        ingest_mapping_body_status_map.additional_properties = additional_properties
        return ingest_mapping_body_status_map

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> MappedOutcome:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: MappedOutcome) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
