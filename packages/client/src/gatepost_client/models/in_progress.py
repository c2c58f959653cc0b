from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..plain_values import to_json

T = TypeVar("T", bound="InProgress")


@_attrs_define
class InProgress:
    """The rollout in progress or, if there is none, the next one in the queue."""

    deployment_id: UUID
    """ The id of the deployment. """
    number: str
    """ The number of the deployment, as in `DEP-42`. """
    status: DeploymentStatus
    """ The current status of a deployment. """
    version: str
    """ The version that is being deployed, or will be next. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deployment_id = str(self.deployment_id)

        number = self.number

        status = to_json(self.status)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployment_id": deployment_id,
                "number": number,
                "status": status,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deployment_id = UUID(d.pop("deployment_id"))

        number = d.pop("number")

        status = DeploymentStatus(d.pop("status"))

        version = d.pop("version")

        in_progress = cls(
            deployment_id=deployment_id,
            number=number,
            status=status,
            version=version,
        )

        in_progress.additional_properties = d
        return in_progress

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
