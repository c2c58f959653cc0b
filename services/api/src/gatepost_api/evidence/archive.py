"""The evidence archive: the document, a README and an offline verifier."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec

from gatepost_api.evidence.responses import Evidence
from gatepost_contracts.archive import zip_files

DOCUMENT_NAME: Final = "evidence.json"
CHECKSUMS_NAME: Final = "SHA256SUMS"
BUNDLED_FILES: Final = ("README.txt", "verify.py")
"""The files of `offline` that every archive contains."""


def build_archive(evidence: Evidence) -> bytes:
    """Return a zip archive; the same evidence always produces the same bytes."""
    folder = files("gatepost_api.evidence.offline")
    document = msgspec.json.format(msgspec.json.encode(evidence), indent=2).decode()
    contents = {DOCUMENT_NAME: f"{document}\n"}
    contents |= {name: (folder / name).read_text("utf-8") for name in BUNDLED_FILES}
    checksums = (
        f"{sha256(content.encode()).hexdigest()}  {name}\n" for name, content in contents.items()
    )
    return zip_files({**contents, CHECKSUMS_NAME: "".join(checksums)})
