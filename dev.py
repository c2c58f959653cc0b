"""Set Gatepost up and do what the word says: `python3 dev.py serve`, `python3 dev.py test`.

Needs Python and nothing else. The tools, nox and uv, go into .venv-tools by their locked hashes;
nox does the rest. Whatever follows the word is handed to the program, as in
`python3 dev.py serve --port 8123`.
"""

from __future__ import annotations  # so that an older Python gets as far as being told

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


def words() -> dict[str, str]:
    """Each session of the noxfile and the first line of its docstring, read without running it."""
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
    """What can be asked for, a line each."""
    lines = [f"  {word:10} {meaning}" for word, meaning in words().items()]
    return "\n".join(["python3 dev.py WORD [what the program is told …]", "", *lines])


def make_tools() -> None:
    """Bring .venv-tools to its lock, unless it is there already."""
    # The path counts too: a virtual environment does not survive being moved or copied.
    seed = LOCK.read_bytes() + sys.version.encode() + bytes(TOOLS)
    stamp, wanted = TOOLS / "stamp", hashlib.sha256(seed).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments: its ensurepip module is missing.\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )
    print("Making .venv-tools, once …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", TOOLS], check=True)
    print("Installing nox and uv into it …", flush=True)
    install = ["install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", f"{LOCK}"]
    subprocess.run([PYTHON, "-m", "pip", *install], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def main() -> None:
    """Become nox, running the session that the first argument names."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may well have an older one
        sys.exit(
            f"Gatepost needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}."
        )
    word, *rest = sys.argv[1:] or ["help"]
    if word in {"-h", "--help", "help"}:
        print(usage())
        return
    if word not in words():
        sys.exit(f"There is no word {word!r}.\n\n{usage()}")
    try:
        make_tools()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The tools could not be installed: {error}")
    nox = [str(PYTHON), "-m", "nox", f"--noxfile={ROOT / 'noxfile.py'}", f"--session={word}", "--"]
    if os.name == "nt":  # Windows has no exec that keeps the process
        sys.exit(subprocess.call([*nox, *rest]))
    # One process from here to the server, so that a signal meets no go-between.
    os.execv(PYTHON, [*nox, *rest])


if __name__ == "__main__":
    main()
