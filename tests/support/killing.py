"""Commands that are stopped at chosen moments, cheaply: a process that has everything imported forks one for each,
and sees what is left of it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Seconds after which a command that was asked to stop is taken to hang, and in which all its processes have to be
#: gone.
PATIENCE = 90.0


@dataclass(frozen=True)
class Ended:
    """What became of a command: its exit code (minus the signal that ended it), stderr, processes that outlived it,
    seconds.
    """

    code: int
    err: str
    left: tuple[int, ...]
    seconds: float


@dataclass(frozen=True)
class Killer:
    """The process that forks."""

    server: subprocess.Popen[str]

    def run(
        self,
        arguments: Sequence[object],
        folder: Path,
        moment: float | None = None,
        number: int = signal.SIGKILL,
        patches: Mapping[str, Any] | None = None,
    ) -> Ended:
        """A command in a folder; ``patches`` are set (``module:name``) before it begins."""
        order = {
            "arguments": [str(one) for one in arguments],
            "folder": str(folder),
            "moment": moment,
            "signal": int(number),
            "patches": dict(patches or {}),
        }
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        said = json.loads(self.server.stdout.readline())
        return Ended(said["code"], said["err"], tuple(said["left"]), said["seconds"])


def hearing() -> None:
    """Before a command begins: it hears every signal. Whoever runs the tests in the background may have had some
    ignored, and children inherit that.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def environment() -> dict[str, str]:
    """With the package that is tested, wherever the command runs, and a token."""
    import stepladder

    # As people have it: what is written waits in a buffer.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**kept, "PYTHONPATH": str(Path(stepladder.__file__).parents[1]), "GITHUB_TOKEN": "secret-token"}


@contextmanager
def killer() -> Iterator[Killer]:
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as server:
        try:
            yield Killer(server)
        finally:
            assert server.stdin is not None
            server.stdin.close()


def session(leader: int) -> tuple[int, ...]:
    """The processes of a session that are at work, but for its leader."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != leader:
            try:
                state, _, _, its = (
                    (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:4]
                )
            except OSError:
                continue
            if int(its) == leader and state not in "ZX":
                found.append(int(entry.name))
    return tuple(found)


def gone(leader: int, patience: float = 20.0) -> tuple[int, ...]:
    """Those that are still there after some time."""
    limit = time.monotonic() + patience
    while (left := session(leader)) and time.monotonic() < limit:
        time.sleep(0.02)
    return left


# -- the process that forks --------------------------------------------------------------------------------------------


def _serve() -> None:
    import stepladder

    for module in pkgutil.walk_packages(stepladder.__path__, "stepladder."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_once(json.loads(line))) + "\n")
        sys.stdout.flush()


def _once(order: dict[str, Any]) -> dict[str, Any]:
    stderr = os.memfd_create("stderr")
    child = os.fork()
    if child == 0:
        _command(order, stderr)
    begun = time.monotonic()
    code = None
    if order["moment"] is not None:
        code = _waited(child, order["moment"])
        if code is None:
            os.kill(child, order["signal"])
    code = _waited(child, PATIENCE) if code is None else code
    seconds = time.monotonic() - begun
    if code is None:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        code = -1000
    left = gone(child)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    os.lseek(stderr, 0, os.SEEK_SET)
    with os.fdopen(stderr, "rb") as file:
        err = file.read().decode("utf-8", "replace")
    return {"code": code, "err": err[-4000:], "left": left, "seconds": seconds}


def _waited(child: int, seconds: float) -> int | None:
    limit = time.monotonic() + seconds
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= limit:
            return None
        time.sleep(0.002)


def _command(order: dict[str, Any], stderr: int) -> None:
    """One command, as if in a process of its own."""
    # Until the program itself says otherwise.
    hearing()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for at, number in ((0, nothing), (1, nothing), (2, stderr)):
        os.dup2(number, at)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(at, mode, encoding="utf-8", closefd=False) for at, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    os.chdir(order["folder"])
    for place, value in order["patches"].items():
        module, _, name = place.partition(":")
        setattr(importlib.import_module(module), name, value)
    sys.argv = ["stepladder", *order["arguments"]]
    from stepladder.__main__ import run

    code = 0
    try:
        run()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - shown as the interpreter would
        import traceback

        code = 1
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
