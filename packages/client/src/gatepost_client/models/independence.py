from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.dependence import Dependence


T = TypeVar("T", bound="Independence")


@_attrs_define
class Independence:
    """The reviews that were not independent. Recorded permanently."""

    dependent: list[Dependence]
    """ Why reviewers were not independent. Empty if all reviewers were independent, or if there were no reviewers.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dependent = []
        for dependent_item_data in self.dependent:
            dependent_item = to_json(dependent_item_data)
            dependent.append(dependent_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dependent": dependent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dependence import Dependence  # noqa: PLC0415

        d = dict(src_dict)
        dependent = []
        _dependent = d.pop("dependent")
        for dependent_item_data in _dependent:
            dependent_item = Dependence.from_dict(dependent_item_data)

            dependent.append(dependent_item)

        independence = cls(
            dependent=dependent,
        )

        independence.additional_properties = d
        return independence

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
