from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.execution_mode import ExecutionMode
from ..models.lane_mode import LaneMode

if TYPE_CHECKING:
    from ..models.approval_stage import ApprovalStage


T = TypeVar("T", bound="Policy")


@_attrs_define
class Policy:
    """One version of an environment's rules. A deployment keeps the version it was asked under."""

    approval_stages: list[ApprovalStage]
    auto_start: bool
    created_at: datetime.datetime
    created_by: str
    distinct_reviewers: bool
    environment: str
    execution: ExecutionMode
    """ Who carries a started deployment out. """
    lane: LaneMode
    """ What becomes of the others where several wait for one lane. """
    reviewer_may_start: bool
    version: int
    """ Counts from 1; it is also the ETag. """

    def to_dict(self) -> dict[str, Any]:
        approval_stages = []
        for approval_stages_item_data in self.approval_stages:
            approval_stages_item = approval_stages_item_data.to_dict()
            approval_stages.append(approval_stages_item)

        auto_start = self.auto_start

        created_at = self.created_at.isoformat()

        created_by = self.created_by

        distinct_reviewers = self.distinct_reviewers

        environment = self.environment

        execution = self.execution.value

        lane = self.lane.value

        reviewer_may_start = self.reviewer_may_start

        version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "approval_stages": approval_stages,
                "auto_start": auto_start,
                "created_at": created_at,
                "created_by": created_by,
                "distinct_reviewers": distinct_reviewers,
                "environment": environment,
                "execution": execution,
                "lane": lane,
                "reviewer_may_start": reviewer_may_start,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_stage import ApprovalStage  # noqa: PLC0415

        d = dict(src_dict)
        approval_stages = []
        _approval_stages = d.pop("approval_stages")
        for approval_stages_item_data in _approval_stages:
            approval_stages_item = ApprovalStage.from_dict(approval_stages_item_data)

            approval_stages.append(approval_stages_item)

        auto_start = d.pop("auto_start")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        distinct_reviewers = d.pop("distinct_reviewers")

        environment = d.pop("environment")

        execution = ExecutionMode(d.pop("execution"))

        lane = LaneMode(d.pop("lane"))

        reviewer_may_start = d.pop("reviewer_may_start")

        version = d.pop("version")

        policy = cls(
            approval_stages=approval_stages,
            auto_start=auto_start,
            created_at=created_at,
            created_by=created_by,
            distinct_reviewers=distinct_reviewers,
            environment=environment,
            execution=execution,
            lane=lane,
            reviewer_may_start=reviewer_may_start,
            version=version,
        )

        return policy
