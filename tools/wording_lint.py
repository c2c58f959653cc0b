"""Check texts for project-specific vocabulary; print each use with the standard term."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

PLAIN_TERMS: Final = {
    r"\b(is|are|was|were|be|been) told\b|\btold (of|by|that|what)\b": "reported, shown",
    r"\bwhat stands\b|\b(stands|stood) (there|here|in|where)\b": "live, current, deployed, active",
    r"\bas (it|they) (stands?|stood)\b": "current",
    r"\b(whoever|whomever)\b|\bwhatever (is|was|came)\b": "the person who, anyone who, any",
    r"\bby (itself|themselves)\b": "automatically",
    r"\b(?-i:none) (if|where|while|until|for)\b": "null (wire) or None (Python)",
    r"\bfor ever\b": "permanently",
    r"\bma(ke|kes|de|king) (\w+ )?known\b": "add, register",
    r"\bask(s|ed)? (it |them )?for\b|\basked under\b": "request",
    r"\bis no (number|time|name|URL|JSON)\b": "is not a valid …",
    r"\bbr(oke|eaks?|oken) the glass\b|\bglass (is|was) broken\b": "break-glass",
    r"\bvouch(es|ed|ing)?\b": "prove, certify, sign",
    r"\b(come|came|comes) of (it|that|them)\b": "the result",
    r"\bheld (against|to)\b": "compared with",
    r"\bAs the domain has it\b|^See `[\w.]+`[.;]?$": "a sentence that says what it does",
}
"""Maps a pattern of non-standard wording to the standard term that replaces it."""

TEXTS: Final = ("*.html", "*.js", "*.md", "*.py", "*.txt")
EXEMPT: Final = (
    "tools/wording_lint.py",
    "tests/",
    "packages/client/src/gatepost_client/api/",
    "packages/client/src/gatepost_client/models/",
    "packages/persistence/src/gatepost_persistence/migrations/",
)
"""This file, test data, generated code, and migrations, whose texts are stored in databases."""


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line of strings, comments or prose in a file."""
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        yield from enumerate(source.splitlines(), start=1)
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, " ".join(node.value.split())
    for number, line in enumerate(source.splitlines(), start=1):
        if "#" in line:
            yield number, line.partition("#")[2]


def breaches(path: Path) -> Iterator[str]:
    """Yield a message for every use of a non-standard term in a file."""
    for line, text in texts_of(path):
        for pattern, term in PLAIN_TERMS.items():
            match = re.search(pattern, text, re.IGNORECASE)
            if match is not None:
                name = path.relative_to(ROOT).as_posix()
                yield f"{name}:{line}: {match[0]!r}: write {term}"


def main() -> int:
    """Check every file that contains text. Return 1 if there is a violation."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *TEXTS]
    paths = subprocess.check_output(listing, cwd=ROOT, text=True).splitlines()
    checked = [ROOT / path for path in paths if not path.startswith(EXEMPT)]
    found = [breach for path in checked if path.exists() for breach in breaches(path)]
    sys.stdout.writelines(f"{breach}\n" for breach in found)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
