from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.deployment_action import DeploymentAction

T = TypeVar("T", bound="ActionOffer")


@_attrs_define
class ActionOffer:
    """Whether the caller can perform an action now."""

    action: DeploymentAction
    """ What an actor does to a deployment. """
    allowed: bool
    reason: None | str
    """ Why the action is not allowed. Null if it is allowed. """

    def to_dict(self) -> dict[str, Any]:
        action = self.action.value

        allowed = self.allowed

        reason: None | str
        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
                "allowed": allowed,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = DeploymentAction(d.pop("action"))

        allowed = d.pop("allowed")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        action_offer = cls(
            action=action,
            allowed=allowed,
            reason=reason,
        )

        return action_offer
