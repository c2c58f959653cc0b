from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="VersionBlock")


@_attrs_define
class VersionBlock:
    """A version that was rolled back in an environment and cannot be deployed there."""

    actor: str
    """ Who rolled the version back. """
    at: datetime.datetime
    """ When the version was blocked. """
    deployment_id: UUID
    """ The deployment that was rolled back. """
    environment: str
    """ The environment's name. """
    reason: str
    """ Why the version was blocked. """
    service: str
    """ The service's name. """
    version: str
    """ The blocked version. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        deployment_id = str(self.deployment_id)

        environment = self.environment

        reason = self.reason

        service = self.service

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "deployment_id": deployment_id,
                "environment": environment,
                "reason": reason,
                "service": service,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        deployment_id = UUID(d.pop("deployment_id"))

        environment = d.pop("environment")

        reason = d.pop("reason")

        service = d.pop("service")

        version = d.pop("version")

        version_block = cls(
            actor=actor,
            at=at,
            deployment_id=deployment_id,
            environment=environment,
            reason=reason,
            service=service,
            version=version,
        )

        version_block.additional_properties = d
        return version_block

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
