"""Quoting of text as a string literal in the languages of contract files: HCL, YAML and Groovy.

A literal is printable ASCII on one line. It therefore contains no invisible or reordering
characters that could mislead reviewers, and its bytes do not depend on the Unicode version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SHORT_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_NEEDS_ESCAPE: Final = re.compile(r'[^ -~]|["\\]')
_TEMPLATE_START: Final = re.compile(r"[$%](?=\{)")


def quote_hcl(text: str) -> str:
    r"""Return a quoted Terraform string without interpolation.

    `${` and `%{` are written as `\u0024{` and `\u0025{`: their own escapes, `$${` and `%%{`, are
    ambiguous after another `$` or `%`. Terraform itself normalizes strings to NFC.
    """
    literal = _NEEDS_ESCAPE.sub(_escape, text)
    return f'"{_TEMPLATE_START.sub(_escape, literal)}"'


def quote_yaml(text: str) -> str:
    """Return a double-quoted scalar (YAML 1.2 §5.7), which every parser reads as a string.

    Names such as `1e3`, `0o7` and `on` are always quoted, because YAML libraries differ in which of
    them are strings.
    """
    return f'"{_NEEDS_ESCAPE.sub(_escape, text)}"'


def quote_yaml_list(texts: Iterable[str]) -> str:
    """Return a flow sequence of double-quoted scalars."""
    return f"[{', '.join(quote_yaml(text) for text in texts)}]"


def quote_groovy_label(name: str) -> str:
    r"""Return a single-quoted Groovy string that contains a DNS label.

    Free text is not accepted: Jenkins's Groovy replaces `\u0027` with a quote before it looks
    for the end of a string, even after a backslash.

    Raises:
        ValueError: the text is not a DNS label.
    """
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is not a DNS label")
    return f"'{name}'"


def escape_groovy_text(text: str) -> str:
    """Return the content of a triple-quoted Groovy string without interpolation."""
    return text.replace("\\", r"\\").replace("'''", r"\'\'\'")


def _escape(character: re.Match[str]) -> str:
    if escape := _SHORT_ESCAPES.get(character[0]):
        return escape
    code = ord(character[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # four digits
