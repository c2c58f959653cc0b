from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

T = TypeVar("T", bound="CommandExecutorBody")


@_attrs_define
class CommandExecutorBody:
    """A program that runs on the worker's machine, if the worker allows it."""

    arguments: list[str]
    """ The program and its arguments. Not interpreted by a shell. """
    kind: Literal["command"] = "command"
    """ Identifies which of the alternatives the object is. """

    def to_dict(self) -> dict[str, Any]:
        arguments = self.arguments

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "arguments": arguments,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        arguments = cast(list[str], d.pop("arguments"))

        kind = cast(Literal["command"], d.pop("kind"))
        if kind != "command":
            raise ValueError(f"kind must match const 'command', got '{kind}'")

        command_executor_body = cls(
            arguments=arguments,
            kind=kind,
        )

        return command_executor_body
