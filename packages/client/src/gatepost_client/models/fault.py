from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Fault")


@_attrs_define
class Fault:
    """A contradiction between the event log and the stored data, or within the log itself."""

    code: str
    """ A stable code for the kind of fault. """
    detail: str
    """ The stored value and the expected value, in words. """
    field: None | str
    """ The database column that has the fault. Null if the fault does not concern a single column. """
    subject: str
    """ What the fault is about, such as `DEP-42`, `event 17` or `shop in production`. """
    table: str
    """ The database table in which the fault was found. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        detail = self.detail

        field: None | str
        field = self.field

        subject = self.subject

        table = self.table

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "detail": detail,
                "field": field,
                "subject": subject,
                "table": table,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        detail = d.pop("detail")

        def _parse_field(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        field = _parse_field(d.pop("field", None))

        subject = d.pop("subject")

        table = d.pop("table")

        fault = cls(
            code=code,
            detail=detail,
            field=field,
            subject=subject,
            table=table,
        )

        fault.additional_properties = d
        return fault

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
