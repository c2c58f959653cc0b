from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RetiredTarget")


@_attrs_define
class RetiredTarget:
    """A target that was retired."""

    environment: str
    retired_at: datetime.datetime
    """ When the target was retired. Deployments up to this time are no longer live. """
    service: str

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        retired_at = self.retired_at.isoformat()

        service = self.service

        field_dict: dict[str, Any] = {}

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

        return retired_target
