from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReleaseBody")


@_attrs_define
class ReleaseBody:
    """The reason for releasing a promotion hold."""

    reason: str
    """ Text of one or more lines, with at least one visible character. Tabs and line breaks are the only control or
    format characters allowed. """
    actor: None | str | Unset = UNSET
    """ The person to act for. Defaults to the caller; naming someone else requires the `act_as` role. """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        actor: None | str | Unset
        if isinstance(self.actor, Unset):
            actor = UNSET
        else:
            actor = self.actor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if actor is not UNSET:
            field_dict["actor"] = actor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        def _parse_actor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        actor = _parse_actor(d.pop("actor", UNSET))

        release_body = cls(
            reason=reason,
            actor=actor,
        )

        return release_body
