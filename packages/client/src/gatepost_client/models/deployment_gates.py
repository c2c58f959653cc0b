from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.action_offer import ActionOffer
    from ..models.gate import Gate


T = TypeVar("T", bound="DeploymentGates")


@_attrs_define
class DeploymentGates:
    """The gates of a deployment and the actions available to the caller."""

    actions: list[ActionOffer]
    """ The actions, and for each one whether the caller can perform it now and, if not, why. """
    can_start: bool
    """ Whether the deployment is approved and all its gates are open. """
    gates: list[Gate]
    """ The gates. Empty once the deployment has started or ended, except for the approval gate of a rejected
    deployment. """
    newer_target_message: None | str
    """ What the newer settings mean for the deployment. Null if there are no newer settings. """
    newer_target_version: int | None
    """ The current revision of the target's settings, if the waiting deployment uses an older one. Null if there is
    no newer one, and once the deployment has started or ended. """
    redeployed_target_message: None | str
    """ A sentence stating that this rollback redeploys a version with different target settings than before. Null
    if the settings are the same, or if either revision of the settings is unknown. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actions = []
        for actions_item_data in self.actions:
            actions_item = to_json(actions_item_data)
            actions.append(actions_item)

        can_start = self.can_start

        gates = []
        for gates_item_data in self.gates:
            gates_item = to_json(gates_item_data)
            gates.append(gates_item)

        newer_target_message: None | str
        newer_target_message = self.newer_target_message

        newer_target_version: int | None
        newer_target_version = self.newer_target_version

        redeployed_target_message: None | str
        redeployed_target_message = self.redeployed_target_message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actions": actions,
                "can_start": can_start,
                "gates": gates,
                "newer_target_message": newer_target_message,
                "newer_target_version": newer_target_version,
                "redeployed_target_message": redeployed_target_message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_offer import ActionOffer  # noqa: PLC0415
        from ..models.gate import Gate  # noqa: PLC0415

        d = dict(src_dict)
        actions = []
        _actions = d.pop("actions")
        for actions_item_data in _actions:
            actions_item = ActionOffer.from_dict(actions_item_data)

            actions.append(actions_item)

        can_start = d.pop("can_start")

        gates = []
        _gates = d.pop("gates")
        for gates_item_data in _gates:
            gates_item = Gate.from_dict(gates_item_data)

            gates.append(gates_item)

        def _parse_newer_target_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        newer_target_message = _parse_newer_target_message(d.pop("newer_target_message", None))

        def _parse_newer_target_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        newer_target_version = _parse_newer_target_version(d.pop("newer_target_version", None))

        def _parse_redeployed_target_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        redeployed_target_message = _parse_redeployed_target_message(
            d.pop("redeployed_target_message", None)
        )

        deployment_gates = cls(
            actions=actions,
            can_start=can_start,
            gates=gates,
            newer_target_message=newer_target_message,
            newer_target_version=newer_target_version,
            redeployed_target_message=redeployed_target_message,
        )

        deployment_gates.additional_properties = d
        return deployment_gates

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
