"""The development commands, one nox session each; run them with `python3 dev.py COMMAND`.

The sessions share three environments, which uv creates from the locks in requirements/ and
recreates when they change: .venv-run contains what the server needs, .venv everything, including
the tools for the checks, and .venv-bench also what the benchmarks compare the product with. Editors
find .venv by its name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import tempfile
import tomllib
from pathlib import Path

import nox
from uv import find_uv_bin

# On SIGTERM, stop the running program as on Ctrl-C; by default, nox would leave it running.
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
    "--numprocesses=2",
    "--dist=loadfile",  # a file runs in one process, which starts its servers once
    "--no-loadscope-reorder",  # start the files in the order of tests/conftest.py
]

VENDOR = ROOT / "services/api/src/gatepost_api/_vendor"
SIDECAR = "drf_spectacular_sidecar/static/drf_spectacular_sidecar"
# Only licences and what the pages load: the package also contains 6 MB of source maps.
VENDORED = [
    "redoc/LICENSE",
    "redoc/bundles/redoc.standalone.js",
    "redoc/bundles/redoc.standalone.js.LICENSE.txt",
    "swagger-ui-dist/LICENSE",
    "swagger-ui-dist/favicon-32x32.png",
    "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui-dist/swagger-ui-standalone-preset.js",
    "swagger-ui-dist/swagger-ui.css",
]


@nox.session
def serve(session: nox.Session) -> None:
    """Run the server and a worker; arguments such as --port are passed to the server."""
    activate(session, ".venv-run", "run.lock", SERVER)
    vendor(session)
    become(session, "gatepost-server", "serve", *session.posargs)


@nox.session
def server(session: nox.Session) -> None:
    """Run a command of gatepost-server, such as `users add` or `demo`."""
    activate(session, ".venv-run", "run.lock", SERVER)
    become(session, "gatepost-server", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, those of a folder of tests/ (`test unit`), or as pytest's arguments say."""
    develop(session)
    # The tests start hundreds of processes; without bytecode files, each would compile our code.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    session.run("pytest", *test_arguments(session.posargs))


def test_arguments(arguments: list[str]) -> list[str]:
    """Return pytest's arguments; leading names of folders of tests/ run on both processes."""
    is_folder = [(ROOT / "tests" / argument).is_dir() for argument in arguments]
    count = [*is_folder, False].index(False)
    folders = [f"tests/{argument}" for argument in arguments[:count]]
    return [*([] if arguments and not folders else WHOLE_SUITE), *folders, *arguments[count:]]


@nox.session
def contract(session: nox.Session) -> None:
    """Test the API contract on the app, or with `--url URL --token TOKEN` on a running server."""
    run_tests(session, "tests/contract")


@nox.session
def e2e(session: nox.Session) -> None:
    """Run the tests of whole programs, tests/e2e."""
    run_tests(session, "tests/e2e")


@nox.session
def proof(session: nox.Session) -> None:
    """Run the slow exhaustive tests, tests/proof, with more repetitions than the whole suite."""
    run_tests(session, "tests/proof", "--long")


@nox.session
def terraform(session: nox.Session) -> None:
    """Validate and plan the generated Terraform; needs terraform and the AWS provider."""
    run_tests(session, "tests/terraform")


