"""TypeScript programs use the API with the types of openapi-typescript."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.support.processes.node import ROOT, TOOLS, run_node, run_tool
from tests.support.processes.server import ServerProcess

OPTIONS = [
    *("--strict", "--noUncheckedIndexedAccess", "--skipLibCheck"),
    *("--target", "es2022", "--module", "preserve", "--moduleResolution", "bundler"),
    *("--lib", "es2022,dom,dom.iterable"),
]


def test_generated_types_are_valid_and_calls_succeed(server: ServerProcess, tmp_path: Path) -> None:
    """The types pass the strict checks of the compiler, and a typed program works on a server."""
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    shutil.copy(Path(__file__).with_name("calls.ts"), tmp_path)
    contract = ROOT / "openapi/openapi.json"
    types = tmp_path / "schema.ts"

    generated = run_tool(
        "openapi-typescript",
        contract,
        "--default-non-nullable=false",  # otherwise what has a default is required
        "--output",
        types,
        folder=tmp_path,
    )
    compiled = run_tool("tsc", *OPTIONS, "calls.ts", "schema.ts", folder=tmp_path)

    assert generated.returncode == 0, generated.stdout
    assert (compiled.returncode, compiled.stdout) == (0, "")
    access = {"GATEPOST_URL": server.url, "GATEPOST_TOKEN": server.token}
    called = run_node(tmp_path / "calls.js", folder=tmp_path, environment=access)
    assert called.returncode == 0, called.stdout
    answer = json.loads(called.stdout)
    assert answer["requester"] == "owner"
    assert answer["number"] in answer["numbers"]
    assert answer["code"] == "unknown_deployment"
