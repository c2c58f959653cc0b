from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ImportConflict")


@_attrs_define
class ImportConflict:
    """A row that was skipped because a record with different values has the same `external_id`."""

    differs: list[str]
    """ The names of the fields that differ. """
    environment: str
    """ The environment's name. """
    external_id: str
    """ The id of the record in another system. """
    number: str
    """ The number of the stored record, such as `DEP-42`. """
    row: int
    """ The number of the row in the file. """
    service: str
    """ The service's name. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        differs = self.differs

        environment = self.environment

        external_id = self.external_id

        number = self.number

        row = self.row

        service = self.service

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "differs": differs,
                "environment": environment,
                "external_id": external_id,
                "number": number,
                "row": row,
                "service": service,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        differs = cast(list[str], d.pop("differs"))

        environment = d.pop("environment")

        external_id = d.pop("external_id")

        number = d.pop("number")

        row = d.pop("row")

        service = d.pop("service")

        import_conflict = cls(
            differs=differs,
            environment=environment,
            external_id=external_id,
            number=number,
            row=row,
            service=service,
        )

        import_conflict.additional_properties = d
        return import_conflict

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
