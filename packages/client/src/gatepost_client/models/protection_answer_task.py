from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="ProtectionAnswerTask")


@_attrs_define
class ProtectionAnswerTask:
    """A task to answer a GitHub job: request a token, then send a message once with that token."""

    app_token: str
    """ The bearer token for `token_url`, signed with the GitHub App's private key. It is valid for five minutes.
    """
    body: str
    """ The body of the answer, to be sent unchanged in UTF-8. """
    fencing_token: int
    """ The fencing token to send with the result. A result with a superseded token is refused. """
    id: UUID
    """ The answer's id. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can send the answer. """
    outgoing_allow: list[str]
    """ The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits. """
    timeout_s: int
    """ The time limit for each of the two requests, in seconds. """
    token_url: str
    """ The URL that issues a token for the GitHub App's installation in response to a POST request. """
    url: str
    """ The URL to which the answer is sent with POST and the installation's token. Redirects must not be followed.
    """
    kind: Literal["protection_answer"] = "protection_answer"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        app_token = self.app_token

        body = self.body

        fencing_token = self.fencing_token

        id = str(self.id)

        kind = self.kind

        leased_until = to_json(self.leased_until)

        outgoing_allow = self.outgoing_allow

        timeout_s = self.timeout_s

        token_url = self.token_url

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "app_token": app_token,
                "body": body,
                "fencing_token": fencing_token,
                "id": id,
                "kind": kind,
                "leased_until": leased_until,
                "outgoing_allow": outgoing_allow,
                "timeout_s": timeout_s,
                "token_url": token_url,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        app_token = d.pop("app_token")

        body = d.pop("body")

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        kind = cast(Literal["protection_answer"], d.pop("kind"))
        if kind != "protection_answer":
            raise ValueError(f"kind must match const 'protection_answer', got '{kind}'")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        timeout_s = d.pop("timeout_s")

        token_url = d.pop("token_url")

        url = d.pop("url")

        protection_answer_task = cls(
            app_token=app_token,
            body=body,
            fencing_token=fencing_token,
            id=id,
            kind=kind,
            leased_until=leased_until,
            outgoing_allow=outgoing_allow,
            timeout_s=timeout_s,
            token_url=token_url,
            url=url,
        )

        protection_answer_task.additional_properties = d
        return protection_answer_task

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
