from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.approval import Approval


T = TypeVar("T", bound="ReviewStage")


@_attrs_define
class ReviewStage:
    """The progress of one approval stage."""

    approvals: list[Approval]
    name: str
    required: int
    """ The number of approvals required. """
    satisfied: bool

    def to_dict(self) -> dict[str, Any]:
        approvals = []
        for approvals_item_data in self.approvals:
            approvals_item = approvals_item_data.to_dict()
            approvals.append(approvals_item)

        name = self.name

        required = self.required

        satisfied = self.satisfied

        field_dict: dict[str, Any] = {}

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

        return review_stage
