"""Safe display of user-provided text, which must not hide anything or reorder the text around it.

Invisible characters become U+FFFD wherever a template shows a value. In the text of a page, a value
with characters of other scripts is also wrapped in a `<bdi>`, so that it cannot reorder the text
around it. Both apply to every expression in every template, so no template can forget them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from gatepost_domain.allowed_characters import replace_invisible_characters

_OTHER_LETTERS: Final = re.compile(r"[^\x00-\x7f\xa0\xb7\xd7\u2000-\u2bff]")
"""A character that is not an unaccented Latin letter, a digit, punctuation or a symbol."""
_PLAIN_TEXT_ELEMENTS: Final = frozenset({"title", "option", "textarea"})
"""The elements that can contain only text, and therefore no `<bdi>`."""
_MARKUP: Final = re.compile(r"""</?[a-z0-9]*|["<>]""")
"""The beginning or end of a tag, or a double quote."""


def to_display_text(value: object) -> object:
    """Return a value for display in text or an attribute, with hidden characters replaced."""
    return (
        replace_invisible_characters(value)
        if isinstance(value, str) and not _is_markup(value)
        else value
    )


def isolate(value: object) -> object:
    """Return a value for display in text, in a `<bdi>` if it contains non-ASCII letters."""
    if not isinstance(value, str) or _is_markup(value):
        return value
    shown = replace_invisible_characters(value)
    if _OTHER_LETTERS.search(shown) is None:
        return shown
    return Markup("<bdi>{}</bdi>").format(escape(shown))


class IsolateText(Extension):
    """A Jinja extension that passes each expression outside tags to `isolate`."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Yield the tokens of a template, with expressions outside tags as `(…) | isolate`."""
        position, is_wrapped = _HtmlPosition(), False
        for token in stream:
            if token.type == "data":
                position.read(token.value)
            if token.type == "variable_begin":
                is_wrapped = position.is_in_text
                yield token
                if is_wrapped:
                    yield Token(token.lineno, "lparen", "(")
                continue
            if token.type == "variable_end" and is_wrapped:
                yield from _yield_isolate_filter(token.lineno)
            yield token


def _yield_isolate_filter(line: int) -> Iterator[Token]:
    yield Token(line, "rparen", ")")
    yield Token(line, "pipe", "|")
    yield Token(line, "name", "isolate")


class _HtmlPosition:
    """The position at the end of the HTML read so far: in text, a tag or a text-only element."""

    def __init__(self) -> None:
        self._is_in_tag = self._is_in_quotes = False
        self._element = ""

    @property
    def is_in_text(self) -> bool:
        """Whether the position is in text that can contain elements."""
        return not self._is_in_tag and self._element not in _PLAIN_TEXT_ELEMENTS

    def read(self, html: str) -> None:
        """Read the HTML up to the next expression or statement."""
        for part in _MARKUP.finditer(html):
            found = part.group()
            if found == '"':
                self._is_in_quotes = self._is_in_tag and not self._is_in_quotes
            elif self._is_in_quotes:
                continue
            elif found == ">":
                self._is_in_tag = False
            else:
                self._is_in_tag = True
                self._element = "" if found.startswith("</") else found[1:]


def _is_markup(value: object) -> bool:
    return hasattr(value, "__html__")
