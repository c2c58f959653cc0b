from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.gate_kind import GateKind
from ..models.gate_state import GateState

T = TypeVar("T", bound="GateAtStart")


@_attrs_define
class GateAtStart:
    """The state of a gate when the deployment started."""

    code: str
    kind: GateKind
    """ What a deployment waits for before it can start. """
    message: None | str
    """ Who overrode the gate and why. Null if it was not overridden. """
    state: GateState
    """ Whether the gate allows the deployment to start. """

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        kind = self.kind.value

        message: None | str
        message = self.message

        state = self.state.value

        field_dict: dict[str, Any] = {}

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

        message = _parse_message(d.pop("message"))

        state = GateState(d.pop("state"))

        gate_at_start = cls(
            code=code,
            kind=kind,
            message=message,
            state=state,
        )

        return gate_at_start
