from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="WorkerClaim")


@_attrs_define
class WorkerClaim:
    """A deployment that a worker is executing."""

    deployment: UUID
    """ The deployment's id. """
    lease_until: datetime.datetime
    """ When another worker can take over the deployment, unless the lease is renewed. """
    number: str
    """ The deployment's number. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deployment = str(self.deployment)

        lease_until = to_json(self.lease_until)

        number = self.number

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployment": deployment,
                "lease_until": lease_until,
                "number": number,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deployment = UUID(d.pop("deployment"))

        lease_until = datetime.datetime.fromisoformat(d.pop("lease_until"))

        number = d.pop("number")

        worker_claim = cls(
            deployment=deployment,
            lease_until=lease_until,
            number=number,
        )

        worker_claim.additional_properties = d
        return worker_claim

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
