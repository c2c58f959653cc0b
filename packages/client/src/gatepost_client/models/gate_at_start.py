from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gate_kind import GateKind
from ..models.gate_state import GateState
from ..plain_values import to_json

T = TypeVar("T", bound="GateAtStart")


@_attrs_define
class GateAtStart:
    """The state of a gate when the deployment started."""

    code: str
    """ The code of the gate's state. """
    kind: GateKind
    """ The kind of a gate: what it waits for before the deployment can start. """
    message: None | str
    """ Who overrode the gate and why. Null if it was not overridden. """
    state: GateState
    """ Whether the gate allows the deployment to start. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        kind = to_json(self.kind)

        message: None | str
        message = self.message

        state = to_json(self.state)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "kind": kind,
                "message": message,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        kind = GateKind(d.pop("kind"))

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message", None))

        state = GateState(d.pop("state"))

        gate_at_start = cls(
            code=code,
            kind=kind,
            message=message,
            state=state,
        )

        gate_at_start.additional_properties = d
        return gate_at_start

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
