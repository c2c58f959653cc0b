from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gate_kind import GateKind
from ..models.gate_state import GateState
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.dependence import Dependence


T = TypeVar("T", bound="Gate")


@_attrs_define
class Gate:
    """A condition for starting a deployment."""

    code: str
    """ A stable reason code. A start refused by this gate returns the same code. """
    kind: GateKind
    """ The kind of a gate: what it waits for before the deployment can start. """
    message: str
    """ Why the gate is in this state and what opens it. """
    opens_at: datetime.datetime | None
    """ When the gate opens automatically. Null if unknown. """
    since: datetime.datetime | None
    """ When the gate entered this state. Null if unknown. """
    state: GateState
    """ Whether the gate allows the deployment to start. """
    who_can_act: list[str]
    """ Who can open or override the gate: a user (`user:ada`), a group (`group:qa`) or the name of a role. For
    missing approvals, the people who are currently able to approve; if there are more than 20, also the groups.
    Empty if no one can; in that case, the message gives the reason and what to do. """
    would_be_dependent: list[Dependence]
    """ For missing approvals: the marks that approvals by the people in `who_can_act` would add to the deployment,
    because one person could have acted both as the reviewer and as someone else behind the deployment. Empty for
    all other gates. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        kind = to_json(self.kind)

        message = self.message

        opens_at: None | str
        if isinstance(self.opens_at, datetime.datetime):
            opens_at = to_json(self.opens_at)
        else:
            opens_at = self.opens_at

        since: None | str
        if isinstance(self.since, datetime.datetime):
            since = to_json(self.since)
        else:
            since = self.since

        state = to_json(self.state)

        who_can_act = self.who_can_act

        would_be_dependent = []
        for would_be_dependent_item_data in self.would_be_dependent:
            would_be_dependent_item = to_json(would_be_dependent_item_data)
            would_be_dependent.append(would_be_dependent_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "kind": kind,
                "message": message,
                "opens_at": opens_at,
                "since": since,
                "state": state,
                "who_can_act": who_can_act,
                "would_be_dependent": would_be_dependent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dependence import Dependence  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("code")

        kind = GateKind(d.pop("kind"))

        message = d.pop("message")

        def _parse_opens_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                opens_at_type_0 = datetime.datetime.fromisoformat(data)

                return opens_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        opens_at = _parse_opens_at(d.pop("opens_at", None))

        def _parse_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        since = _parse_since(d.pop("since", None))

        state = GateState(d.pop("state"))

        who_can_act = cast(list[str], d.pop("who_can_act"))

        would_be_dependent = []
        _would_be_dependent = d.pop("would_be_dependent")
        for would_be_dependent_item_data in _would_be_dependent:
            would_be_dependent_item = Dependence.from_dict(would_be_dependent_item_data)

            would_be_dependent.append(would_be_dependent_item)

        gate = cls(
            code=code,
            kind=kind,
            message=message,
            opens_at=opens_at,
            since=since,
            state=state,
            who_can_act=who_can_act,
            would_be_dependent=would_be_dependent,
        )

        gate.additional_properties = d
        return gate

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
