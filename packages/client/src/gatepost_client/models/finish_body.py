from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.ending import Ending
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.step_body import StepBody


T = TypeVar("T", bound="FinishBody")


@_attrs_define
class FinishBody:
    """The outcome of a deployment."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    outcome: Ending
    """ The outcome of a rollout, as its worker reports it. """
    note: None | str | Unset = UNSET
    """ The reason for the outcome. Required if the outcome is `failed`. """
    steps: list[StepBody] | Unset = UNSET
    """ The steps that have not been reported yet. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        outcome = to_json(self.outcome)

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        steps: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.steps, Unset):
            steps = []
            for steps_item_data in self.steps:
                steps_item = to_json(steps_item_data)
                steps.append(steps_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
                "outcome": outcome,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note
        if steps is not UNSET:
            field_dict["steps"] = steps

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.step_body import StepBody  # noqa: PLC0415

        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        outcome = Ending(d.pop("outcome"))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        _steps = d.pop("steps", UNSET)
        steps: list[StepBody] | Unset = UNSET
        if _steps is not UNSET:
            steps = []
            for steps_item_data in _steps:
                steps_item = StepBody.from_dict(steps_item_data)

                steps.append(steps_item)

        finish_body = cls(
            fencing_token=fencing_token,
            outcome=outcome,
            note=note,
            steps=steps,
        )

        return finish_body
