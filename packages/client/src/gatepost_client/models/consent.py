from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.consented_to import ConsentedTo
    from ..models.digested_approval import DigestedApproval


T = TypeVar("T", bound="Consent")


@_attrs_define
class Consent:
    """What was approved, and by whom."""

    approvals: list[DigestedApproval]
    """ The approvals, in the order in which they were given. Empty if the deployment was approved by policy or
    through break-glass. """
    digest: str
    """ The SHA-256 digest of the content in `to`. """
    to: ConsentedTo
    """ What a reviewer approves: exactly the content that the digest covers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        approvals = []
        for approvals_item_data in self.approvals:
            approvals_item = to_json(approvals_item_data)
            approvals.append(approvals_item)

        digest = self.digest

        to = to_json(self.to)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "approvals": approvals,
                "digest": digest,
                "to": to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consented_to import ConsentedTo  # noqa: PLC0415
        from ..models.digested_approval import DigestedApproval  # noqa: PLC0415

        d = dict(src_dict)
        approvals = []
        _approvals = d.pop("approvals")
        for approvals_item_data in _approvals:
            approvals_item = DigestedApproval.from_dict(approvals_item_data)

            approvals.append(approvals_item)

        digest = d.pop("digest")

        to = ConsentedTo.from_dict(d.pop("to"))

        consent = cls(
            approvals=approvals,
            digest=digest,
            to=to,
        )

        consent.additional_properties = d
        return consent

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
