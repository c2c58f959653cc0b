from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

T = TypeVar("T", bound="WebhookExecutorBody")


@_attrs_define
class WebhookExecutorBody:
    """A signed request to a CI engine that rolls the deployment out."""

    url: str
    """ An absolute http or https URL without a user name, password or fragment. """
    kind: Literal["webhook"] = "webhook"
    """ Identifies which of the alternatives the object is. """

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind

        url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = cast(Literal["webhook"], d.pop("kind"))
        if kind != "webhook":
            raise ValueError(f"kind must match const 'webhook', got '{kind}'")

        url = d.pop("url")

        webhook_executor_body = cls(
            kind=kind,
            url=url,
        )

        return webhook_executor_body
