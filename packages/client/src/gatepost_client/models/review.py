from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.review_stage import ReviewStage
    from ..models.waived_review import WaivedReview


T = TypeVar("T", bound="Review")


@_attrs_define
class Review:
    """The progress of the review that the deployment's policy version requires."""

    digest: str
    """ The SHA-256 digest of everything that a reviewer approves. Approvals are bound to it. """
    label: str
    """ The label of the review: `requested`; `approved_by_<stage>` for the stage satisfied most recently;
    `approved_by_policy` if the policy requires no approval; `break_glass` if approval was bypassed; `rejected`;
    `executed` once the deployment has succeeded, even if it was rolled back later. """
    policy_version: int
    """ The version of the policy under which the deployment was requested. """
    stages: list[ReviewStage]
    """ The stages in order. A stage opens when the previous one is satisfied. """
    waived: None | WaivedReview
    """ The policy that waived the review, if the deployment started without a human's approval and the
    environment's tier was `production` when the deployment started or at any earlier time. Null otherwise, and
    after break-glass. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.waived_review import WaivedReview  # noqa: PLC0415

        digest = self.digest

        label = self.label

        policy_version = self.policy_version

        stages = []
        for stages_item_data in self.stages:
            stages_item = to_json(stages_item_data)
            stages.append(stages_item)

        waived: dict[str, Any] | None
        if isinstance(self.waived, WaivedReview):
            waived = to_json(self.waived)
        else:
            waived = self.waived

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "digest": digest,
                "label": label,
                "policy_version": policy_version,
                "stages": stages,
                "waived": waived,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.review_stage import ReviewStage  # noqa: PLC0415
        from ..models.waived_review import WaivedReview  # noqa: PLC0415

        d = dict(src_dict)
        digest = d.pop("digest")

        label = d.pop("label")

        policy_version = d.pop("policy_version")

        stages = []
        _stages = d.pop("stages")
        for stages_item_data in _stages:
            stages_item = ReviewStage.from_dict(stages_item_data)

            stages.append(stages_item)

        def _parse_waived(data: object) -> None | WaivedReview:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                waived_type_0 = WaivedReview.from_dict(data)

                return waived_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WaivedReview, data)

        waived = _parse_waived(d.pop("waived", None))

        review = cls(
            digest=digest,
            label=label,
            policy_version=policy_version,
            stages=stages,
            waived=waived,
        )

        review.additional_properties = d
        return review

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