def run_tests(session: nox.Session, folder: str, *options: str) -> None:
    """Run the tests of a folder on both processes; arguments are passed to pytest."""
    develop(session)
    session.run("pytest", folder, *WHOLE_SUITE, *options, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Run all comparisons, or a benchmark by the name of its file (`bench growth`)."""
    names = sorted(file.stem for file in (ROOT / "benchmarks").glob("*.py"))
    name, *arguments = session.posargs or ["all"]
    if name not in names:
        session.error(f"Name a benchmark: {', '.join(names)}.")
    activate(session, ".venv-bench", "bench.lock", MEMBERS)
    vendor(session)
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
    """Check types with mypy and pyright; each finds errors that the other misses."""
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
    """Regenerate the generated files of the client and the CLI from the API contract."""
    develop(session)
    session.run("python", "tools/generate_client.py")
    session.run("python", "tools/generate_cli_options.py")


@nox.session
def guards(session: nox.Session) -> None:
    """Write the lists of triggers that every start compares the database with."""
    develop(session)
    session.run("python", "-m", "tools.generate_guards")


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
def build(session: nox.Session) -> None:
    """Build a wheel of each package into dist/ and check that the client installs alone."""
    vendor(session)
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for member in MEMBERS:
        session.run(UV, "build", "--wheel", f"--out-dir={dist}", f"{member.parent}")
    (wheel,) = dist.glob("gatepost_client-*.whl")
    with tempfile.TemporaryDirectory() as alone:
        pins = f"--constraints={LOCKS / 'dev.lock'}"
        session.run(UV, "venv", "--quiet", f"--python={sys.executable}", alone)
        session.run(UV, "pip", "install", f"--python={alone}", pins, f"{wheel}")
        session.run(f"{programs(Path(alone)) / 'python'}", "-c", "import gatepost_client")


@nox.session
def publish(session: nox.Session) -> None:
    """Build the wheels and upload them to `--to URL` or UV_PUBLISH_URL; see tools/publish.py."""
    upload = [sys.executable, "tools/publish.py", *session.posargs]
    env = {"PATH": os.pathsep.join([str(Path(UV).parent), os.environ["PATH"]])}
    session.run(*upload, env=env)  # check the settings before the build
    build(session)
    session.run(*upload, *map(str, sorted((ROOT / "dist").glob("*.whl"))), env=env)


@nox.session
def lock(session: nox.Session) -> None:
    """Update requirements/*.lock, keeping versions that still match; -U upgrades everything."""
    names = [tomllib.loads(member.read_text())["project"]["name"] for member in MEMBERS]
    own = [f"--no-emit-package={name}" for name in names]  # editable packages have no hashes

    def write(output: str, *sources: str) -> None:
        # --no-header omits this command line. --no-config and the unset variables keep versions
        # out of the lock files that only a private index provides.
        options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate"]
        options += ["--no-header", "--no-config", "--quiet", f"--output-file=requirements/{output}"]
        env = dict.fromkeys(("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"))
        session.run(UV, "pip", "compile", *options, *session.posargs, *sources, env=env)

    same_as_dev = "--constraints=requirements/dev.lock"  # pin the same versions in every file
    write("tools.lock", "requirements/tools.in")
    write("sbom.lock", "requirements/sbom.in")
    write("assets.lock", "requirements/assets.in", "--no-deps")
    write("dev.lock", *map(str, MEMBERS), "--group=pyproject.toml:dev", *own)
    # With the extra, a clone and the container image need only a variable to send traces.
    write("run.lock", *map(str, SERVER), "--extra=opentelemetry", same_as_dev, *own)
    write("bench.lock", *map(str, MEMBERS), "--group=pyproject.toml:bench", same_as_dev, *own)


def develop(session: nox.Session) -> None:
    """Activate .venv, which contains all of our packages and the tools that check them."""
    activate(session, ".venv", "dev.lock", MEMBERS)
    vendor(session)


def activate(session: nox.Session, name: str, lock: str, members: list[Path]) -> None:
    """Activate the environment `name`; create it first if its lock or members have changed."""
    folder = ROOT / name
    path = os.pathsep.join([str(programs(folder)), os.environ["PATH"]])
    os.environ.update(VIRTUAL_ENV=str(folder), PATH=path)
    # Editable installs contain the path of the source tree: a copy must not run the original.
    inputs = [*(file.read_bytes() for file in (LOCKS / lock, *members)), sys.version, folder]
    stamp, fingerprint = folder / "stamp", hashlib.sha256(repr(inputs).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    # Compile here: if Python cannot write bytecode later, it would compile at every start.
    env = {"UV_COMPILE_BYTECODE": "1"}
    editable = [f"--editable={member.parent}" for member in members]
    session.run(UV, "venv", "--quiet", "--clear", f"--python={sys.executable}", f"{folder}")
    session.run(UV, "pip", "sync", "--require-hashes", f"requirements/{lock}", env=env)
    session.run(UV, "pip", "install", "--quiet", "--no-deps", *editable)
    stamp.write_text(fingerprint)


def programs(environment: Path) -> Path:
    """Return the folder with the programs of an environment."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def vendor(session: nox.Session) -> None:
    """Install the files of the API documentation pages next to its code, so they work offline."""
    lock, installed = LOCKS / "assets.lock", VENDOR / "assets.lock"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        destination = [f"--python={sys.executable}", f"--target={folder}"]
        options = ["--quiet", "--no-deps", "--require-hashes", f"--requirements={lock}"]
        session.run(UV, "pip", "install", *destination, *options)
        for name in VENDORED:
            target = VENDOR / SIDECAR / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder, SIDECAR, name), target)
    shutil.copyfile(lock, installed)


def become(session: nox.Session, program: str, *arguments: str) -> None:
    """Replace this process with the program, so that it receives all signals itself."""
    if os.name == "nt":  # exec on Windows starts a new process
        session.run(program, *arguments)
    else:
        os.execvp(program, [program, *arguments])
