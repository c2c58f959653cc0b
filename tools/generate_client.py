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
GENERATED: Final = ("api/**/*.py", "models/**/*.py", "client.py", "problem_codes.py", "types.py")
"""The generated files. All others in the package, including `errors.py`, are written by hand."""

MIME_TYPE: Final = re.compile(r'(= body\.payload\n +headers\["Content-Type"\] = )(".+?")')
"""Matches code that sends a file. The generated code ignores the media type of the file."""

CONVERSION: Final = re.compile(
    r"= (self\.\w+|\w+_data|\w+_item)\.(?:value|to_dict\(\)|isoformat\(\))$", re.MULTILINE
)
"""Matches code of a model that converts a field, which only works for values of its type."""

NULLABLE: Final = re.compile(r"def (_parse_\w+)\(data: object\)[^:]+:\n +if data is None:\n")
"""Matches the beginning of the function that parses a field that can be null."""

SECRET_FIELD: Final = re.compile(r"^    ((?:secret|token|url): (?:None \| )?str)$", re.MULTILINE)
"""Matches a field that contains a secret or a link that signs in, in one of `SECRET_MODELS`."""

SECRET_MODELS: Final = ("invitation", "issued_token", "pipeline_proof")
"""The models with a field that must not be shown in a `repr`, and thus not in logs."""

CONNECTION_SECRETS: Final = {
    "    token: str\n": "    token: str = field(repr=False)\n",
    'factory=dict, kw_only=True, alias="headers"': (
        'factory=dict, kw_only=True, alias="headers", repr=False'
    ),
}
"""Replacements in `client.py` that keep the token out of a `repr` of the connection."""

CODE_COMMENT: Final = "  # noqa: S105  # a code"
"""Ends a line that ruff would read as a password."""

EXCLUDED_TAGS: Final = frozenset({"compatibility"})
"""The tags of operations that are only for other clients."""

EVENT_STREAM: Final = "text/event-stream"
JSON: Final = "application/json"
ZIP: Final = "application/zip"
DSSE_ENVELOPE: Final = "application/vnd.dsse.envelope.v1+json"
SCHEMAS: Final = "#/components/schemas/"
Json = dict[str, Any]


def client_view(document: Json) -> Json:
    """Adapt the document in place to the needs of the generator, and return it.

    Only things for which openapi-python-client has no option are changed. Each function below makes
    one such change and states its reason.
    """
    _leave_out_operations(document)
    _leave_out_defaults_of_bodies(document["components"]["schemas"])
    _split_by_format(document["paths"])
    _accept_unknown_alternatives(document["components"]["schemas"])
    return document


def _leave_out_operations(document: Json) -> None:
    """Leave out event streams, and operations with an excluded tag, with their own schemas.

    The generator cannot select operations. Its function for an event stream would never return,
    because it reads the whole response first.
    """
    left_out: list[Json] = []
    for path in document["paths"].values():
        for method, operation in list(path.items()):
            content = operation["responses"].get("200", {}).get("content", {})
            if EVENT_STREAM in content or not EXCLUDED_TAGS.isdisjoint(operation["tags"]):
                left_out.append(path.pop(method))
    schemas = document["components"]["schemas"]
    for name in _references(left_out, schemas) - _references(document["paths"], schemas):
        del schemas[name]


def _references(node: object, schemas: Json) -> set[str]:
    """Return the names of the schemas that a part of the document refers to, even indirectly."""
    found: set[str] = set()
    nodes = [node]
    while nodes:
        match nodes.pop():
            case {"$ref": str(reference)} if not reference.startswith(SCHEMAS):
                pass
            case {"$ref": str(reference)} if (name := reference.rpartition("/")[2]) not in found:
                found.add(name)
                nodes.append(schemas[name])
            case dict(fields):
                nodes.extend(fields.values())
            case list(elements):
                nodes.extend(elements)
            case _:
                pass
    return found


def _leave_out_defaults_of_bodies(schemas: Json) -> None:
    """Leave out the defaults of fields in request bodies; the server sets them.

    The generated models would send the defaults with every request, and a server that is older than
    the client would refuse any default that it does not know.
    """
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            for part in (field, *field.get("allOf", ())):
                if "const" not in part:  # the generator needs the default for a constant
                    part.pop("default", None)


