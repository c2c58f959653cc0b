"""What a machine is asked to do with this repository: a session each, run by `python3 dev.py WORD`.

Two environments serve them all. uv makes them from the locks in requirements/, and anew when those
have changed: .venv-run holds what the server needs; .venv also what the checks need, and editors
find it by that name.
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

# Told to end, nox ends what it runs, as at Ctrl-C; by itself it would leave that behind.
signal.signal(signal.SIGTERM, signal.default_int_handler)

nox.needs_version = ">=2026.10"
nox.options.sessions = ["check"]
nox.options.default_venv_backend = "none"  # nox would make one environment a session; ours share

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
WHOLE_SUITE = ["--numprocesses=2", "--dist=loadfile"]  # by file: what a file starts, it starts once

VENDOR = ROOT / "services/api/src/gatepost_api/_vendor"
SIDECAR = "drf_spectacular_sidecar/static/drf_spectacular_sidecar"
VENDORED = [  # what the pages load, and its licences; the package also brings 6 MB of source maps
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
    """Run Gatepost on this machine, a worker too; --port and the like go to the server."""
    activate(session, ".venv-run", "run.lock", SERVER)
    vendor(session)
    become(session, "gatepost-server", "serve", *session.posargs)


@nox.session
def server(session: nox.Session) -> None:
    """Run any command of gatepost-server, such as `users add` or `demo`."""
    activate(session, ".venv-run", "run.lock", SERVER)
    become(session, "gatepost-server", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests: all of them, or what the arguments tell pytest."""
    develop(session)
    session.run("pytest", *(session.posargs or WHOLE_SUITE))


@nox.session
def check(session: nox.Session) -> None:
    """Run all that must pass before a change goes in: lint, types, drift and test."""
    for word in ("lint", "types", "drift", "test"):
        session.notify(word, posargs=[])


@nox.session
def lint(session: nox.Session) -> None:
    """Hold the house style: ruff, the arrows between packages, spelling, the house's own laws."""
    develop(session)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-logo")
    session.run("codespell")
    session.run("python", "tools/house_lint.py")


@nox.session
def fix(session: nox.Session) -> None:
    """Let ruff repair and format what it can."""
    develop(session)
    session.run("ruff", "check", "--fix", *session.posargs, success_codes=[0, 1])
    session.run("ruff", "format", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types twice: mypy and pyright each see what the other lets pass."""
    develop(session)
    session.run("mypy")
    session.run("pyright")


@nox.session
def openapi(session: nox.Session) -> None:
    """Write the contract, openapi/openapi.json, from the code."""
    develop(session)
    session.run("gatepost-server", "openapi", "--output", CONTRACT)


@nox.session
def client(session: nox.Session) -> None:
    """Write the generated part of packages/client from the contract."""
    develop(session)
    session.run("python", "tools/generate_client.py")


@nox.session
def drift(session: nox.Session) -> None:
    """Refuse a contract that is not the code's, or a client that is not the contract's."""
    develop(session)
    session.run("gatepost-server", "openapi", "--output", CONTRACT, "--check")
    session.run("python", "tools/generate_client.py", "--check")


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and hold the floors: domain and contracts whole, everything together 95 %."""
    develop(session)
    session.run("pytest", "--cov", "--cov-report=", *WHOLE_SUITE, *session.posargs)
    whole = "--include=packages/contracts/*,packages/domain/*"
    session.run("coverage", "report", whole, "--fail-under=100")
    session.run("coverage", "report", "--fail-under=95")


@nox.session
def build(session: nox.Session) -> None:
    """Build a wheel of each package into dist/ and prove that the client's works alone."""
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
def lock(session: nox.Session) -> None:
    """Recompute requirements/*.lock, keeping what still fits; -U upgrades everything."""
    names = [tomllib.loads(member.read_text())["project"]["name"] for member in MEMBERS]
    own = [f"--no-emit-package={name}" for name in names]  # an editable line has no hash

    def write(output: str, *sources: str) -> None:
        # --no-header: it would record this command line. --no-config and the emptied variables:
        # what an index of this machine alone offers is no pin for others.
        how = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate"]
        how += ["--no-header", "--no-config", "--quiet", f"--output-file=requirements/{output}"]
        env = dict.fromkeys(("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"))
        session.run(UV, "pip", "compile", *how, *session.posargs, *sources, env=env)

    run = "--constraints=requirements/dev.lock"  # both locks agree on what they share
    write("tools.lock", "requirements/tools.in")
    write("assets.lock", "requirements/assets.in", "--no-deps")
    write("dev.lock", *map(str, MEMBERS), "--group=pyproject.toml:dev", *own)
    write("run.lock", *map(str, SERVER), run, *own)


def develop(session: nox.Session) -> None:
    """Enter .venv, which holds every package of ours and all that checks them."""
    activate(session, ".venv", "dev.lock", MEMBERS)
    vendor(session)


def activate(session: nox.Session, name: str, lock: str, members: list[Path]) -> None:
    """Enter the environment `name`, making it first unless it is what the lock and members say."""
    place = ROOT / name
    path = os.pathsep.join([str(programs(place)), os.environ["PATH"]])
    os.environ.update(VIRTUAL_ENV=str(place), PATH=path)
    # The place counts because editable installs hold it: a copied tree must not run its original.
    made_from = [*(file.read_bytes() for file in (LOCKS / lock, *members)), sys.version, place]
    stamp, wanted = place / "stamp", hashlib.sha256(repr(made_from).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    # Compiled once here, since a machine may be told not to write bytecode and would then compile
    # at every start.
    env = {"UV_COMPILE_BYTECODE": "1"}
    editable = [f"--editable={member.parent}" for member in members]
    session.run(UV, "venv", "--quiet", "--clear", f"--python={sys.executable}", f"{place}")
    session.run(UV, "pip", "sync", "--require-hashes", f"requirements/{lock}", env=env)
    session.run(UV, "pip", "install", "--quiet", "--no-deps", *editable)
    stamp.write_text(wanted)


def programs(environment: Path) -> Path:
    """The folder of an environment that holds its programs."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def vendor(session: nox.Session) -> None:
    """Put the files of the API's documentation pages beside its code: they need no internet."""
    wanted, present = LOCKS / "assets.lock", VENDOR / "assets.lock"
    if present.exists() and present.read_bytes() == wanted.read_bytes():
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        where = [f"--python={sys.executable}", f"--target={place}"]
        what = ["--quiet", "--no-deps", "--require-hashes", f"--requirements={wanted}"]
        session.run(UV, "pip", "install", *where, *what)
        for name in VENDORED:
            target = VENDOR / SIDECAR / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(place, SIDECAR, name), target)
    shutil.copyfile(wanted, present)


def become(session: nox.Session, program: str, *arguments: str) -> None:
    """End as the program itself, so that one process gets the signals and no server is orphaned."""
    if os.name == "nt":  # Windows has no exec that keeps the process
        session.run(program, *arguments)
    else:
        os.execvp(program, [program, *arguments])
