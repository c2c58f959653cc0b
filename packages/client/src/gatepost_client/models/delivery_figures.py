from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.count_figure import CountFigure
    from ..models.duration_figure import DurationFigure
    from ..models.frequency_figure import FrequencyFigure
    from ..models.rate_figure import RateFigure


T = TypeVar("T", bound="DeliveryFigures")


@_attrs_define
class DeliveryFigures:
    """The metrics for a period."""

    approval_latency: DurationFigure
    """ A distribution of durations, in seconds. """
    break_glass_rate: RateFigure
    """ A proportion of deployments. """
    change_failure_rate: RateFigure
    """ A proportion of deployments. """
    dependent_approvals: CountFigure
    """ A count of deployments. """
    deployments: CountFigure
    """ A count of deployments. """
    expired: CountFigure
    """ A count of deployments. """
    frequency: FrequencyFigure
    """ The average number of deployments per day, and the deployments counted. """
    lead_time: DurationFigure
    """ A distribution of durations, in seconds. """
    lead_time_from_commit: DurationFigure
    """ A distribution of durations, in seconds. """
    lead_time_from_promotion: DurationFigure
    """ A distribution of durations, in seconds. """
    override_rate: RateFigure
    """ A proportion of deployments. """
    recovery_time: DurationFigure
    """ A distribution of durations, in seconds. """
    rejected: CountFigure
    """ A count of deployments. """
    rollbacks: CountFigure
    """ A count of deployments. """
    superseded: CountFigure
    """ A count of deployments. """
    unreviewed_changes: CountFigure
    """ A count of deployments. """
    waiting_time: DurationFigure
    """ A distribution of durations, in seconds. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        approval_latency = to_json(self.approval_latency)

        break_glass_rate = to_json(self.break_glass_rate)

        change_failure_rate = to_json(self.change_failure_rate)

        dependent_approvals = to_json(self.dependent_approvals)

        deployments = to_json(self.deployments)

        expired = to_json(self.expired)

        frequency = to_json(self.frequency)

        lead_time = to_json(self.lead_time)

        lead_time_from_commit = to_json(self.lead_time_from_commit)

        lead_time_from_promotion = to_json(self.lead_time_from_promotion)

        override_rate = to_json(self.override_rate)

        recovery_time = to_json(self.recovery_time)

        rejected = to_json(self.rejected)

        rollbacks = to_json(self.rollbacks)

        superseded = to_json(self.superseded)

        unreviewed_changes = to_json(self.unreviewed_changes)

        waiting_time = to_json(self.waiting_time)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "approval_latency": approval_latency,
                "break_glass_rate": break_glass_rate,
                "change_failure_rate": change_failure_rate,
                "dependent_approvals": dependent_approvals,
                "deployments": deployments,
                "expired": expired,
                "frequency": frequency,
                "lead_time": lead_time,
                "lead_time_from_commit": lead_time_from_commit,
                "lead_time_from_promotion": lead_time_from_promotion,
                "override_rate": override_rate,
                "recovery_time": recovery_time,
                "rejected": rejected,
                "rollbacks": rollbacks,
                "superseded": superseded,
                "unreviewed_changes": unreviewed_changes,
                "waiting_time": waiting_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.count_figure import CountFigure  # noqa: PLC0415
        from ..models.duration_figure import DurationFigure  # noqa: PLC0415
        from ..models.frequency_figure import FrequencyFigure  # noqa: PLC0415
        from ..models.rate_figure import RateFigure  # noqa: PLC0415

        d = dict(src_dict)
        approval_latency = DurationFigure.from_dict(d.pop("approval_latency"))

        break_glass_rate = RateFigure.from_dict(d.pop("break_glass_rate"))

        change_failure_rate = RateFigure.from_dict(d.pop("change_failure_rate"))

        dependent_approvals = CountFigure.from_dict(d.pop("dependent_approvals"))

        deployments = CountFigure.from_dict(d.pop("deployments"))

        expired = CountFigure.from_dict(d.pop("expired"))

        frequency = FrequencyFigure.from_dict(d.pop("frequency"))

        lead_time = DurationFigure.from_dict(d.pop("lead_time"))

        lead_time_from_commit = DurationFigure.from_dict(d.pop("lead_time_from_commit"))

        lead_time_from_promotion = DurationFigure.from_dict(d.pop("lead_time_from_promotion"))

        override_rate = RateFigure.from_dict(d.pop("override_rate"))

        recovery_time = DurationFigure.from_dict(d.pop("recovery_time"))

        rejected = CountFigure.from_dict(d.pop("rejected"))

        rollbacks = CountFigure.from_dict(d.pop("rollbacks"))

        superseded = CountFigure.from_dict(d.pop("superseded"))

        unreviewed_changes = CountFigure.from_dict(d.pop("unreviewed_changes"))

        waiting_time = DurationFigure.from_dict(d.pop("waiting_time"))

        delivery_figures = cls(
            approval_latency=approval_latency,
            break_glass_rate=break_glass_rate,
            change_failure_rate=change_failure_rate,
            dependent_approvals=dependent_approvals,
            deployments=deployments,
            expired=expired,
            frequency=frequency,
            lead_time=lead_time,
            lead_time_from_commit=lead_time_from_commit,
            lead_time_from_promotion=lead_time_from_promotion,
            override_rate=override_rate,
            recovery_time=recovery_time,
            rejected=rejected,
            rollbacks=rollbacks,
            superseded=superseded,
            unreviewed_changes=unreviewed_changes,
            waiting_time=waiting_time,
        )

        delivery_figures.additional_properties = d
        return delivery_figures

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
