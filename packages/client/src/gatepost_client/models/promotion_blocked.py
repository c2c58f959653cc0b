from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PromotionBlocked")


@_attrs_define
class PromotionBlocked:
    """Why an automatic promotion did not happen."""

    code: str
    """ A stable reason code. """
    environment: str
    """ The environment to which the version would have been promoted. """
    reason: str

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        environment = self.environment

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "environment": environment,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        environment = d.pop("environment")

        reason = d.pop("reason")

        promotion_blocked = cls(
            code=code,
            environment=environment,
            reason=reason,
        )

        return promotion_blocked
