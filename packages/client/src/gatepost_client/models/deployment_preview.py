from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

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
    review: Review
    """ The progress of the review that the deployment's policy version requires. """

    def to_dict(self) -> dict[str, Any]:
        actions = []
        for actions_item_data in self.actions:
            actions_item = actions_item_data.to_dict()
            actions.append(actions_item)

        can_start = self.can_start

        gates = []
        for gates_item_data in self.gates:
            gates_item = gates_item_data.to_dict()
            gates.append(gates_item)

        review = self.review.to_dict()

        field_dict: dict[str, Any] = {}

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

        return deployment_preview
