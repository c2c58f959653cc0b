from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.pending_review import PendingReview
    from ..models.review_refused import ReviewRefused


T = TypeVar("T", bound="InboxPage")


@_attrs_define
class InboxPage:
    """A page of deployments waiting for the caller's review."""

    items: list[PendingReview]
    """ The items of this page. """
    next_cursor: None | str
    """ The `cursor` of the next page. Null on the last page. """
    refused: list[ReviewRefused]
    """ The deployments that the caller could review if their policies did not require independent reviewers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = to_json(items_item_data)
            items.append(items_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        refused = []
        for refused_item_data in self.refused:
            refused_item = to_json(refused_item_data)
            refused.append(refused_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "next_cursor": next_cursor,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pending_review import PendingReview  # noqa: PLC0415
        from ..models.review_refused import ReviewRefused  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = PendingReview.from_dict(items_item_data)

            items.append(items_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor", None))

        refused = []
        _refused = d.pop("refused")
        for refused_item_data in _refused:
            refused_item = ReviewRefused.from_dict(refused_item_data)

            refused.append(refused_item)

        inbox_page = cls(
            items=items,
            next_cursor=next_cursor,
            refused=refused,
        )

        inbox_page.additional_properties = d
        return inbox_page

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
