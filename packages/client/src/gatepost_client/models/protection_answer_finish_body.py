from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProtectionAnswerFinishBody")


@_attrs_define
class ProtectionAnswerFinishBody:
    """The result of an attempt to answer a GitHub job."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    detail: str | Unset = UNSET
    """ Text with any number of lines. Control and format characters are replaced by U+FFFD, except tabs and line
    breaks. """
    retry_after_s: int | None | Unset = UNSET
    """ The value of the `Retry-After` header, in seconds. Null if the response had none. """
    status: int | None | Unset = UNSET
    """ The HTTP status with which GitHub responded to the answer. Null if the answer was not sent or there was no
    response. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

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

        protection_answer_finish_body = cls(
            fencing_token=fencing_token,
            detail=detail,
            retry_after_s=retry_after_s,
            status=status,
        )

        return protection_answer_finish_body
