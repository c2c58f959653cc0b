"""Writing the OpenAPI document to a file, and telling whether the file is up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gatepost_api.openapi.document import openapi_document


def export(output: Path | None, *, check: bool) -> int:
    """Write the document, or only compare it; the answer is the exit code."""
    text = json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(text)
        return 0
    if check:
        current = output.exists() and output.read_text(encoding="utf-8") == text
        if not current:
            sys.stderr.write(f"{output} is not what the controllers declare; write it again.\n")
        return 0 if current else 1
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    return 0