def _split_by_format(paths: Json) -> None:
    """Split an operation with two response formats into two operations with one format each.

    The generated function would parse every response as the first format; the generator ignores
    that the format depends on a parameter.
    """
    for path, operations in list(paths.items()):
        for method, operation in operations.items():
            parameters = operation.get("parameters", ())
            others = [parameter for parameter in parameters if parameter["name"] != "format"]
            if len(others) == len(parameters):
                continue
            content = operation["responses"]["200"]["content"]
            if JSON not in content:  # a file in every format
                continue
            zipped = copy.deepcopy(operation) | {"parameters": others}
            zipped["operationId"] += "_zip"
            zipped["responses"]["200"]["content"] = {ZIP: content.pop(ZIP)}
            content.pop(DSSE_ENVELOPE, None)  # auditors download the envelope as a file
            operation["parameters"] = others
            paths[f"{path}?format=zip"] = {method: zipped}


def _accept_unknown_alternatives(schemas: Json) -> None:
    """Add an alternative for unknown kinds to each field of a response with several kinds.

    The generated function would raise an error for a kind that a newer server has added. The new
    alternative comes last, so that it is chosen only if no other one matches.
    """
    for name, schema in list(schemas.items()):
        for field in schema.get("properties", {}).values():
            if "discriminator" not in field or schema.get("additionalProperties") is False:
                continue
            (common,) = {option["$ref"].rpartition("/")[2] for option in field["anyOf"][-1:]}
            unknown = f"Unknown{re.findall('[A-Z][a-z]+', common)[-1]}"
            kind = {"type": "string", "description": "The kind, which this client does not know."}
            schemas[unknown] = {
                "type": "object",
                "description": f"A kind that was added by a newer server, in a `{name}`.",
                "properties": {field["discriminator"]["propertyName"]: kind},
                "required": [field["discriminator"]["propertyName"]],
            }
            field["anyOf"].append({"$ref": f"{SCHEMAS}{unknown}"})


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
        module.write_text(adapt(module, text), "utf-8")
    codes = document["components"]["schemas"]["Problem"]["properties"]["code"]
    (package / "problem_codes.py").write_text(problem_codes(codes["x-extensible-enum"]), "utf-8")
    # --isolated ignores our configuration, with which ruff would change signatures.
    options = ["--isolated", "--no-cache", "--quiet", "--target-version=py311", f"{package}"]
    run("ruff", "check", "--fix-only", "--select=F401,I,UP", *options)
    run("ruff", "format", "--line-length=100", *options)
    return package


def adapt(module: Path, text: str) -> str:
    """Return the text of a generated module with the changes that the generator has no option for.

    The changes keep the media type of files, accept plain values as arguments, let nullable fields
    be absent, and keep secrets out of `repr`.
    """
    text = MIME_TYPE.sub(r"\1body.mime_type or \2", text)
    if module.parent.name == "models":
        text, conversions = CONVERSION.subn(r"= to_json(\1)", text)
        if conversions:
            text = text.replace("\n\n", "\nfrom ..plain_values import to_json\n\n", 1)
        for parse in NULLABLE.findall(text):
            text = re.sub(rf'({parse}\(d\.pop\("\w+")\)\)', r"\1, None))", text)
        if module.stem in SECRET_MODELS:
            text = SECRET_FIELD.sub(r"    \1 = _attrs_field(repr=False)", text)
    elif module.name == "client.py":
        for old, new in CONNECTION_SECRETS.items():
            if old not in text:
                sys.exit(f"client.py does not contain {old!r}; change CONNECTION_SECRETS.")
            text = text.replace(old, new)
    elif "body.to_dict()" in text:
        text = text.replace("body.to_dict()", "to_json(body)")
        text = text.replace("\n\n", "\nfrom ...plain_values import to_json\n\n", 1)
    return text


def problem_codes(codes: list[str]) -> str:
    """Return a module with a constant for each problem code."""
    constants = "".join(
        f"    {code.upper()}: Final = {code!r}{CODE_COMMENT if _looks_secret(code) else ''}\n"
        for code in codes
    )
    return (
        '"""The codes of the problems that the server responds with."""\n\n'
        "from typing import Final\n\n\n"
        "class ProblemCode:\n"
        '    """The known values of `GatepostProblem.code`. A newer server can send others."""\n\n'
        f"{constants}"
    )


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
    """Yield the paths of files that differ, are missing or are superfluous."""
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


def _looks_secret(code: str) -> bool:
    return "token" in code or "secret" in code


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
