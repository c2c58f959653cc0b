from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="RetiredTarget")


@_attrs_define
class RetiredTarget:
    """A target that was retired."""

    environment: str
    """ The environment's name. """
    retired_at: datetime.datetime
    """ When the target was retired. Deployments made up to this time are no longer live. """
    service: str
    """ The service's name. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        retired_at = to_json(self.retired_at)

        service = self.service

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "environment": environment,
                "retired_at": retired_at,
                "service": service,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        environment = d.pop("environment")

        retired_at = datetime.datetime.fromisoformat(d.pop("retired_at"))

        service = d.pop("service")

        retired_target = cls(
            environment=environment,
            retired_at=retired_at,
            service=service,
        )

        retired_target.additional_properties = d
        return retired_target

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
