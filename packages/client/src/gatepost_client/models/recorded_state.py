from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.recorded_state_columns import RecordedStateColumns


T = TypeVar("T", bound="RecordedState")


@_attrs_define
class RecordedState:
    """The deployment as stored, in the form from which the digest in events is computed."""

    columns: RecordedStateColumns
    """ The columns that are not null. Lists and objects are JSON text. """
    digest: str
    """ The SHA-256 digest of `columns`. """
    event: int | None
    """ The `seq` of the event that recorded the digest. Null for imported rows, and for deployments last changed by
    a version of Gatepost that did not record digests. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        columns = to_json(self.columns)

        digest = self.digest

        event: int | None
        event = self.event

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "columns": columns,
                "digest": digest,
                "event": event,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_state_columns import RecordedStateColumns  # noqa: PLC0415

        d = dict(src_dict)
        columns = RecordedStateColumns.from_dict(d.pop("columns"))

        digest = d.pop("digest")

        def _parse_event(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        event = _parse_event(d.pop("event", None))

        recorded_state = cls(
            columns=columns,
            digest=digest,
            event=event,
        )

        recorded_state.additional_properties = d
        return recorded_state

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
