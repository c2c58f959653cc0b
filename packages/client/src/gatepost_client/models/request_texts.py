from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RequestTexts")


@_attrs_define
class RequestTexts:
    """The texts of requests created for GitHub jobs that wait for a deployment protection rule."""

    risk: None | str
    """ The risk notes. Null if there are none. """
    rollback_plan: str
    """ How to return to the previous version if the deployment fails. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        risk: None | str
        risk = self.risk

        rollback_plan = self.rollback_plan

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "risk": risk,
                "rollback_plan": rollback_plan,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_risk(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        risk = _parse_risk(d.pop("risk", None))

        rollback_plan = d.pop("rollback_plan")

        request_texts = cls(
            risk=risk,
            rollback_plan=rollback_plan,
        )

        request_texts.additional_properties = d
        return request_texts

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
