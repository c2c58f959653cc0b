"""Text as a literal of each language that contracts are written in.

A literal is printable ASCII and stays on its line. So a reviewer sees everything there is: nothing
hides in invisible or reordering characters, and no version of Unicode decides on the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SHORT_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_NEEDS_ESCAPE: Final = re.compile(r'[^ -~]|["\\]')
_TEMPLATE_START: Final = re.compile(r"[$%](?=\{)")


def quote_hcl(text: str) -> str:
    r"""A quoted string of Terraform, in which nothing is interpolated.

    `${` and `%{` lose their meaning as `\u0024{` and `\u0025{`: their own escapes, `$${` and `%%{`,
    are ambiguous behind another `$` or `%`. Terraform itself normalises strings to NFC.
    """
    literal = _NEEDS_ESCAPE.sub(_escape, text)
    return f'"{_TEMPLATE_START.sub(_escape, literal)}"'


def quote_yaml(text: str) -> str:
    """A double-quoted scalar (YAML 1.2 §5.7): no reader takes it for a number, a date or a yes.

    Always quoted, since `1e3`, `0o7` and `on` are names of services too, and which of them are
    plain text differs from one YAML library to the next.
    """
    return f'"{_NEEDS_ESCAPE.sub(_escape, text)}"'


def quote_yaml_list(texts: Iterable[str]) -> str:
    """A flow sequence of such scalars."""
    return f"[{', '.join(quote_yaml(text) for text in texts)}]"


def quote_groovy_label(name: str) -> str:
    r"""A single-quoted string of Groovy that holds a DNS label.

    No free text comes here: the Groovy of Jenkins replaces `\u0027` by a quote before it looks for
    the end of a string, and even where a backslash precedes it.

    Raises:
        ValueError: it has other characters than a DNS label.
    """
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is no DNS label")
    return f"'{name}'"


def escape_groovy_text(text: str) -> str:
    """The inside of a triple-quoted string of Groovy, in which nothing is interpolated."""
    return text.replace("\\", r"\\").replace("'''", r"\'\'\'")


def _escape(character: re.Match[str]) -> str:
    if short := _SHORT_ESCAPES.get(character[0]):
        return short
    code = ord(character[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # four digits
