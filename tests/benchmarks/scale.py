"""How time and memory grow with the number of steps: ``check`` and ``plan --time-limit 5``, each a process of its own.

``python -m tests.benchmarks.scale`` prints a table; ``--python`` names the interpreter whose stepladder is measured, so
that two versions stand beside each other, ``--only check`` and ``--sizes 1000,3000`` measure less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from stepladder.data.formats.problem import Problem, dump
from tests.benchmarks.generate import bare, chain, smm

SIZES = (1_000, 3_000, 10_000, 30_000)
#: A system of a fleet has so many steps.
SYSTEM = 29
SHAPES: dict[str, Callable[[int], Problem]] = {
    "one system": bare,
    "a fleet": lambda count: smm(0, max(2, round(count / SYSTEM))),
    "a chain": chain,
    "a chain at once": lambda count: chain(count, lag=0),
}
LIMIT = 5
#: Seconds after which a process is killed.
PATIENCE = 300


def measure(python: str, arguments: list[str], patience: float) -> tuple[float, float, int | None, str]:
    """Seconds of the clock, peak megabytes, exit code (None when killed) and what it said, of one run."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [python, "-m", "stepladder", *arguments], stdout=said, stderr=subprocess.DEVNULL, env=os.environ
        )
        code: int | None = None
        while True:
            done, status, used = os.wait4(child.pid, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                break
            if time.monotonic() - begun > patience:
                child.kill()
                _, _, used = os.wait4(child.pid, 0)
                break
            time.sleep(0.01)
        child.returncode = code if code is not None else -9
        said.seek(0)
        return time.monotonic() - begun, used.ru_maxrss / 1024, code, said.read().decode("utf-8", "replace")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", choices=("check", "plan"))
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--patience", type=float, default=PATIENCE)
    said = parser.parse_args()
    print(
        "| problem | steps | check, s | MB | plan, s beyond the limit and reading | MB | gap"
        " |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for shape in said.shapes.split(","):
            for size in map(int, said.sizes.split(",")):
                print(_row(said, Path(folder), shape, size), flush=True)


def _row(said: argparse.Namespace, folder: Path, shape: str, size: int) -> str:
    problem = SHAPES[shape](size)
    path, plan = folder / "problem.json", folder / "plan.json"
    path.write_text(dump(problem), encoding="utf-8")
    plan.unlink(missing_ok=True)
    cells = [shape, f"{len(problem.steps):,}"]
    reading = 0.0
    if said.only != "plan":
        reading, memory, code, _ = measure(said.python, ["check", str(path)], said.patience)
        cells += [_seconds(reading, code), f"{memory:,.0f}"]
    else:
        cells += ["", ""]
    if said.only != "check":
        taken, memory, code, _ = measure(
            said.python, ["plan", str(path), "--time-limit", str(said.limit), "-o", str(plan)], said.patience
        )
        gap = json.loads(plan.read_text(encoding="utf-8"))["objective"]["gap"] if plan.exists() else None
        beyond = max(0.0, taken - said.limit - reading)
        cells += [_seconds(beyond, code), f"{memory:,.0f}", "no plan" if gap is None else f"{gap:.1%}"]
    return "| " + " | ".join(cells) + " |"


def _seconds(seconds: float, code: int | None) -> str:
    return f"over {seconds:,.0f}" if code is None else f"{seconds:,.1f}"


if __name__ == "__main__":
    main()
