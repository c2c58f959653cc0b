from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_action import DeploymentAction
from ..plain_values import to_json

T = TypeVar("T", bound="ActionOffer")


@_attrs_define
class ActionOffer:
    """An action, and whether the caller can perform it now."""

    action: DeploymentAction
    """ An action on a deployment. """
    allowed: bool
    """ Whether the caller can perform the action now. """
    reason: None | str
    """ Why the action is not allowed. Null if it is allowed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action = to_json(self.action)

        allowed = self.allowed

        reason: None | str
        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        reason = _parse_reason(d.pop("reason", None))

        action_offer = cls(
            action=action,
            allowed=allowed,
            reason=reason,
        )

        action_offer.additional_properties = d
        return action_offer

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
