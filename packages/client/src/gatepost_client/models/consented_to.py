from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ConsentedTo")


@_attrs_define
class ConsentedTo:
    """What a reviewer approves: exactly the content that the digest covers."""

    artifact_digest: None | str
    """ The digest of the artifact, such as `sha256:…`. Null if unknown. """
    environment: str
    """ The environment's name. """
    policy_version: int
    """ The version of the environment's policy. """
    risk: None | str
    """ The accepted risk. Null if none was stated. """
    rollback_plan: str
    """ How the deployment can be undone. """
    service: str
    """ The service's name. """
    target_digest: None | str
    """ The digest of the target's settings. Null if the target has none. """
    target_version: int | None
    """ The version of the target's settings. Null if the target was not configured; the digest then does not cover
    this field or `target_digest`. """
    version: str
    """ The version to deploy. """
    work_references: list[str]
    """ The tickets or changes that are deployed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        artifact_digest: None | str
        artifact_digest = self.artifact_digest

        environment = self.environment

        policy_version = self.policy_version

        risk: None | str
        risk = self.risk

        rollback_plan = self.rollback_plan

        service = self.service

        target_digest: None | str
        target_digest = self.target_digest

        target_version: int | None
        target_version = self.target_version

        version = self.version

        work_references = self.work_references

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "artifact_digest": artifact_digest,
                "environment": environment,
                "policy_version": policy_version,
                "risk": risk,
                "rollback_plan": rollback_plan,
                "service": service,
                "target_digest": target_digest,
                "target_version": target_version,
                "version": version,
                "work_references": work_references,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_artifact_digest(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        artifact_digest = _parse_artifact_digest(d.pop("artifact_digest", None))

        environment = d.pop("environment")

        policy_version = d.pop("policy_version")

        def _parse_risk(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        risk = _parse_risk(d.pop("risk", None))

        rollback_plan = d.pop("rollback_plan")

        service = d.pop("service")

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

        version = d.pop("version")

        work_references = cast(list[str], d.pop("work_references"))

        consented_to = cls(
            artifact_digest=artifact_digest,
            environment=environment,
            policy_version=policy_version,
            risk=risk,
            rollback_plan=rollback_plan,
            service=service,
            target_digest=target_digest,
            target_version=target_version,
            version=version,
            work_references=work_references,
        )

        consented_to.additional_properties = d
        return consented_to

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
