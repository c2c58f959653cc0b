"""Ordinary and hostile inputs for contract generation."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from gatepost_contracts.generation_input_output import ContractEnvironment, ContractInput
from gatepost_domain.catalog.tier import Tier

NEEDS_TERRAFORM = pytest.mark.skipif(
    shutil.which("terraform") is None,
    reason="terraform is not installed, and Debian has no package of it",
)
"""Skips checks that need Terraform. Contracts are parsed with python-hcl2 on every machine."""

CLI_CONFIGURATION = Path(os.environ.get("TF_CLI_CONFIG_FILE", ""))

NEEDS_AWS_PROVIDER = pytest.mark.skipif(
    shutil.which("terraform") is None or not CLI_CONFIGURATION.is_file(),
    reason="needs terraform, and in TF_CLI_CONFIG_FILE a file that says where the AWS provider is",
)
"""Skips checks that need the AWS provider, so that no test downloads it unasked."""

NEEDS_CURL_AND_JQ = pytest.mark.skipif(
    os.environ.get("CI") is None and not (shutil.which("curl") and shutil.which("jq")),
    reason="the script of the pipelines needs curl and jq, which are not installed",
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
"""Text that ends a literal, starts an expression or is invisible in at least one language."""


def hostile_text(longest: int) -> st.SearchStrategy[str]:
    """Generate any text that UTF-8 can encode, mostly text that tries to end a literal."""
    parts = st.lists(st.sampled_from(HOSTILE_PARTS) | st.text(max_size=3), max_size=12)
    return parts.map(lambda items: "".join(items)[:longest]) | st.text(max_size=longest)


hostile_inputs = st.builds(
    replace,
    st.just(PAYMENTS),
    display_name=hostile_text(200),
    team=hostile_text(200),
    repo_url=hostile_text(2000),
    description=hostile_text(1000),
)
"""Services whose free texts are all hostile."""

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
"""DNS labels that at least one language does not read as text."""


def a_contract_input(**changes: Any) -> ContractInput:
    """Build the service payments in test and production, with these changes."""
    return replace(PAYMENTS, **changes)


def structure(value: object) -> object:
    """Return the keys, types and numbers of a parsed value, without its texts."""
    match value:
        case dict():
            return {key: structure(item) for key, item in value.items()}
        case list():
            return [structure(item) for item in value]
        case str():
            return str
        case _:
            return value


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write the files into a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def run_terraform(folder: Path, *arguments: str) -> str:
    """Run Terraform in a folder, without user settings other than the providers' locations."""
    env = {"PATH": os.environ["PATH"], "HOME": f"{folder}", "CHECKPOINT_DISABLE": "1"}
    if CLI_CONFIGURATION.is_file():
        env["TF_CLI_CONFIG_FILE"] = f"{CLI_CONFIGURATION.resolve()}"
    return subprocess.check_output(["terraform", *arguments], cwd=folder, env=env, encoding="utf-8")
