from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.changed_version import ChangedVersion


T = TypeVar("T", bound="ReplacedDeployment")


@_attrs_define
class ReplacedDeployment:
    """The live deployment that is or was replaced."""

    deployed_at: datetime.datetime
    """ When the replaced version went live. """
    deployed_by: None | str
    """ Who carried out the deployment. Null if unknown. """
    deployment_id: UUID
    """ The id of the deployment. """
    live_for_s: int
    """ How long the replaced version was live, in seconds, until it was replaced or until now. """
    number: str
    """ The number of the deployment, as in `DEP-42`. """
    version: ChangedVersion
    """ A version that a deployment deploys, replaces, adds or removes. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deployed_at = to_json(self.deployed_at)

        deployed_by: None | str
        deployed_by = self.deployed_by

        deployment_id = str(self.deployment_id)

        live_for_s = self.live_for_s

        number = self.number

        version = to_json(self.version)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "deployment_id": deployment_id,
                "live_for_s": live_for_s,
                "number": number,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.changed_version import ChangedVersion  # noqa: PLC0415

        d = dict(src_dict)
        deployed_at = datetime.datetime.fromisoformat(d.pop("deployed_at"))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", None))

        deployment_id = UUID(d.pop("deployment_id"))

        live_for_s = d.pop("live_for_s")

        number = d.pop("number")

        version = ChangedVersion.from_dict(d.pop("version"))

        replaced_deployment = cls(
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            deployment_id=deployment_id,
            live_for_s=live_for_s,
            number=number,
            version=version,
        )

        replaced_deployment.additional_properties = d
        return replaced_deployment

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
