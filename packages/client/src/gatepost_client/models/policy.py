from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.accept_records import AcceptRecords
from ..models.execution_mode import ExecutionMode
from ..models.independent_reviewers import IndependentReviewers
from ..models.lane_mode import LaneMode
from ..models.requires_mode import RequiresMode
from ..models.rollback_approvals import RollbackApprovals
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.approval_stage import ApprovalStage


T = TypeVar("T", bound="Policy")


@_attrs_define
class Policy:
    """One version of an environment's rules.

    A deployment keeps the version that was current when it was requested.

    """

    accept_records: AcceptRecords
    """ Which records of deployments made elsewhere prove that a version succeeded. """
    after_review_s: int
    """ The time, in seconds, until the retrospective review (after-review) of a break-glass approval is due. """
    approval_expires_s: int | None
    """ How long a deployment can wait for approval before it is cancelled, in seconds. Once approved, it can wait
    equally long to start. Null means that it never expires. """
    approval_stages: list[ApprovalStage]
    """ The approval stages in order. If empty, deployments are approved at once. """
    auto_promote: bool
    """ Whether deployments that succeed here are promoted to `promotes_to` automatically. """
    auto_start: bool
    """ Whether approved deployments start automatically. """
    created_at: datetime.datetime
    """ When this version of the policy was stored. """
    created_by: str
    """ Who stored this version of the policy. """
    distinct_reviewers: bool
    """ Whether each person may approve in at most one stage. """
    environment: str
    """ The environment's name. """
    execution: ExecutionMode
    """ Who executes a deployment. """
    independent_reviewers: IndependentReviewers
    """ What happens if a reviewer is not independent of the requester or an earlier reviewer. """
    lane: LaneMode
    """ What happens when several deployments wait for one lane. """
    max_age_s: int | None
    """ The maximum age, in seconds, of the version's success in the required environments. Null means no limit. """
    max_open_per_lane: int | None
    """ The maximum number of deployments per service that can wait to start. Null means no limit. """
    max_open_per_requester: int | None
    """ The maximum number of deployments per requester that can wait to start. Null means no limit. """
    outgoing_allow: list[str]
    """ The hosts and networks that checks and executors may call. """
    promotes_to: None | str
    """ The next environment. Null if there is none. """
    requires: list[str]
    """ The environments in which a version must have succeeded before it can be deployed here. """
    requires_mode: RequiresMode
    """ Whether a version must have succeeded in all or in any of the required environments. """
    reviewer_may_start: bool
    """ Whether a reviewer who approved a deployment can also start it. """
    rollback_approvals: RollbackApprovals
    """ Which approvals a rollback requires. """
    settings_approvals: int
    """ How many other admins must approve a change to guarded settings: 0 or 1. """
    soak_s: int
    """ How long, in seconds, the version must have been live in the required environments. """
    version: int
    """ The version number, starting at 1. Also the ETag. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accept_records = to_json(self.accept_records)

        after_review_s = self.after_review_s

        approval_expires_s: int | None
        approval_expires_s = self.approval_expires_s

        approval_stages = []
        for approval_stages_item_data in self.approval_stages:
            approval_stages_item = to_json(approval_stages_item_data)
            approval_stages.append(approval_stages_item)

        auto_promote = self.auto_promote

        auto_start = self.auto_start

        created_at = to_json(self.created_at)

        created_by = self.created_by

        distinct_reviewers = self.distinct_reviewers

        environment = self.environment

        execution = to_json(self.execution)

        independent_reviewers = to_json(self.independent_reviewers)

        lane = to_json(self.lane)

        max_age_s: int | None
        max_age_s = self.max_age_s

        max_open_per_lane: int | None
        max_open_per_lane = self.max_open_per_lane

        max_open_per_requester: int | None
        max_open_per_requester = self.max_open_per_requester

        outgoing_allow = self.outgoing_allow

        promotes_to: None | str
        promotes_to = self.promotes_to

        requires = self.requires

        requires_mode = to_json(self.requires_mode)

        reviewer_may_start = self.reviewer_may_start

        rollback_approvals = to_json(self.rollback_approvals)

        settings_approvals = self.settings_approvals

        soak_s = self.soak_s

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accept_records": accept_records,
                "after_review_s": after_review_s,
                "approval_expires_s": approval_expires_s,
                "approval_stages": approval_stages,
                "auto_promote": auto_promote,
                "auto_start": auto_start,
                "created_at": created_at,
                "created_by": created_by,
                "distinct_reviewers": distinct_reviewers,
                "environment": environment,
                "execution": execution,
                "independent_reviewers": independent_reviewers,
                "lane": lane,
                "max_age_s": max_age_s,
                "max_open_per_lane": max_open_per_lane,
                "max_open_per_requester": max_open_per_requester,
                "outgoing_allow": outgoing_allow,
                "promotes_to": promotes_to,
                "requires": requires,
                "requires_mode": requires_mode,
                "reviewer_may_start": reviewer_may_start,
                "rollback_approvals": rollback_approvals,
                "settings_approvals": settings_approvals,
                "soak_s": soak_s,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_stage import ApprovalStage  # noqa: PLC0415

        d = dict(src_dict)
        accept_records = AcceptRecords(d.pop("accept_records"))

        after_review_s = d.pop("after_review_s")

        def _parse_approval_expires_s(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        approval_expires_s = _parse_approval_expires_s(d.pop("approval_expires_s", None))

        approval_stages = []
        _approval_stages = d.pop("approval_stages")
        for approval_stages_item_data in _approval_stages:
            approval_stages_item = ApprovalStage.from_dict(approval_stages_item_data)

            approval_stages.append(approval_stages_item)

        auto_promote = d.pop("auto_promote")

        auto_start = d.pop("auto_start")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        distinct_reviewers = d.pop("distinct_reviewers")

        environment = d.pop("environment")

        execution = ExecutionMode(d.pop("execution"))

        independent_reviewers = IndependentReviewers(d.pop("independent_reviewers"))

        lane = LaneMode(d.pop("lane"))

        def _parse_max_age_s(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_age_s = _parse_max_age_s(d.pop("max_age_s", None))

        def _parse_max_open_per_lane(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_open_per_lane = _parse_max_open_per_lane(d.pop("max_open_per_lane", None))

        def _parse_max_open_per_requester(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_open_per_requester = _parse_max_open_per_requester(
            d.pop("max_open_per_requester", None)
        )

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        def _parse_promotes_to(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        promotes_to = _parse_promotes_to(d.pop("promotes_to", None))

        requires = cast(list[str], d.pop("requires"))

        requires_mode = RequiresMode(d.pop("requires_mode"))

        reviewer_may_start = d.pop("reviewer_may_start")

        rollback_approvals = RollbackApprovals(d.pop("rollback_approvals"))

        settings_approvals = d.pop("settings_approvals")

        soak_s = d.pop("soak_s")

        version = d.pop("version")

        policy = cls(
            accept_records=accept_records,
            after_review_s=after_review_s,
            approval_expires_s=approval_expires_s,
            approval_stages=approval_stages,
            auto_promote=auto_promote,
            auto_start=auto_start,
            created_at=created_at,
            created_by=created_by,
            distinct_reviewers=distinct_reviewers,
            environment=environment,
            execution=execution,
            independent_reviewers=independent_reviewers,
            lane=lane,
            max_age_s=max_age_s,
            max_open_per_lane=max_open_per_lane,
            max_open_per_requester=max_open_per_requester,
            outgoing_allow=outgoing_allow,
            promotes_to=promotes_to,
            requires=requires,
            requires_mode=requires_mode,
            reviewer_may_start=reviewer_may_start,
            rollback_approvals=rollback_approvals,
            settings_approvals=settings_approvals,
            soak_s=soak_s,
            version=version,
        )

        policy.additional_properties = d
        return policy

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
