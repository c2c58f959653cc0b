from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RequestTextsBody")


@_attrs_define
class RequestTextsBody:
    """The texts of requests created for GitHub jobs that wait for a deployment protection rule."""

    rollback_plan: str
    """ How to return to the previous version if the deployment fails. """
    risk: None | str | Unset = UNSET
    """ The risk notes. Required for environments with the tier `production`. """

    def to_dict(self) -> dict[str, Any]:
        rollback_plan = self.rollback_plan

        risk: None | str | Unset
        if isinstance(self.risk, Unset):
            risk = UNSET
        else:
            risk = self.risk

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rollback_plan": rollback_plan,
            }
        )
        if risk is not UNSET:
            field_dict["risk"] = risk

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rollback_plan = d.pop("rollback_plan")

        def _parse_risk(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        risk = _parse_risk(d.pop("risk", UNSET))

        request_texts_body = cls(
            rollback_plan=rollback_plan,
            risk=risk,
        )

        return request_texts_body
