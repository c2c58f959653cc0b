from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.approval import Approval


T = TypeVar("T", bound="ReviewStage")


@_attrs_define
class ReviewStage:
    """The progress of one approval stage."""

    approvals: list[Approval]
    """ The approvals that count in this stage. """
    name: str
    """ The name of the stage. """
    required: int
    """ The number of approvals required. """
    satisfied: bool
    """ Whether all rules of the stage are satisfied. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        approvals = []
        for approvals_item_data in self.approvals:
            approvals_item = to_json(approvals_item_data)
            approvals.append(approvals_item)

        name = self.name

        required = self.required

        satisfied = self.satisfied

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "approvals": approvals,
                "name": name,
                "required": required,
                "satisfied": satisfied,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval import Approval  # noqa: PLC0415

        d = dict(src_dict)
        approvals = []
        _approvals = d.pop("approvals")
        for approvals_item_data in _approvals:
            approvals_item = Approval.from_dict(approvals_item_data)

            approvals.append(approvals_item)

        name = d.pop("name")

        required = d.pop("required")

        satisfied = d.pop("satisfied")

        review_stage = cls(
            approvals=approvals,
            name=name,
            required=required,
            satisfied=satisfied,
        )

        review_stage.additional_properties = d
        return review_stage

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
