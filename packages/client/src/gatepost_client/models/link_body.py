from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="LinkBody")


@_attrs_define
class LinkBody:
    """The deployment that caused an incident."""

    deployment: None | str
    """ The deployment that caused the incident. Null to state that no deployment caused it. """
    actor: None | str | Unset = UNSET
    """ The person to act for. Defaults to the caller; naming someone else requires the `act_as` role. """
    note: None | str | Unset = UNSET
    """ How the cause was determined. Recorded with the change. """

    def to_dict(self) -> dict[str, Any]:
        deployment: None | str
        deployment = self.deployment

        actor: None | str | Unset
        if isinstance(self.actor, Unset):
            actor = UNSET
        else:
            actor = self.actor

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "deployment": deployment,
            }
        )
        if actor is not UNSET:
            field_dict["actor"] = actor
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_deployment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployment = _parse_deployment(d.pop("deployment", None))

        def _parse_actor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        actor = _parse_actor(d.pop("actor", UNSET))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        link_body = cls(
            deployment=deployment,
            actor=actor,
            note=note,
        )

        return link_body
