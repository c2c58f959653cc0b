from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.freeze_period import FreezePeriod
    from ..models.freeze_stops import FreezeStops


T = TypeVar("T", bound="FreezePreview")


@_attrs_define
class FreezePreview:
    """When a freeze would be active, and what it would stop."""

    first: FreezePeriod | None
    """ The first period. Null if there is none within ten years. """
    next_: list[FreezePeriod]
    """ Up to five periods, beginning with the one in `first`. """
    stops: FreezeStops
    """ The services, environments and waiting deployments in the scope of a freeze. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.freeze_period import FreezePeriod  # noqa: PLC0415

        first: dict[str, Any] | None
        if isinstance(self.first, FreezePeriod):
            first = to_json(self.first)
        else:
            first = self.first

        next_ = []
        for next_item_data in self.next_:
            next_item = to_json(next_item_data)
            next_.append(next_item)

        stops = to_json(self.stops)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first": first,
                "next": next_,
                "stops": stops,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.freeze_period import FreezePeriod  # noqa: PLC0415
        from ..models.freeze_stops import FreezeStops  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_first(data: object) -> FreezePeriod | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                first_type_0 = FreezePeriod.from_dict(data)

                return first_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FreezePeriod | None, data)

        first = _parse_first(d.pop("first", None))

        next_ = []
        _next_ = d.pop("next")
        for next_item_data in _next_:
            next_item = FreezePeriod.from_dict(next_item_data)

            next_.append(next_item)

        stops = FreezeStops.from_dict(d.pop("stops"))

        freeze_preview = cls(
            first=first,
            next_=next_,
            stops=stops,
        )

        freeze_preview.additional_properties = d
        return freeze_preview

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
