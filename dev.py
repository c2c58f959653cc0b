"""Set up Gatepost and run a command: `python3 dev.py serve`, `python3 dev.py test`.

This script needs only Python. It installs nox and uv into .venv-tools, checking their locked
hashes; nox does the rest. Arguments after the command are passed to the program, as in
`python3 dev.py serve --port 8123`.
"""

from __future__ import annotations  # so that an older Python can reach the version check

import ast
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".venv-tools"
LOCK = ROOT / "requirements" / "tools.lock"
PYTHON = TOOLS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def commands() -> dict[str, str]:
    """Return the name and the first docstring line of each nox session, without running any."""
    functions = [
        node
        for node in ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(
            ast.unparse(decorator).startswith("nox.session") for decorator in node.decorator_list
        )
    ]
    return {node.name: (ast.get_docstring(node) or "").partition("\n")[0] for node in functions}


def usage() -> str:
    """Return the usage text, with one line per command."""
    lines = [f"  {command:10} {summary}" for command, summary in commands().items()]
    return "\n".join(["usage: python3 dev.py COMMAND [ARGUMENT …]", "", "commands:", *lines])


def make_tools() -> None:
    """Install the locked tools into .venv-tools, unless they are up to date."""
    # The path is part of the fingerprint: a virtual environment cannot be moved or copied.
    seed = LOCK.read_bytes() + sys.version.encode() + bytes(TOOLS)
    stamp, fingerprint = TOOLS / "stamp", hashlib.sha256(seed).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot create virtual environments: its ensurepip module is missing.\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )
    print("Creating .venv-tools …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", TOOLS], check=True)
    print("Installing nox and uv …", flush=True)
    install = ["install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", f"{LOCK}"]
    subprocess.run([PYTHON, "-m", "pip", *install], check=True)
    stamp.write_text(fingerprint, encoding="utf-8")


def main() -> None:
    """Replace this process with nox, running the session named by the first argument."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this script may run with an older Python
        sys.exit(
            f"Gatepost needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}."
        )
    command, *arguments = sys.argv[1:] or ["help"]
    if command in {"-h", "--help", "help"}:
        print(usage())
        return
    if command not in commands():
        sys.exit(f"Unknown command {command!r}.\n\n{usage()}")
    try:
        make_tools()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The tools could not be installed: {error}")
    nox = [str(PYTHON), "-m", "nox", f"--noxfile={ROOT / 'noxfile.py'}", f"--session={command}"]
    if os.name == "nt":  # exec on Windows starts a new process
        sys.exit(subprocess.call([*nox, "--", *arguments]))
    # exec keeps one process from here to the server, so signals reach the server directly.
    os.execv(PYTHON, [*nox, "--", *arguments])


if __name__ == "__main__":
    main()
