"""Services to generate contracts for, tame and hostile."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_domain.catalog.tier import Tier

NEEDS_TERRAFORM = pytest.mark.skipif(
    shutil.which("terraform") is None,
    reason="no terraform here, and Debian has none to install",
)
"""The parts of it that terraform alone can judge; python-hcl2 reads the contracts everywhere."""

NEEDS_CURL_AND_JQ = pytest.mark.skipif(
    os.environ.get("CI") is None and not (shutil.which("curl") and shutil.which("jq")),
    reason="the script of the pipelines needs curl and jq, which this machine lacks",
)

TEST = ContractEnvironment(name="test", tier=Tier.TEST)
PRODUCTION = ContractEnvironment(name="production", tier=Tier.PRODUCTION)

PAYMENTS = ContractInput(
    service="payments",
    display_name="Payments",
    team="core-platform",
    repo_url="https://github.com/org/payments",
    description="Takes the money.",
    environments=(TEST, PRODUCTION),
)

HOSTILE_PARTS = [
    *"\"'`\\/$%{}[]()<>|&;#@!*?~^=:,-+\0\a\b\t\n\v\f\r\x1b\x7f\x85\xa0 ",
    *"\xad\u200b\u200e\u202e\u2028\u2029\u2066\ufeff\ufffe\uffff\U0001f600\U000e0041\U0010ffff",
    "${file('/etc/passwd')}",
    "$${",
    "$$${x}",
    "%{ if true }",
    "%%{",
    "${{ secrets.TOKEN }}",
    "$(reboot)",
    "\\u0027",
    "\\\\u0022",
    "\\U0001f600",
    "\\N",
    "'''",
    '"""',
    '" }\nresource "x" "y" {',
    '"\nkind: Pod\n---\n',
    "\n- !!python/object/apply:os.system [reboot]",
    "&a *a",
    "<<EOT\n",
    "EOT",
    "*/",
    "//",
    "null",
    "on",
    "1e3",
    "0o7",
    "2026-01-01",
    "@service@",
    "@team@",
    "核心团队",
    "Équipe",
    "e\u0301",
    "\u0301",
    "שלום",
]
"""What ends a literal, starts an expression, or hides, in one language or another."""


def hostile_text(longest: int) -> st.SearchStrategy[str]:
    """Any text that UTF-8 can carry, mostly made to break out of a literal."""
    parts = st.lists(st.sampled_from(HOSTILE_PARTS) | st.text(max_size=3), max_size=12)
    return parts.map(lambda each: "".join(each)[:longest]) | st.text(max_size=longest)


hostile_inputs = st.builds(
    replace,
    st.just(PAYMENTS),
    display_name=hostile_text(200),
    team=hostile_text(200),
    repo_url=hostile_text(2000),
    description=hostile_text(1000),
)
"""A service whose every free text is hostile."""

AMBIGUOUS_NAMES = [
    "1e3",
    "0o7",
    "0x1f",
    "on",
    "yes",
    "null",
    "true",
    "007",
    "a" * 63,
    "a-1",
    "2026",
]
"""DNS labels that some language takes for something else than text."""


def a_contract_input(**changes: Any) -> ContractInput:
    """The service payments, in test and production, but for these changes."""
    return replace(PAYMENTS, **changes)


def structure(value: object) -> object:
    """What is parsed, its texts aside: keys, kinds and numbers."""
    match value:
        case dict():
            return {key: structure(each) for key, each in value.items()}
        case list():
            return [structure(each) for each in value]
        case str():
            return str
        case _:
            return value


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Lay the files out in a folder, to the byte."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def run_terraform(folder: Path, *arguments: str) -> str:
    """What terraform says there, with no settings but its own."""
    env = {"PATH": os.environ["PATH"], "HOME": f"{folder}", "CHECKPOINT_DISABLE": "1"}
    return subprocess.check_output(["terraform", *arguments], cwd=folder, env=env, encoding="utf-8")
