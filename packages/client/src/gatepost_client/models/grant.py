from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.role import Role

T = TypeVar("T", bound="Grant")


@_attrs_define
class Grant:
    """A role, optionally limited to one service, one environment or both."""

    environment: None | str
    """ The environment the role is limited to. Null means all environments. """
    role: Role
    """ What a user may do in addition to reading. Every signed-in user may read. """
    service: None | str
    """ The service the role is limited to. Null means all services. """

    def to_dict(self) -> dict[str, Any]:
        environment: None | str
        environment = self.environment

        role = self.role.value

        service: None | str
        service = self.service

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "role": role,
                "service": service,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_environment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment = _parse_environment(d.pop("environment"))

        role = Role(d.pop("role"))

        def _parse_service(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        service = _parse_service(d.pop("service"))

        grant = cls(
            environment=environment,
            role=role,
            service=service,
        )

        return grant
