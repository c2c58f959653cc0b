from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReadinessBody")


@_attrs_define
class ReadinessBody:
    """Where to ask, after the rollout, until it answers."""

    path: str
    """ What comes behind the base URL, a query included. """
    interval_s: int | Unset = UNSET
    """ How long to wait before asking again. """
    timeout_s: int | Unset = UNSET
    """ How long to keep asking. """

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        interval_s = self.interval_s

        timeout_s = self.timeout_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
            }
        )
        if interval_s is not UNSET:
            field_dict["interval_s"] = interval_s
        if timeout_s is not UNSET:
            field_dict["timeout_s"] = timeout_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        interval_s = d.pop("interval_s", UNSET)

        timeout_s = d.pop("timeout_s", UNSET)

        readiness_body = cls(
            path=path,
            interval_s=interval_s,
            timeout_s=timeout_s,
        )

        return readiness_body
