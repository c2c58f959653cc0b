from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReadinessBody")


@_attrs_define
class ReadinessBody:
    """A GET request, repeated after the rollout until the response is 2xx."""

    path: str
    """ The path below the base URL, with an optional query. """
    interval_s: int | Unset = UNSET
    """ The pause between probes, in seconds. """
    timeout_s: int | Unset = UNSET
    """ How long to keep probing, in seconds. """

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
