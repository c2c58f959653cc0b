from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.execution_mode import ExecutionMode
from ..models.lane_mode import LaneMode
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.approval_stage_body import ApprovalStageBody


T = TypeVar("T", bound="PolicyBody")


@_attrs_define
class PolicyBody:
    """The rules of an environment."""

    approval_stages: list[ApprovalStageBody] | Unset = UNSET
    """ In order; none: a deployment is approved at once. """
    auto_start: bool | Unset = UNSET
    """ Whether an approved deployment starts, or queues, by itself. """
    distinct_reviewers: bool | Unset = UNSET
    """ Whether a person may approve in one stage only. """
    execution: ExecutionMode | Unset = UNSET
    """ Who carries a started deployment out. """
    lane: LaneMode | Unset = UNSET
    """ What becomes of the others where several wait for one lane. """
    reviewer_may_start: bool | Unset = UNSET
    """ Whether somebody who approved a deployment may also start it. """

    def to_dict(self) -> dict[str, Any]:
        approval_stages: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.approval_stages, Unset):
            approval_stages = []
            for approval_stages_item_data in self.approval_stages:
                approval_stages_item = approval_stages_item_data.to_dict()
                approval_stages.append(approval_stages_item)

        auto_start = self.auto_start

        distinct_reviewers = self.distinct_reviewers

        execution: str | Unset = UNSET
        if not isinstance(self.execution, Unset):
            execution = self.execution.value

        lane: str | Unset = UNSET
        if not isinstance(self.lane, Unset):
            lane = self.lane.value

        reviewer_may_start = self.reviewer_may_start

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if approval_stages is not UNSET:
            field_dict["approval_stages"] = approval_stages
        if auto_start is not UNSET:
            field_dict["auto_start"] = auto_start
        if distinct_reviewers is not UNSET:
            field_dict["distinct_reviewers"] = distinct_reviewers
        if execution is not UNSET:
            field_dict["execution"] = execution
        if lane is not UNSET:
            field_dict["lane"] = lane
        if reviewer_may_start is not UNSET:
            field_dict["reviewer_may_start"] = reviewer_may_start

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_stage_body import ApprovalStageBody  # noqa: PLC0415

        d = dict(src_dict)
        _approval_stages = d.pop("approval_stages", UNSET)
        approval_stages: list[ApprovalStageBody] | Unset = UNSET
        if _approval_stages is not UNSET:
            approval_stages = []
            for approval_stages_item_data in _approval_stages:
                approval_stages_item = ApprovalStageBody.from_dict(approval_stages_item_data)

                approval_stages.append(approval_stages_item)

        auto_start = d.pop("auto_start", UNSET)

        distinct_reviewers = d.pop("distinct_reviewers", UNSET)

        _execution = d.pop("execution", UNSET)
        execution: ExecutionMode | Unset
        if isinstance(_execution, Unset):
            execution = UNSET
        else:
            execution = ExecutionMode(_execution)

        _lane = d.pop("lane", UNSET)
        lane: LaneMode | Unset
        if isinstance(_lane, Unset):
            lane = UNSET
        else:
            lane = LaneMode(_lane)

        reviewer_may_start = d.pop("reviewer_may_start", UNSET)

        policy_body = cls(
            approval_stages=approval_stages,
            auto_start=auto_start,
            distinct_reviewers=distinct_reviewers,
            execution=execution,
            lane=lane,
            reviewer_may_start=reviewer_may_start,
        )

        return policy_body
