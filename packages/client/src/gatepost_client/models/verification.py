from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.fault import Fault


T = TypeVar("T", bound="Verification")


@_attrs_define
class Verification:
    """The result of verifying the event log and comparing all stored data with it."""

    checkpoint: None | str
    """ The signed checkpoint of the verified events. Null if there are faults. """
    events: int
    """ The number of events before the first faulty one; the number of all events if none is faulty. """
    faults: list[Fault]
    """ The faults, at most about a thousand; verification stops when that number is reached. """
    notices: list[Fault]
    """ Findings that are unusual but do not prove tampering, such as a clock that was set back. """
    ok: bool
    """ Whether verification found no faults. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checkpoint: None | str
        checkpoint = self.checkpoint

        events = self.events

        faults = []
        for faults_item_data in self.faults:
            faults_item = to_json(faults_item_data)
            faults.append(faults_item)

        notices = []
        for notices_item_data in self.notices:
            notices_item = to_json(notices_item_data)
            notices.append(notices_item)

        ok = self.ok

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
                "events": events,
                "faults": faults,
                "notices": notices,
                "ok": ok,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fault import Fault  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_checkpoint(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        checkpoint = _parse_checkpoint(d.pop("checkpoint", None))

        events = d.pop("events")

        faults = []
        _faults = d.pop("faults")
        for faults_item_data in _faults:
            faults_item = Fault.from_dict(faults_item_data)

            faults.append(faults_item)

        notices = []
        _notices = d.pop("notices")
        for notices_item_data in _notices:
            notices_item = Fault.from_dict(notices_item_data)

            notices.append(notices_item)

        ok = d.pop("ok")

        verification = cls(
            checkpoint=checkpoint,
            events=events,
            faults=faults,
            notices=notices,
            ok=ok,
        )

        verification.additional_properties = d
        return verification

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
