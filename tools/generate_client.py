"""Writes the generated part of packages/client from openapi/openapi.json; --check only compares."""

import copy
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
CONTRACT: Final = ROOT / "openapi/openapi.json"
PACKAGE: Final = ROOT / "packages/client/src/gatepost_client"
GENERATED: Final = ("api/**/*.py", "models/**/*.py", "client.py", "types.py")
"""What the generator owns. All else in the package is written by hand, `errors.py` included."""

MIME_TYPE: Final = re.compile(r'(= body\.payload\n +headers\["Content-Type"\] = )(".+?")')
"""Where a file is sent: the generator would not ask it of which kind it is."""

ZIP: Final = "application/zip"
Json = dict[str, Any]


def client_view(document: Json) -> Json:
    """The document, reduced to what a client should hold to; the argument is changed."""
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False  # the models ignore what they do not know
            for field in schema["properties"].values():
                for part in (field, *field.get("allOf", ())):
                    if "const" not in part:
                        part.pop("default", None)  # what is left out is the server's to decide
    for path in document["paths"].values():
        for method, operation in list(path.items()):
            if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
                del path[method]  # it never ends, and the generated function would wait for it
            else:
                _reduce(operation)
    _part_by_format(document["paths"])
    return document


def _part_by_format(paths: Json) -> None:
    """An operation that answers in two formats is two to a client: each gives one type."""
    for path, operations in list(paths.items()):
        for method, operation in operations.items():
            kept = [each for each in operation.get("parameters", ()) if each["name"] != "format"]
            if len(kept) == len(operation.get("parameters", ())):
                continue
            content = operation["responses"]["200"]["content"]
            zipped = copy.deepcopy(operation) | {"parameters": kept}
            zipped["operationId"] += "_zip"
            zipped["responses"]["200"]["content"] = {ZIP: content.pop(ZIP)}
            operation["parameters"] = kept
            paths[f"{path}?format=zip"] = {method: zipped}


def _reduce(operation: Json) -> None:
    operation["responses"].pop("304", None)  # no success and no problem
    content = operation.get("requestBody", {}).get("content", {})
    for kind in list(content)[:-1]:  # a file says itself of which kind it is, see MIME_TYPE
        del content[kind]
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("default", None)
        if "description" in parameter:
            parameter["schema"]["description"] = parameter["description"]  # read there alone


def generate(document: Json, folder: Path) -> Path:
    """Generate and format the client in an empty folder; the answer is where the package is."""
    view, package = folder / "view.json", folder / "gatepost_client"
    view.write_text(json.dumps(client_view(document)), "utf-8")
    here = Path(__file__).parent
    what = [f"--path={view}", f"--output-path={package}", "--meta=none", "--fail-on-warning"]
    how = [f"--config={here / 'client.yaml'}", f"--custom-template-path={here}/client_templates"]
    run("openapi_python_client", "generate", *what, *how)
    for module in package.rglob("*.py"):  # httpx is no longer maintained; httpx2 continues it
        text = module.read_text("utf-8").replace("import httpx\n", "import httpx2 as httpx\n")
        module.write_text(MIME_TYPE.sub(r"\1body.mime_type or \2", text), "utf-8")
    # Flags alone decide: without --isolated, and by other rules, ruff would change signatures.
    plain = ["--isolated", "--no-cache", "--quiet", "--target-version=py311", f"{package}"]
    run("ruff", "check", "--fix-only", "--select=F401,I,UP", *plain)
    run("ruff", "format", "--line-length=100", *plain)
    return package


def run(module: str, *arguments: str) -> None:
    """Run a tool of this environment, and show what it says only if it fails."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{module} failed:\n{done.stdout}{done.stderr}")


def generated(package: Path) -> dict[Path, bytes]:
    """The generated files of a package, by their path in it."""
    found = (file for pattern in GENERATED for file in package.glob(pattern))
    return {file.relative_to(package): file.read_bytes() for file in found}


def differences(present: dict[Path, bytes], wanted: dict[Path, bytes]) -> Iterator[Path]:
    """The files that are not as they should be, missing and superfluous ones among them."""
    return (
        path
        for path in sorted(present.keys() | wanted.keys())
        if present.get(path) != wanted.get(path)
    )


def put(path: Path, content: bytes | None) -> None:
    """Let a file of the package have this content, or not be."""
    if content is None:
        (PACKAGE / path).unlink()
    else:
        (PACKAGE / path).parent.mkdir(parents=True, exist_ok=True)
        (PACKAGE / path).write_bytes(content)


def main(*arguments: str) -> int:
    """Generate; 1 if that was only to check, and the package differs."""
    check = "--check" in arguments
    document = json.loads(CONTRACT.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        wanted = generated(generate(document, Path(folder)))
    differing = list(differences(generated(PACKAGE), wanted))
    for path in differing:
        print(f"{'differs' if check else 'written'}: {(PACKAGE / path).relative_to(ROOT)}")
        if not check:
            put(path, wanted.get(path))
    if check and differing:
        print("The client is not the contract's: run `python3 dev.py client`.")
    return int(check and bool(differing))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
