from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bucket import Bucket
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.count_figure import CountFigure
    from ..models.delivery_bucket import DeliveryBucket
    from ..models.delivery_figures import DeliveryFigures


T = TypeVar("T", bound="DeliveryReport")


@_attrs_define
class DeliveryReport:
    """How often, how fast and how reliably changes were deployed in a period."""

    after_reviews_open: CountFigure
    """ A count of deployments. """
    after_reviews_overdue: CountFigure
    """ A count of deployments. """
    bucket: Bucket
    """ The length of a report's buckets. Buckets start and end at midnight UTC. """
    buckets: list[DeliveryBucket]
    """ Consecutive days, weeks (from Monday) or months in UTC that together cover the period. """
    figures: DeliveryFigures
    """ The metrics for a period. """
    placement: str
    """ The rule that determines the time at which every metric counts a deployment. """
    since: datetime.datetime
    """ When the period starts. """
    until: datetime.datetime
    """ The end of the period, exclusive. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after_reviews_open = to_json(self.after_reviews_open)

        after_reviews_overdue = to_json(self.after_reviews_overdue)

        bucket = to_json(self.bucket)

        buckets = []
        for buckets_item_data in self.buckets:
            buckets_item = to_json(buckets_item_data)
            buckets.append(buckets_item)

        figures = to_json(self.figures)

        placement = self.placement

        since = to_json(self.since)

        until = to_json(self.until)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after_reviews_open": after_reviews_open,
                "after_reviews_overdue": after_reviews_overdue,
                "bucket": bucket,
                "buckets": buckets,
                "figures": figures,
                "placement": placement,
                "since": since,
                "until": until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.count_figure import CountFigure  # noqa: PLC0415
        from ..models.delivery_bucket import DeliveryBucket  # noqa: PLC0415
        from ..models.delivery_figures import DeliveryFigures  # noqa: PLC0415

        d = dict(src_dict)
        after_reviews_open = CountFigure.from_dict(d.pop("after_reviews_open"))

        after_reviews_overdue = CountFigure.from_dict(d.pop("after_reviews_overdue"))

        bucket = Bucket(d.pop("bucket"))

        buckets = []
        _buckets = d.pop("buckets")
        for buckets_item_data in _buckets:
            buckets_item = DeliveryBucket.from_dict(buckets_item_data)

            buckets.append(buckets_item)

        figures = DeliveryFigures.from_dict(d.pop("figures"))

        placement = d.pop("placement")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        until = datetime.datetime.fromisoformat(d.pop("until"))

        delivery_report = cls(
            after_reviews_open=after_reviews_open,
            after_reviews_overdue=after_reviews_overdue,
            bucket=bucket,
            buckets=buckets,
            figures=figures,
            placement=placement,
            since=since,
            until=until,
        )

        delivery_report.additional_properties = d
        return delivery_report

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
