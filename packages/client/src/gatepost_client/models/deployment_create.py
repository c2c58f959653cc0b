from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="DeploymentCreate")


@_attrs_define
class DeploymentCreate:
    """The deployment to request. It cannot be edited later."""

    environment: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    rollback_plan: str
    """ How to revert the deployment if it fails. """
    service: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    version: str
    """ A registered version of the service. """
    work_references: list[str]
    """ The tickets or changes that are deployed: 1 to 20. """
    notes: None | str | Unset = UNSET
    """ Anything else that reviewers and operators should know. """
    requester: None | str | Unset = UNSET
    """ The person to request for. Defaults to the caller; naming someone else requires the `act_as` role. """
    risk: None | str | Unset = UNSET
    """ The risks of the deployment. Required if the environment's tier is `production`. """
    start: bool | None | Unset = UNSET
    """ Whether to start automatically once the deployment is approved and its gates are open. Defaults to the
    policy's `auto_start`. """

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        rollback_plan = self.rollback_plan

        service = self.service

        version = self.version

        work_references = self.work_references

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

        requester: None | str | Unset
        if isinstance(self.requester, Unset):
            requester = UNSET
        else:
            requester = self.requester

        risk: None | str | Unset
        if isinstance(self.risk, Unset):
            risk = UNSET
        else:
            risk = self.risk

        start: bool | None | Unset
        if isinstance(self.start, Unset):
            start = UNSET
        else:
            start = self.start

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "rollback_plan": rollback_plan,
                "service": service,
                "version": version,
                "work_references": work_references,
            }
        )
        if notes is not UNSET:
            field_dict["notes"] = notes
        if requester is not UNSET:
            field_dict["requester"] = requester
        if risk is not UNSET:
            field_dict["risk"] = risk
        if start is not UNSET:
            field_dict["start"] = start

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        environment = d.pop("environment")

        rollback_plan = d.pop("rollback_plan")

        service = d.pop("service")

        version = d.pop("version")

        work_references = cast(list[str], d.pop("work_references"))

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        def _parse_requester(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        requester = _parse_requester(d.pop("requester", UNSET))

        def _parse_risk(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        risk = _parse_risk(d.pop("risk", UNSET))

        def _parse_start(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        start = _parse_start(d.pop("start", UNSET))

        deployment_create = cls(
            environment=environment,
            rollback_plan=rollback_plan,
            service=service,
            version=version,
            work_references=work_references,
            notes=notes,
            requester=requester,
            risk=risk,
            start=start,
        )

        return deployment_create
