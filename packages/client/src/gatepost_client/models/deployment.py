from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.cancel_reason import CancelReason
from ..models.deployment_kind import DeploymentKind
from ..models.deployment_status import DeploymentStatus
from ..models.tier import Tier

if TYPE_CHECKING:
    from ..models.deployment_execution import DeploymentExecution
    from ..models.review import Review


T = TypeVar("T", bound="Deployment")


@_attrs_define
class Deployment:
    """One deployment from request to outcome."""

    approved_at: datetime.datetime | None
    artifact_digest: None | str
    build_id: None | UUID
    """ One per hand-over to the workers; none where people carry it out. """
    cancel_reason: CancelReason | None
    created_at: datetime.datetime
    deployed_at: datetime.datetime | None
    """ Since when the version stood in the environment: the instant it succeeded, or is said to have. """
    deployed_by: None | str
    """ Who carried it out, as far as that was told. """
    environment: str
    execution: DeploymentExecution | None
    """ What the workers do with it; none where people carry it out. """
    external_id: None | str
    """ What a record is known by where it comes from. """
    finished_at: datetime.datetime | None
    hidden: bool
    """ Whether it is a record that was found to be wrong: it never stood. Its events say why. """
    id: UUID
    kind: DeploymentKind
    """ Where a deployment came from. """
    notes: None | str
    number: str
    """ What people call it: `DEP-42`. It can be used wherever the id can. """
    on_behalf_of: None | str
    queued_at: datetime.datetime | None
    requester: str
    review: Review
    """ How far the review is, under the policy that the deployment was asked under. """
    reviewed_at: datetime.datetime | None
    reviewed_by: None | str
    """ Who gave the deciding review; the status tells which way it went. """
    revision: int
    """ Counts its changes; it is also the ETag. """
    risk: None | str
    rollback_plan: str
    rolled_back_at: datetime.datetime | None
    service: str
    started_at: datetime.datetime | None
    status: DeploymentStatus
    """ Where a deployment stands. """
    superseded_by: None | UUID
    """ The newer deployment that went ahead and ended it, where one did. """
    tier: Tier
    """ How much an environment matters. Rules key on the tier, never on the name. """
    unreviewed: bool
    """ Whether it is a record from an environment that would have asked for a review. """
    version: str
    work_references: list[str]

    def to_dict(self) -> dict[str, Any]:
        from ..models.deployment_execution import DeploymentExecution  # noqa: PLC0415

        approved_at: None | str
        if isinstance(self.approved_at, datetime.datetime):
            approved_at = self.approved_at.isoformat()
        else:
            approved_at = self.approved_at

        artifact_digest: None | str
        artifact_digest = self.artifact_digest

        build_id: None | str
        if isinstance(self.build_id, UUID):
            build_id = str(self.build_id)
        else:
            build_id = self.build_id

        cancel_reason: None | str
        if isinstance(self.cancel_reason, CancelReason):
            cancel_reason = self.cancel_reason.value
        else:
            cancel_reason = self.cancel_reason

        created_at = self.created_at.isoformat()

        deployed_at: None | str
        if isinstance(self.deployed_at, datetime.datetime):
            deployed_at = self.deployed_at.isoformat()
        else:
            deployed_at = self.deployed_at

        deployed_by: None | str
        deployed_by = self.deployed_by

        environment = self.environment

        execution: dict[str, Any] | None
        if isinstance(self.execution, DeploymentExecution):
            execution = self.execution.to_dict()
        else:
            execution = self.execution

        external_id: None | str
        external_id = self.external_id

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        hidden = self.hidden

        id = str(self.id)

        kind = self.kind.value

        notes: None | str
        notes = self.notes

        number = self.number

        on_behalf_of: None | str
        on_behalf_of = self.on_behalf_of

        queued_at: None | str
        if isinstance(self.queued_at, datetime.datetime):
            queued_at = self.queued_at.isoformat()
        else:
            queued_at = self.queued_at

        requester = self.requester

        review = self.review.to_dict()

        reviewed_at: None | str
        if isinstance(self.reviewed_at, datetime.datetime):
            reviewed_at = self.reviewed_at.isoformat()
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
            rolled_back_at = self.rolled_back_at.isoformat()
        else:
            rolled_back_at = self.rolled_back_at

        service = self.service

        started_at: None | str
        if isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        status = self.status.value

        superseded_by: None | str
        if isinstance(self.superseded_by, UUID):
            superseded_by = str(self.superseded_by)
        else:
            superseded_by = self.superseded_by

        tier = self.tier.value

        unreviewed = self.unreviewed

        version = self.version

        work_references = self.work_references

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "approved_at": approved_at,
                "artifact_digest": artifact_digest,
                "build_id": build_id,
                "cancel_reason": cancel_reason,
                "created_at": created_at,
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "environment": environment,
                "execution": execution,
                "external_id": external_id,
                "finished_at": finished_at,
                "hidden": hidden,
                "id": id,
                "kind": kind,
                "notes": notes,
                "number": number,
                "on_behalf_of": on_behalf_of,
                "queued_at": queued_at,
                "requester": requester,
                "review": review,
                "reviewed_at": reviewed_at,
                "reviewed_by": reviewed_by,
                "revision": revision,
                "risk": risk,
                "rollback_plan": rollback_plan,
                "rolled_back_at": rolled_back_at,
                "service": service,
                "started_at": started_at,
                "status": status,
                "superseded_by": superseded_by,
                "tier": tier,
                "unreviewed": unreviewed,
                "version": version,
                "work_references": work_references,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment_execution import DeploymentExecution  # noqa: PLC0415
        from ..models.review import Review  # noqa: PLC0415

        d = dict(src_dict)

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

        approved_at = _parse_approved_at(d.pop("approved_at"))

        def _parse_artifact_digest(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        artifact_digest = _parse_artifact_digest(d.pop("artifact_digest"))

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

        build_id = _parse_build_id(d.pop("build_id"))

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

        cancel_reason = _parse_cancel_reason(d.pop("cancel_reason"))

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

        deployed_at = _parse_deployed_at(d.pop("deployed_at"))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by"))

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

        execution = _parse_execution(d.pop("execution"))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

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

        finished_at = _parse_finished_at(d.pop("finished_at"))

        hidden = d.pop("hidden")

        id = UUID(d.pop("id"))

        kind = DeploymentKind(d.pop("kind"))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes"))

        number = d.pop("number")

        def _parse_on_behalf_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        on_behalf_of = _parse_on_behalf_of(d.pop("on_behalf_of"))

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

        queued_at = _parse_queued_at(d.pop("queued_at"))

        requester = d.pop("requester")

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

        reviewed_at = _parse_reviewed_at(d.pop("reviewed_at"))

        def _parse_reviewed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reviewed_by = _parse_reviewed_by(d.pop("reviewed_by"))

        revision = d.pop("revision")

        def _parse_risk(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        risk = _parse_risk(d.pop("risk"))

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

        rolled_back_at = _parse_rolled_back_at(d.pop("rolled_back_at"))

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

        started_at = _parse_started_at(d.pop("started_at"))

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

        superseded_by = _parse_superseded_by(d.pop("superseded_by"))

        tier = Tier(d.pop("tier"))

        unreviewed = d.pop("unreviewed")

        version = d.pop("version")

        work_references = cast(list[str], d.pop("work_references"))

        deployment = cls(
            approved_at=approved_at,
            artifact_digest=artifact_digest,
            build_id=build_id,
            cancel_reason=cancel_reason,
            created_at=created_at,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            environment=environment,
            execution=execution,
            external_id=external_id,
            finished_at=finished_at,
            hidden=hidden,
            id=id,
            kind=kind,
            notes=notes,
            number=number,
            on_behalf_of=on_behalf_of,
            queued_at=queued_at,
            requester=requester,
            review=review,
            reviewed_at=reviewed_at,
            reviewed_by=reviewed_by,
            revision=revision,
            risk=risk,
            rollback_plan=rollback_plan,
            rolled_back_at=rolled_back_at,
            service=service,
            started_at=started_at,
            status=status,
            superseded_by=superseded_by,
            tier=tier,
            unreviewed=unreviewed,
            version=version,
            work_references=work_references,
        )

        return deployment
