from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.accept_records import AcceptRecords
from ..models.execution_mode import ExecutionMode
from ..models.independent_reviewers import IndependentReviewers
from ..models.lane_mode import LaneMode
from ..models.requires_mode import RequiresMode
from ..models.rollback_approvals import RollbackApprovals
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.approval_stage_body import ApprovalStageBody


T = TypeVar("T", bound="PolicyBody")


@_attrs_define
class PolicyBody:
    """The rules of an environment."""

    accept_records: AcceptRecords | Unset = UNSET
    """ Which records of deployments made elsewhere prove that a version succeeded. """
    after_review_s: int | Unset = UNSET
    """ The time, in seconds, until the retrospective review (after-review) of a break-glass approval is due. """
    approval_expires_s: int | None | Unset = UNSET
    """ How long a deployment can wait for approval before it is cancelled, in seconds. Once approved, it can wait
    equally long to start. Null means that it never expires. """
    approval_stages: list[ApprovalStageBody] | Unset = UNSET
    """ The approval stages in order. If empty, deployments are approved at once. """
    auto_promote: bool | Unset = UNSET
    """ Whether deployments that succeed in this environment are promoted automatically, on behalf of their
    requester. """
    auto_start: bool | Unset = UNSET
    """ Whether approved deployments start, or are queued for a worker, automatically. """
    distinct_reviewers: bool | Unset = UNSET
    """ Whether each person may approve in at most one stage. """
    execution: ExecutionMode | Unset = UNSET
    """ Who executes a deployment. """
    independent_reviewers: IndependentReviewers | Unset = UNSET
    """ What happens if a reviewer is not independent of the requester or an earlier reviewer. """
    lane: LaneMode | Unset = UNSET
    """ What happens when several deployments wait for one lane. """
    max_age_s: int | None | Unset = UNSET
    """ The maximum age, in seconds, of the version's success in the environments in `requires`. Null means no
    limit. """
    max_open_per_lane: int | None | Unset = UNSET
    """ The maximum number of deployments per service that can wait to start in this environment; further requests
    are refused with 409. Null means no limit. """
    max_open_per_requester: int | None | Unset = UNSET
    """ The maximum number of deployments per requester that can wait to start in this environment; further requests
    are refused with 409. Null means no limit. """
    outgoing_allow: list[str] | Unset = UNSET
    """ The hosts and networks that checks and executors can call, such as `shop.example`, `*.example` or
    `10.0.0.0/8`. """
    promotes_to: None | str | Unset = UNSET
    """ The next environment: the default destination of promotions. """
    requires: list[str] | Unset = UNSET
    """ The environments in which a version must have succeeded, without a later rollback, before its deployment to
    this environment can start. """
    requires_mode: RequiresMode | Unset = UNSET
    """ Whether a version must have succeeded in all or in any of the required environments. """
    reviewer_may_start: bool | Unset = UNSET
    """ Whether a reviewer who approved a deployment can also start it. """
    rollback_approvals: RollbackApprovals | Unset = UNSET
    """ Which approvals a rollback requires. """
    settings_approvals: int | Unset = UNSET
    """ How many other admins must approve changes to this policy, to the environment's tier, archival and targets,
    and to roles and groups that decide on the environment's deployments: 0 or 1. With 1, such a change is not
    applied at once: the response is 202 with a settings change. """
    soak_s: int | Unset = UNSET
    """ How long the version must have been live in the environments in `requires` without interruption, in seconds.
    A record that was added after the deployment counts from the time it was recorded. """

    def to_dict(self) -> dict[str, Any]:
        accept_records: str | Unset = UNSET
        if not isinstance(self.accept_records, Unset):
            accept_records = to_json(self.accept_records)

        after_review_s = self.after_review_s

        approval_expires_s: int | None | Unset
        if isinstance(self.approval_expires_s, Unset):
            approval_expires_s = UNSET
        else:
            approval_expires_s = self.approval_expires_s

        approval_stages: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.approval_stages, Unset):
            approval_stages = []
            for approval_stages_item_data in self.approval_stages:
                approval_stages_item = to_json(approval_stages_item_data)
                approval_stages.append(approval_stages_item)

        auto_promote = self.auto_promote

        auto_start = self.auto_start

        distinct_reviewers = self.distinct_reviewers

        execution: str | Unset = UNSET
        if not isinstance(self.execution, Unset):
            execution = to_json(self.execution)

        independent_reviewers: str | Unset = UNSET
        if not isinstance(self.independent_reviewers, Unset):
            independent_reviewers = to_json(self.independent_reviewers)

        lane: str | Unset = UNSET
        if not isinstance(self.lane, Unset):
            lane = to_json(self.lane)

        max_age_s: int | None | Unset
        if isinstance(self.max_age_s, Unset):
            max_age_s = UNSET
        else:
            max_age_s = self.max_age_s

        max_open_per_lane: int | None | Unset
        if isinstance(self.max_open_per_lane, Unset):
            max_open_per_lane = UNSET
        else:
            max_open_per_lane = self.max_open_per_lane

        max_open_per_requester: int | None | Unset
        if isinstance(self.max_open_per_requester, Unset):
            max_open_per_requester = UNSET
        else:
            max_open_per_requester = self.max_open_per_requester

        outgoing_allow: list[str] | Unset = UNSET
        if not isinstance(self.outgoing_allow, Unset):
            outgoing_allow = self.outgoing_allow

        promotes_to: None | str | Unset
        if isinstance(self.promotes_to, Unset):
            promotes_to = UNSET
        else:
            promotes_to = self.promotes_to

        requires: list[str] | Unset = UNSET
        if not isinstance(self.requires, Unset):
            requires = self.requires

        requires_mode: str | Unset = UNSET
        if not isinstance(self.requires_mode, Unset):
            requires_mode = to_json(self.requires_mode)

        reviewer_may_start = self.reviewer_may_start

        rollback_approvals: str | Unset = UNSET
        if not isinstance(self.rollback_approvals, Unset):
            rollback_approvals = to_json(self.rollback_approvals)

        settings_approvals = self.settings_approvals

        soak_s = self.soak_s

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if accept_records is not UNSET:
            field_dict["accept_records"] = accept_records
        if after_review_s is not UNSET:
            field_dict["after_review_s"] = after_review_s
        if approval_expires_s is not UNSET:
            field_dict["approval_expires_s"] = approval_expires_s
        if approval_stages is not UNSET:
            field_dict["approval_stages"] = approval_stages
        if auto_promote is not UNSET:
            field_dict["auto_promote"] = auto_promote
        if auto_start is not UNSET:
            field_dict["auto_start"] = auto_start
        if distinct_reviewers is not UNSET:
            field_dict["distinct_reviewers"] = distinct_reviewers
        if execution is not UNSET:
            field_dict["execution"] = execution
        if independent_reviewers is not UNSET:
            field_dict["independent_reviewers"] = independent_reviewers
        if lane is not UNSET:
            field_dict["lane"] = lane
        if max_age_s is not UNSET:
            field_dict["max_age_s"] = max_age_s
        if max_open_per_lane is not UNSET:
            field_dict["max_open_per_lane"] = max_open_per_lane
        if max_open_per_requester is not UNSET:
            field_dict["max_open_per_requester"] = max_open_per_requester
        if outgoing_allow is not UNSET:
            field_dict["outgoing_allow"] = outgoing_allow
        if promotes_to is not UNSET:
            field_dict["promotes_to"] = promotes_to
        if requires is not UNSET:
            field_dict["requires"] = requires
        if requires_mode is not UNSET:
            field_dict["requires_mode"] = requires_mode
        if reviewer_may_start is not UNSET:
            field_dict["reviewer_may_start"] = reviewer_may_start
        if rollback_approvals is not UNSET:
            field_dict["rollback_approvals"] = rollback_approvals
        if settings_approvals is not UNSET:
            field_dict["settings_approvals"] = settings_approvals
        if soak_s is not UNSET:
            field_dict["soak_s"] = soak_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_stage_body import ApprovalStageBody  # noqa: PLC0415

        d = dict(src_dict)
        _accept_records = d.pop("accept_records", UNSET)
        accept_records: AcceptRecords | Unset
        if isinstance(_accept_records, Unset):
            accept_records = UNSET
        else:
            accept_records = AcceptRecords(_accept_records)

        after_review_s = d.pop("after_review_s", UNSET)

        def _parse_approval_expires_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        approval_expires_s = _parse_approval_expires_s(d.pop("approval_expires_s", UNSET))

        _approval_stages = d.pop("approval_stages", UNSET)
        approval_stages: list[ApprovalStageBody] | Unset = UNSET
        if _approval_stages is not UNSET:
            approval_stages = []
            for approval_stages_item_data in _approval_stages:
                approval_stages_item = ApprovalStageBody.from_dict(approval_stages_item_data)

                approval_stages.append(approval_stages_item)

        auto_promote = d.pop("auto_promote", UNSET)

        auto_start = d.pop("auto_start", UNSET)

        distinct_reviewers = d.pop("distinct_reviewers", UNSET)

        _execution = d.pop("execution", UNSET)
        execution: ExecutionMode | Unset
        if isinstance(_execution, Unset):
            execution = UNSET
        else:
            execution = ExecutionMode(_execution)

        _independent_reviewers = d.pop("independent_reviewers", UNSET)
        independent_reviewers: IndependentReviewers | Unset
        if isinstance(_independent_reviewers, Unset):
            independent_reviewers = UNSET
        else:
            independent_reviewers = IndependentReviewers(_independent_reviewers)

        _lane = d.pop("lane", UNSET)
        lane: LaneMode | Unset
        if isinstance(_lane, Unset):
            lane = UNSET
        else:
            lane = LaneMode(_lane)

        def _parse_max_age_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_age_s = _parse_max_age_s(d.pop("max_age_s", UNSET))

        def _parse_max_open_per_lane(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_open_per_lane = _parse_max_open_per_lane(d.pop("max_open_per_lane", UNSET))

        def _parse_max_open_per_requester(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_open_per_requester = _parse_max_open_per_requester(
            d.pop("max_open_per_requester", UNSET)
        )

        outgoing_allow = cast(list[str], d.pop("outgoing_allow", UNSET))

        def _parse_promotes_to(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        promotes_to = _parse_promotes_to(d.pop("promotes_to", UNSET))

        requires = cast(list[str], d.pop("requires", UNSET))

        _requires_mode = d.pop("requires_mode", UNSET)
        requires_mode: RequiresMode | Unset
        if isinstance(_requires_mode, Unset):
            requires_mode = UNSET
        else:
            requires_mode = RequiresMode(_requires_mode)

        reviewer_may_start = d.pop("reviewer_may_start", UNSET)

        _rollback_approvals = d.pop("rollback_approvals", UNSET)
        rollback_approvals: RollbackApprovals | Unset
        if isinstance(_rollback_approvals, Unset):
            rollback_approvals = UNSET
        else:
            rollback_approvals = RollbackApprovals(_rollback_approvals)

        settings_approvals = d.pop("settings_approvals", UNSET)

        soak_s = d.pop("soak_s", UNSET)

        policy_body = cls(
            accept_records=accept_records,
            after_review_s=after_review_s,
            approval_expires_s=approval_expires_s,
            approval_stages=approval_stages,
            auto_promote=auto_promote,
            auto_start=auto_start,
            distinct_reviewers=distinct_reviewers,
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
        )

        return policy_body
