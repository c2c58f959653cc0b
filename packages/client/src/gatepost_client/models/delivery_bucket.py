from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.delivery_figures import DeliveryFigures


T = TypeVar("T", bound="DeliveryBucket")


@_attrs_define
class DeliveryBucket:
    """The metrics for one day, week or month, limited to the period of the report."""

    figures: DeliveryFigures
    """ The metrics for a period. """
    since: datetime.datetime
    """ When the bucket starts. """
    until: datetime.datetime
    """ The end of the bucket, exclusive. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        figures = to_json(self.figures)

        since = to_json(self.since)

        until = to_json(self.until)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "figures": figures,
                "since": since,
                "until": until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delivery_figures import DeliveryFigures  # noqa: PLC0415

        d = dict(src_dict)
        figures = DeliveryFigures.from_dict(d.pop("figures"))

        since = datetime.datetime.fromisoformat(d.pop("since"))

        until = datetime.datetime.fromisoformat(d.pop("until"))

        delivery_bucket = cls(
            figures=figures,
            since=since,
            until=until,
        )

        delivery_bucket.additional_properties = d
        return delivery_bucket

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
