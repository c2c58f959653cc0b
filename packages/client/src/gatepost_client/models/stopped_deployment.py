from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..plain_values import to_json

T = TypeVar("T", bound="StoppedDeployment")


@_attrs_define
class StoppedDeployment:
    """A deployment waiting to start in the scope of a freeze."""

    deployment_id: UUID
    """ The id of the deployment. """
    environment: str
    """ The environment's name. """
    number: str
    """ The number of the deployment, as in `DEP-42`. """
    service: str
    """ The service's name. """
    status: DeploymentStatus
    """ The current status of a deployment. """
    version: str
    """ The version that the deployment would deploy. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deployment_id = str(self.deployment_id)

        environment = self.environment

        number = self.number

        service = self.service

        status = to_json(self.status)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployment_id": deployment_id,
                "environment": environment,
                "number": number,
                "service": service,
                "status": status,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deployment_id = UUID(d.pop("deployment_id"))

        environment = d.pop("environment")

        number = d.pop("number")

        service = d.pop("service")

        status = DeploymentStatus(d.pop("status"))

        version = d.pop("version")

        stopped_deployment = cls(
            deployment_id=deployment_id,
            environment=environment,
            number=number,
            service=service,
            status=status,
            version=version,
        )

        stopped_deployment.additional_properties = d
        return stopped_deployment

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
