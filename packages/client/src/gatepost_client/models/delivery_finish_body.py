from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="DeliveryFinishBody")


@_attrs_define
class DeliveryFinishBody:
    """The result of an attempt to send a message."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    took_ms: int
    """ The duration of the attempt, in milliseconds. """
    detail: str | Unset = UNSET
    """ Text with any number of lines. Control and format characters are replaced by U+FFFD, except tabs and line
    breaks. """
    retry_after_s: int | None | Unset = UNSET
    """ The value of the response's `Retry-After` header, in seconds. Null if there was none. """
    status: int | None | Unset = UNSET
    """ The HTTP status of the response. Null if there was no response. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        took_ms = self.took_ms

        detail = self.detail

        retry_after_s: int | None | Unset
        if isinstance(self.retry_after_s, Unset):
            retry_after_s = UNSET
        else:
            retry_after_s = self.retry_after_s

        status: int | None | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        else:
            status = self.status

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
                "took_ms": took_ms,
            }
        )
        if detail is not UNSET:
            field_dict["detail"] = detail
        if retry_after_s is not UNSET:
            field_dict["retry_after_s"] = retry_after_s
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        took_ms = d.pop("took_ms")

        detail = d.pop("detail", UNSET)

        def _parse_retry_after_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        retry_after_s = _parse_retry_after_s(d.pop("retry_after_s", UNSET))

        def _parse_status(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        delivery_finish_body = cls(
            fencing_token=fencing_token,
            took_ms=took_ms,
            detail=detail,
            retry_after_s=retry_after_s,
            status=status,
        )

        return delivery_finish_body
