from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.action_offer import ActionOffer
    from ..models.gate import Gate
    from ..models.review import Review


T = TypeVar("T", bound="DeploymentPreview")


@_attrs_define
class DeploymentPreview:
    """The result of evaluating a request without creating it."""

    actions: list[ActionOffer]
    """ The actions that would be available to the caller. """
    can_start: bool
    """ Whether the deployment could start at once. """
    gates: list[Gate]
    """ The gates that the deployment would have. """
    review: Review
    """ The progress of the review that the deployment's policy version requires. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actions = []
        for actions_item_data in self.actions:
            actions_item = to_json(actions_item_data)
            actions.append(actions_item)

        can_start = self.can_start

        gates = []
        for gates_item_data in self.gates:
            gates_item = to_json(gates_item_data)
            gates.append(gates_item)

        review = to_json(self.review)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actions": actions,
                "can_start": can_start,
                "gates": gates,
                "review": review,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_offer import ActionOffer  # noqa: PLC0415
        from ..models.gate import Gate  # noqa: PLC0415
        from ..models.review import Review  # noqa: PLC0415

        d = dict(src_dict)
        actions = []
        _actions = d.pop("actions")
        for actions_item_data in _actions:
            actions_item = ActionOffer.from_dict(actions_item_data)

            actions.append(actions_item)

        can_start = d.pop("can_start")

        gates = []
        _gates = d.pop("gates")
        for gates_item_data in _gates:
            gates_item = Gate.from_dict(gates_item_data)

            gates.append(gates_item)

        review = Review.from_dict(d.pop("review"))

        deployment_preview = cls(
            actions=actions,
            can_start=can_start,
            gates=gates,
            review=review,
        )

        deployment_preview.additional_properties = d
        return deployment_preview

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
