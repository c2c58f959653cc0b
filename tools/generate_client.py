"""Regenerate packages/client from openapi/openapi.json; with --check, only compare."""

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
"""The generated files. All others in the package, including `errors.py`, are written by hand."""

MIME_TYPE: Final = re.compile(r'(= body\.payload\n +headers\["Content-Type"\] = )(".+?")')
"""Matches code that sends a file. The generated code ignores the media type of the file."""

ZIP: Final = "application/zip"
Json = dict[str, Any]


def client_view(document: Json) -> Json:
    """Reduce the document in place to what a client should rely on, and return it."""
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False  # models ignore unknown fields
            for field in schema["properties"].values():
                for part in (field, *field.get("allOf", ())):
                    if "const" not in part:
                        part.pop("default", None)  # the server sets the default
    for path in document["paths"].values():
        for method, operation in list(path.items()):
            if "text/event-stream" in operation["responses"].get("200", {}).get("content", {}):
                del path[method]  # a generated function would never return
            else:
                _reduce(operation)
    _split_by_format(document["paths"])
    return document


def _split_by_format(paths: Json) -> None:
    """Split an operation with two response formats into two operations with one format each."""
    for path, operations in list(paths.items()):
        for method, operation in operations.items():
            parameters = operation.get("parameters", ())
            others = [parameter for parameter in parameters if parameter["name"] != "format"]
            if len(others) == len(parameters):
                continue
            content = operation["responses"]["200"]["content"]
            zipped = copy.deepcopy(operation) | {"parameters": others}
            zipped["operationId"] += "_zip"
            zipped["responses"]["200"]["content"] = {ZIP: content.pop(ZIP)}
            operation["parameters"] = others
            paths[f"{path}?format=zip"] = {method: zipped}


def _reduce(operation: Json) -> None:
    operation["responses"].pop("304", None)  # neither a success nor a problem
    content = operation.get("requestBody", {}).get("content", {})
    for media_type in list(content)[:-1]:  # a file has its own media type, see MIME_TYPE
        del content[media_type]
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("default", None)
        if "description" in parameter:
            # the generator reads the description of the schema
            parameter["schema"]["description"] = parameter["description"]


def generate(document: Json, folder: Path) -> Path:
    """Generate and format the client in an empty folder, and return the path of the package."""
    view, package = folder / "view.json", folder / "gatepost_client"
    view.write_text(json.dumps(client_view(document)), "utf-8")
    here = Path(__file__).parent
    paths = [f"--path={view}", f"--output-path={package}", "--meta=none", "--fail-on-warning"]
    config = [f"--config={here / 'client.yaml'}", f"--custom-template-path={here}/client_templates"]
    run("openapi_python_client", "generate", *paths, *config)
    for module in package.rglob("*.py"):  # httpx2 is the maintained fork of httpx
        text = module.read_text("utf-8").replace("import httpx\n", "import httpx2 as httpx\n")
        module.write_text(MIME_TYPE.sub(r"\1body.mime_type or \2", text), "utf-8")
    # --isolated ignores our configuration, with which ruff would change signatures.
    options = ["--isolated", "--no-cache", "--quiet", "--target-version=py311", f"{package}"]
    run("ruff", "check", "--fix-only", "--select=F401,I,UP", *options)
    run("ruff", "format", "--line-length=100", *options)
    return package


def run(module: str, *arguments: str) -> None:
    """Run a tool of this environment, and show its output only if the tool fails."""
    command = [sys.executable, "-m", module, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{module} failed:\n{result.stdout}{result.stderr}")


def generated_files(package: Path) -> dict[Path, bytes]:
    """Return the contents of the generated files of a package, by path relative to the package."""
    files = (file for pattern in GENERATED for file in package.glob(pattern))
    return {file.relative_to(package): file.read_bytes() for file in files}


def differences(actual: dict[Path, bytes], expected: dict[Path, bytes]) -> Iterator[Path]:
    """Return the paths of files that differ, are missing or are superfluous."""
    return (
        path
        for path in sorted(actual.keys() | expected.keys())
        if actual.get(path) != expected.get(path)
    )


def write(path: Path, content: bytes | None) -> None:
    """Write a file of the package; delete it if the content is None."""
    if content is None:
        (PACKAGE / path).unlink()
    else:
        (PACKAGE / path).parent.mkdir(parents=True, exist_ok=True)
        (PACKAGE / path).write_bytes(content)


def main(*arguments: str) -> int:
    """Generate the client. With --check, return 1 if the package is out of date."""
    check = "--check" in arguments
    document = json.loads(CONTRACT.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        expected = generated_files(generate(document, Path(folder)))
    differing = list(differences(generated_files(PACKAGE), expected))
    for path in differing:
        print(f"{'differs' if check else 'written'}: {(PACKAGE / path).relative_to(ROOT)}")
        if not check:
            write(path, expected.get(path))
    if check and differing:
        print("The client is out of date; run `python3 dev.py client`.")
    return int(check and bool(differing))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
