"""Templates: the text of each file, with `@name@` placeholders for the values."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

TEMPLATE_VERSION: Final = "2"
"""The template version, written to every file. It increases when the templates' output changes."""

_TEMPLATES: Final = {
    template.name: template.read_text(encoding="utf-8")
    for template in files("gatepost_contracts").joinpath("templates").iterdir()
}
_PLACEHOLDER: Final = re.compile(r"@([a-z_]+)@")


def render(name: str, **values: str | int) -> str:
    """Return a template with all placeholders replaced; values are not scanned for placeholders.

    Values are inserted unchanged. The caller must quote them for the language of the file.
    """
    replacements = {"template_version": TEMPLATE_VERSION, **values}
    return _PLACEHOLDER.sub(lambda match: str(replacements[match[1]]), _TEMPLATES[name])
