from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.step_body import StepBody


T = TypeVar("T", bound="StepsBody")


@_attrs_define
class StepsBody:
    """The rollout steps to report."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    steps: list[StepBody]
    """ The steps to add or to update. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        steps = []
        for steps_item_data in self.steps:
            steps_item = to_json(steps_item_data)
            steps.append(steps_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
                "steps": steps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.step_body import StepBody  # noqa: PLC0415

        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = StepBody.from_dict(steps_item_data)

            steps.append(steps_item)

        steps_body = cls(
            fencing_token=fencing_token,
            steps=steps,
        )

        return steps_body
