from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cancel_reason import CancelReason
from ..models.deployment_kind import DeploymentKind
from ..models.deployment_status import DeploymentStatus
from ..models.tier import Tier
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.after_review import AfterReview
    from ..models.break_glass import BreakGlass
    from ..models.deployment_execution import DeploymentExecution
    from ..models.gate_override import GateOverride
    from ..models.independence import Independence
    from ..models.promotion_blocked import PromotionBlocked
    from ..models.review import Review


T = TypeVar("T", bound="PendingReview")


@_attrs_define
class PendingReview:
    """A deployment waiting for the caller's review."""

    after_review: AfterReview | None
    """ The review of a break-glass approval. Null if break-glass was not used. """
    approved_at: datetime.datetime | None
    """ When the last approval stage was satisfied. Null until then. """
    artifact_digest: None | str
    """ The digest of the artifact, such as `sha256:…`. Null if unknown. """
    break_glass: BreakGlass | None
    """ The use of break-glass. Null if it was not used. """
    build_id: None | UUID
    """ Identifies the rollout, including all attempts. Null until it is queued or started. """
    cancel_reason: CancelReason | None
    """ Why the deployment was cancelled. Null if it has not been cancelled. """
    created_at: datetime.datetime
    """ When the deployment was requested or recorded. """
    deployed_at: datetime.datetime | None
    """ When the version became live: when the deployment succeeded or, for a record, the reported time. """
    deployed_by: None | str
    """ Who carried out the deployment. Null if unknown. """
    environment: str
    """ The environment's name. """
    execution: DeploymentExecution | None
    """ The rollout. Null until it is queued or started, and for records and cancelled deployments. """
    expires_at: datetime.datetime | None
    """ When the deployment will be cancelled if it is still waiting. Null if it never expires. """
    external_id: None | str
    """ The id of the deployment in the external system. """
    finished_at: datetime.datetime | None
    """ When the rollout succeeded or failed. Null until then. """
    hidden: bool
    """ Whether this is a record that was hidden as incorrect and is excluded from the current state. Its events
    state the reason. """
    id: UUID
    """ The id of the deployment. """
    independence: Independence
    """ The reviews that were not independent. Recorded permanently. """
    kind: DeploymentKind
    """ How a deployment was created. """
    notes: None | str
    """ Free text from the requester. Null if there is none. """
    number: str
    """ The human-readable number, such as `DEP-42`. Can be used in place of the id. """
    on_behalf_of: None | str
    """ The person the requester acted for. Null if the requester did not act for someone else. """
    overrides: list[GateOverride]
    """ The gate overrides, with their reasons. """
    promoted_from: None | UUID
    """ The deployment in another environment that was promoted by requesting this one. Null if this is not a
    promotion. """
    promotion_blocked: None | PromotionBlocked
    """ Why the automatic promotion required by the policy did not happen. Null if it happened or is not required.
    """
    queued_at: datetime.datetime | None
    """ When the deployment was queued for a worker. Null if it has not been queued. """
    recorded_rollback: bool
    """ Whether, according to its source, this record is a rollback of another deployment. """
    requester: str
    """ The user who requested the deployment. """
    requester_unmapped: bool
    """ Whether no user had the reported login when the deployment was requested. Where independent reviewers are
    required, no review counts until a user has this login. """
    review: Review
    """ The progress of the review that the deployment's policy version requires. """
    reviewed_at: datetime.datetime | None
    """ When the deployment was approved or rejected. Null until then. """
    reviewed_by: None | str
    """ Who gave the deciding review; `status` shows the decision. """
    revision: int
    """ The revision number: starts at 1 and increases with every change. Also the ETag. """
    risk: None | str
    """ The accepted risk. Null if none was stated. """
    rollback_plan: str
    """ How the deployment can be undone. """
    rolled_back_at: datetime.datetime | None
    """ When the deployment was rolled back. Null if it has not been rolled back. """
    rolled_back_by: None | UUID
    """ The deployment that redeploys the previous version. Null if there is none. """
    rolls_back: None | UUID
    """ The deployment that this one rolls back. Null if this is not a rollback. """
    service: str
    """ The service's name. """
    started_at: datetime.datetime | None
    """ When the rollout started. Null until then. """
    status: DeploymentStatus
    """ The current status of a deployment. """
    superseded_by: None | UUID
    """ The newer deployment that superseded this one. Null if this one was not superseded. """
    target_digest: None | str
    """ The SHA-256 digest of the target's settings in `target_version`, which the approvals cover. """
    target_version: int | None
    """ The revision of the target's settings used for the rollout: the one that was current when the deployment was
    requested. Null if the target was not configured then. """
    tier: Tier
    """ The importance of an environment. Rules depend on the tier, never on the name. """
    triggered_by: None | str
    """ Who triggered the pipeline that requested the deployment: the name of the user with the login that the
    pipeline reported or, if no user had that login, the reported login. Null if no pipeline requested the
    deployment. """
    unreviewed: bool
    """ Whether the deployment is unreviewed although the environment's policy requires approval, as with a record,
    or a rollback to a version that no one has reviewed. """
    version: str
    """ The version to deploy. """
    work_references: list[str]
    """ The tickets or changes that are deployed. """
    would_be_dependent: list[str]
    """ The reasons, in words, why the caller's review would be marked as dependent. Empty if the caller is
    independent of everyone behind the deployment. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.after_review import AfterReview  # noqa: PLC0415
        from ..models.break_glass import BreakGlass  # noqa: PLC0415
        from ..models.deployment_execution import DeploymentExecution  # noqa: PLC0415
        from ..models.promotion_blocked import PromotionBlocked  # noqa: PLC0415

        after_review: dict[str, Any] | None
        if isinstance(self.after_review, AfterReview):
            after_review = to_json(self.after_review)
        else:
            after_review = self.after_review

        approved_at: None | str
        if isinstance(self.approved_at, datetime.datetime):
            approved_at = to_json(self.approved_at)
        else:
            approved_at = self.approved_at

        artifact_digest: None | str
        artifact_digest = self.artifact_digest

        break_glass: dict[str, Any] | None
        if isinstance(self.break_glass, BreakGlass):
            break_glass = to_json(self.break_glass)
        else:
            break_glass = self.break_glass

        build_id: None | str
        if isinstance(self.build_id, UUID):
            build_id = str(self.build_id)
        else:
            build_id = self.build_id

        cancel_reason: None | str
        if isinstance(self.cancel_reason, CancelReason):
            cancel_reason = to_json(self.cancel_reason)
        else:
            cancel_reason = self.cancel_reason

        created_at = to_json(self.created_at)

        deployed_at: None | str
        if isinstance(self.deployed_at, datetime.datetime):
            deployed_at = to_json(self.deployed_at)
        else:
            deployed_at = self.deployed_at

        deployed_by: None | str
        deployed_by = self.deployed_by

        environment = self.environment

        execution: dict[str, Any] | None
        if isinstance(self.execution, DeploymentExecution):
            execution = to_json(self.execution)
        else:
            execution = self.execution

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = to_json(self.expires_at)
        else:
            expires_at = self.expires_at

        external_id: None | str
        external_id = self.external_id

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = to_json(self.finished_at)
        else:
            finished_at = self.finished_at

        hidden = self.hidden

        id = str(self.id)

        independence = to_json(self.independence)

        kind = to_json(self.kind)

        notes: None | str
        notes = self.notes

        number = self.number

        on_behalf_of: None | str
        on_behalf_of = self.on_behalf_of

        overrides = []
        for overrides_item_data in self.overrides:
            overrides_item = to_json(overrides_item_data)
            overrides.append(overrides_item)

        promoted_from: None | str
        if isinstance(self.promoted_from, UUID):
            promoted_from = str(self.promoted_from)
        else:
            promoted_from = self.promoted_from

        promotion_blocked: dict[str, Any] | None
        if isinstance(self.promotion_blocked, PromotionBlocked):
            promotion_blocked = to_json(self.promotion_blocked)
        else:
            promotion_blocked = self.promotion_blocked

        queued_at: None | str
        if isinstance(self.queued_at, datetime.datetime):
            queued_at = to_json(self.queued_at)
        else:
            queued_at = self.queued_at

        recorded_rollback = self.recorded_rollback

        requester = self.requester

        requester_unmapped = self.requester_unmapped

        review = to_json(self.review)

        reviewed_at: None | str
        if isinstance(self.reviewed_at, datetime.datetime):
            reviewed_at = to_json(self.reviewed_at)
        else:
            reviewed_at = self.reviewed_at

        reviewed_by: None | str
        reviewed_by = self.reviewed_by

        revision = self.revision

        risk: None | str
        risk = self.risk

        rollback_plan = self.rollback_plan

        rolled_back_at: None | str
        if isinstance(self.rolled_back_at, datetime.datetime):
            rolled_back_at = to_json(self.rolled_back_at)
        else:
            rolled_back_at = self.rolled_back_at

        rolled_back_by: None | str
        if isinstance(self.rolled_back_by, UUID):
            rolled_back_by = str(self.rolled_back_by)
        else:
            rolled_back_by = self.rolled_back_by

        rolls_back: None | str
        if isinstance(self.rolls_back, UUID):
            rolls_back = str(self.rolls_back)
        else:
            rolls_back = self.rolls_back

        service = self.service

        started_at: None | str
        if isinstance(self.started_at, datetime.datetime):
            started_at = to_json(self.started_at)
        else:
            started_at = self.started_at

        status = to_json(self.status)

        superseded_by: None | str
        if isinstance(self.superseded_by, UUID):
            superseded_by = str(self.superseded_by)
        else:
            superseded_by = self.superseded_by

        target_digest: None | str
        target_digest = self.target_digest

        target_version: int | None
        target_version = self.target_version

        tier = to_json(self.tier)

        triggered_by: None | str
        triggered_by = self.triggered_by

        unreviewed = self.unreviewed

        version = self.version

        work_references = self.work_references

        would_be_dependent = self.would_be_dependent

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after_review": after_review,
                "approved_at": approved_at,
                "artifact_digest": artifact_digest,
                "break_glass": break_glass,
                "build_id": build_id,
                "cancel_reason": cancel_reason,
                "created_at": created_at,
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "environment": environment,
                "execution": execution,
                "expires_at": expires_at,
                "external_id": external_id,
                "finished_at": finished_at,
                "hidden": hidden,
                "id": id,
                "independence": independence,
                "kind": kind,
                "notes": notes,
                "number": number,
                "on_behalf_of": on_behalf_of,
                "overrides": overrides,
                "promoted_from": promoted_from,
                "promotion_blocked": promotion_blocked,
                "queued_at": queued_at,
                "recorded_rollback": recorded_rollback,
                "requester": requester,
                "requester_unmapped": requester_unmapped,
                "review": review,
                "reviewed_at": reviewed_at,
                "reviewed_by": reviewed_by,
                "revision": revision,
                "risk": risk,
                "rollback_plan": rollback_plan,
                "rolled_back_at": rolled_back_at,
                "rolled_back_by": rolled_back_by,
                "rolls_back": rolls_back,
                "service": service,
                "started_at": started_at,
                "status": status,
                "superseded_by": superseded_by,
                "target_digest": target_digest,
                "target_version": target_version,
                "tier": tier,
                "triggered_by": triggered_by,
                "unreviewed": unreviewed,
                "version": version,
                "work_references": work_references,
                "would_be_dependent": would_be_dependent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.after_review import AfterReview  # noqa: PLC0415
        from ..models.break_glass import BreakGlass  # noqa: PLC0415
        from ..models.deployment_execution import DeploymentExecution  # noqa: PLC0415
        from ..models.gate_override import GateOverride  # noqa: PLC0415
        from ..models.independence import Independence  # noqa: PLC0415
        from ..models.promotion_blocked import PromotionBlocked  # noqa: PLC0415
        from ..models.review import Review  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_after_review(data: object) -> AfterReview | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                after_review_type_0 = AfterReview.from_dict(data)

                return after_review_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AfterReview | None, data)

        after_review = _parse_after_review(d.pop("after_review", None))

        def _parse_approved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                approved_at_type_0 = datetime.datetime.fromisoformat(data)

                return approved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        approved_at = _parse_approved_at(d.pop("approved_at", None))

        def _parse_artifact_digest(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        artifact_digest = _parse_artifact_digest(d.pop("artifact_digest", None))

        def _parse_break_glass(data: object) -> BreakGlass | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                break_glass_type_0 = BreakGlass.from_dict(data)

                return break_glass_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BreakGlass | None, data)

        break_glass = _parse_break_glass(d.pop("break_glass", None))

        def _parse_build_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                build_id_type_0 = UUID(data)

                return build_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        build_id = _parse_build_id(d.pop("build_id", None))

        def _parse_cancel_reason(data: object) -> CancelReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancel_reason_type_0 = CancelReason(data)

                return cancel_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CancelReason | None, data)

        cancel_reason = _parse_cancel_reason(d.pop("cancel_reason", None))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_deployed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployed_at_type_0 = datetime.datetime.fromisoformat(data)

                return deployed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deployed_at = _parse_deployed_at(d.pop("deployed_at", None))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", None))

        environment = d.pop("environment")

        def _parse_execution(data: object) -> DeploymentExecution | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                execution_type_0 = DeploymentExecution.from_dict(data)

                return execution_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentExecution | None, data)

        execution = _parse_execution(d.pop("execution", None))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at", None))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id", None))

        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)

                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at", None))

        hidden = d.pop("hidden")

        id = UUID(d.pop("id"))

        independence = Independence.from_dict(d.pop("independence"))

        kind = DeploymentKind(d.pop("kind"))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes", None))

        number = d.pop("number")

        def _parse_on_behalf_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        on_behalf_of = _parse_on_behalf_of(d.pop("on_behalf_of", None))

        overrides = []
        _overrides = d.pop("overrides")
        for overrides_item_data in _overrides:
            overrides_item = GateOverride.from_dict(overrides_item_data)

            overrides.append(overrides_item)

        def _parse_promoted_from(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                promoted_from_type_0 = UUID(data)

                return promoted_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        promoted_from = _parse_promoted_from(d.pop("promoted_from", None))

        def _parse_promotion_blocked(data: object) -> None | PromotionBlocked:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                promotion_blocked_type_0 = PromotionBlocked.from_dict(data)

                return promotion_blocked_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromotionBlocked, data)

        promotion_blocked = _parse_promotion_blocked(d.pop("promotion_blocked", None))

        def _parse_queued_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                queued_at_type_0 = datetime.datetime.fromisoformat(data)

                return queued_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        queued_at = _parse_queued_at(d.pop("queued_at", None))

        recorded_rollback = d.pop("recorded_rollback")

        requester = d.pop("requester")

        requester_unmapped = d.pop("requester_unmapped")

        review = Review.from_dict(d.pop("review"))

        def _parse_reviewed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reviewed_at_type_0 = datetime.datetime.fromisoformat(data)

                return reviewed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        reviewed_at = _parse_reviewed_at(d.pop("reviewed_at", None))

        def _parse_reviewed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reviewed_by = _parse_reviewed_by(d.pop("reviewed_by", None))

        revision = d.pop("revision")

        def _parse_risk(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        risk = _parse_risk(d.pop("risk", None))

        rollback_plan = d.pop("rollback_plan")

        def _parse_rolled_back_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rolled_back_at_type_0 = datetime.datetime.fromisoformat(data)

                return rolled_back_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        rolled_back_at = _parse_rolled_back_at(d.pop("rolled_back_at", None))

        def _parse_rolled_back_by(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rolled_back_by_type_0 = UUID(data)

                return rolled_back_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        rolled_back_by = _parse_rolled_back_by(d.pop("rolled_back_by", None))

        def _parse_rolls_back(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rolls_back_type_0 = UUID(data)

                return rolls_back_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        rolls_back = _parse_rolls_back(d.pop("rolls_back", None))

        service = d.pop("service")

        def _parse_started_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        started_at = _parse_started_at(d.pop("started_at", None))

        status = DeploymentStatus(d.pop("status"))

        def _parse_superseded_by(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                superseded_by_type_0 = UUID(data)

                return superseded_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        superseded_by = _parse_superseded_by(d.pop("superseded_by", None))

        def _parse_target_digest(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        target_digest = _parse_target_digest(d.pop("target_digest", None))

        def _parse_target_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        target_version = _parse_target_version(d.pop("target_version", None))

        tier = Tier(d.pop("tier"))

        def _parse_triggered_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        triggered_by = _parse_triggered_by(d.pop("triggered_by", None))

        unreviewed = d.pop("unreviewed")

        version = d.pop("version")

        work_references = cast(list[str], d.pop("work_references"))

        would_be_dependent = cast(list[str], d.pop("would_be_dependent"))

        pending_review = cls(
            after_review=after_review,
            approved_at=approved_at,
            artifact_digest=artifact_digest,
            break_glass=break_glass,
            build_id=build_id,
            cancel_reason=cancel_reason,
            created_at=created_at,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            environment=environment,
            execution=execution,
            expires_at=expires_at,
            external_id=external_id,
            finished_at=finished_at,
            hidden=hidden,
            id=id,
            independence=independence,
            kind=kind,
            notes=notes,
            number=number,
            on_behalf_of=on_behalf_of,
            overrides=overrides,
            promoted_from=promoted_from,
            promotion_blocked=promotion_blocked,
            queued_at=queued_at,
            recorded_rollback=recorded_rollback,
            requester=requester,
            requester_unmapped=requester_unmapped,
            review=review,
            reviewed_at=reviewed_at,
            reviewed_by=reviewed_by,
            revision=revision,
            risk=risk,
            rollback_plan=rollback_plan,
            rolled_back_at=rolled_back_at,
            rolled_back_by=rolled_back_by,
            rolls_back=rolls_back,
            service=service,
            started_at=started_at,
            status=status,
            superseded_by=superseded_by,
            target_digest=target_digest,
            target_version=target_version,
            tier=tier,
            triggered_by=triggered_by,
            unreviewed=unreviewed,
            version=version,
            work_references=work_references,
            would_be_dependent=would_be_dependent,
        )

        pending_review.additional_properties = d
        return pending_review

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
