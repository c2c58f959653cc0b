"""Writing the OpenAPI document to a file, and checking that the file is up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gatepost_api.openapi.document import openapi_document


def export(output: Path | None, *, check: bool) -> int:
    """Write the document or, with `check`, check the file; return the exit code."""
    content = json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(content)
        return 0
    if check:
        is_current = output.exists() and output.read_text(encoding="utf-8") == content
        if not is_current:
            sys.stderr.write(f"{output} is out of date; run the command without --check.\n")
        return 0 if is_current else 1
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(content, encoding="utf-8")
    return 0
