from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.health_state import HealthState

T = TypeVar("T", bound="Health")


@_attrs_define
class Health:
    """The health of the server."""

    reason: None | str
    """ Why the server is unhealthy. Null if it is healthy. """
    status: HealthState
    """ Whether the server is healthy. """

    def to_dict(self) -> dict[str, Any]:
        reason: None | str
        reason = self.reason

        status = self.status.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        status = HealthState(d.pop("status"))

        health = cls(
            reason=reason,
            status=status,
        )

        return health
