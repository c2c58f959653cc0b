from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ProblemError")


@_attrs_define
class ProblemError:
    """One error in the input."""

    detail: str
    """ What is wrong at this location. """
    pointer: str
    """ The location: `#/risk` in the body (RFC 6901), `query/cursor`, `header/If-Match` or `path/…`. """

    def to_dict(self) -> dict[str, Any]:
        detail = self.detail

        pointer = self.pointer

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "detail": detail,
                "pointer": pointer,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detail = d.pop("detail")

        pointer = d.pop("pointer")

        problem_error = cls(
            detail=detail,
            pointer=pointer,
        )

        return problem_error
