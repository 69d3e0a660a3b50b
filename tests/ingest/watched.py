"""A run of the real command that is watched from outside: what each file cost, and what the processes did to the world.

Two look at it: an audit hook in every Python process, and, where it is installed, strace, which sees what C code does too.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# runs the command, and notes what its workers cost: CPU seconds of each task, and the most memory of any
_COMMAND = """
import json, os, resource, sys
from pathlib import Path
from dossier.cli import main
from dossier.engines import processes

def cpu(worker):
    fields = Path(f"/proc/{worker._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def name(task):
    task = task[0] if isinstance(task, tuple) else task
    return getattr(task, "relative", None) or task.id

give, take, costs = processes._Worker.give, processes._Worker.take, {}

def timed_give(self, function, task, limits):
    self.before = cpu(self)
    give(self, function, task, limits)

def timed_take(self):
    took, who = cpu(self) - self.before, name(self.task)
    costs[who] = max(took, costs.get(who, 0.0))
    return take(self)

processes._Worker.give, processes._Worker.take = timed_give, timed_take
out, code = sys.argv[1], 0
try:
    main(sys.argv[2:])
except SystemExit as stop:
    code = stop.code
children = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(out, "w") as file:
    json.dump({"costs": costs, "peak_mb": children.ru_maxrss >> 10}, file)
sys.exit(code)
"""
_WRITES = (
    "open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,symlinkat,link,linkat,unlink,unlinkat,"
    "truncate"
)
_CALLS = f"connect,listen,sendto,sendmsg,sendmmsg,execve,execveat,fork,vfork,clone,clone3,mknod,mknodat,{_WRITES}"
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass
class Watched:
    """`costs`: CPU seconds of the longest task of each file (its path) or document (its id)."""

    code: int
    out: str
    err: str
    costs: dict[str, float]
    peak_mb: int
    folder: Path
    traced: bool

    @cached_property
    def audited(self) -> dict[str, list[tuple[str, str]]]:
        """What the audit hook saw, by process: pairs of event and what of."""
        found = {}
        for file in (self.folder / "audit").iterdir():
            lines = (line.partition("\t") for line in file.read_text("utf-8").splitlines())
            found[file.name] = [(event, words) for event, _, words in lines]
        return found

    @cached_property
    def calls(self) -> dict[str, list[tuple[str, str, bool]]]:
        """What strace saw, by process or thread: the call, its arguments, whether it went well."""
        found = {}
        for file in sorted((self.folder / "trace").iterdir()):
            matches = map(_CALL.match, file.read_text("utf-8", "replace").splitlines())
            found[file.suffix] = [(m[1], m[2], not m[3].startswith("-")) for m in matches if m]
        return found

    def written(self) -> set[str]:
        """Every path that was opened for writing, made, renamed to or taken away; of both."""
        found = {ast.literal_eval(w) for events in self.audited.values() for event, w in events if event == "write"}
        if not self.traced:
            return found
        for calls in self.calls.values():
            for call, arguments, _ in calls:
                paths = [_unescape(path) for path in _PATH.findall(arguments)]
                if paths and call in _WRITES.split(",") and _writes(call, arguments):
                    found.add(os.path.abspath(self.folder / "work" / paths[-1]))  # noqa: PTH100  links stay as they are
        return found


def _writes(call: str, arguments: str) -> bool:
    return not call.startswith("open") or bool(re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", arguments))


def _unescape(path: str) -> str:
    return (
        path.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
    )


def has_strace() -> bool:
    """Whether strace is here, and may trace."""
    strace = shutil.which("strace")
    return strace is not None and subprocess.run([strace, "-qq", "-o", os.devnull, "true"], check=False).returncode == 0


def watch(folder: Path, *arguments: object) -> Watched:
    """Run `dossier ARGUMENTS` in `folder/work`, and note what it does in `folder`."""
    for name in ("audit", "trace", "work", "tmp"):
        (folder / name).mkdir()
    traced = has_strace()
    command = [sys.executable, "-c", _COMMAND, str(folder / "costs.json"), *map(str, arguments)]
    if traced:
        command = ["strace", "-ff", "--seccomp-bpf", "-qq", "-s", "4096", "-e", f"trace={_CALLS}", "-e", "signal=none",
                   "-o", str(folder / "trace" / "t"), *command]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "WATCH": str(folder / "audit"),
                   "TMPDIR": str(folder / "tmp"),
                   "PYTHONPATH": str(Path(__file__).parent / "watch")}  # fmt: skip
    done = subprocess.run(
        command, cwd=folder / "work", env=environment, capture_output=True, text=True, check=False, errors="replace"
    )
    noted = json.loads((folder / "costs.json").read_text())
    return Watched(done.returncode, done.stdout, done.stderr, noted["costs"], noted["peak_mb"], folder, traced)
