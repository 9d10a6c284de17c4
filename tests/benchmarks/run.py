"""The benchmark: stepladder beside what one would use instead, each row a process of its own, all plans scored by the
verifier.

``python -m tests.benchmarks.run quick`` takes under five minutes, and writes ``build/bench/quick.json`` and ``.md``.
``ladder`` has the public problems whose best value is known, 20 seconds each. ``full`` takes hours, goes on where it
was stopped, and keeps its rows in ``tests/benchmarks/full.json`` after each of them. ``--again NAME`` measures a
solver's, or a problem's, rows anew; ``--only PREFIX`` measures only those of solvers or problems whose name begins so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stepladder.analysis.practice import RULES, plan_by
from stepladder.data.formats.problem import Problem
from stepladder.errors import Infeasible, NoPlanFound
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules
from tests.benchmarks.instances import CASES, LADDER, OPTIMA, ROOT, instance
from tests.benchmarks.practice import money_for
from tests.benchmarks.table import digest, markdown
from tests.benchmarks.textbook import Reply, cp_sat, pulp_model

OURS, RULE = "stepladder", "rules of practice"
RIVALS = ("HiGHS, textbook model", "CBC, textbook model", "CP-SAT")
#: What a process may take beyond its limit before it is killed: for building and checking.
GRACE = 240.0
CARRIES = ("none", "year", "free")
PAGE = ROOT / "docs/explanation/benchmarks.md"
MARKS = ("<!-- figures: make bench-full -->", "<!-- end of figures -->")

Row = dict[str, Any]


def suite(name: str) -> Iterator[tuple[str, str, float, float]]:
    """(problem, solver, seconds, wanted gap)."""
    everyone = (OURS, *RIVALS, RULE)

    def rows(
        problems: list[str], solvers: tuple[str, ...], seconds: float, gap: float = 0.0
    ) -> Iterator[tuple[str, str, float, float]]:
        # By solver: so the rows of one of them can be measured without the others.
        yield from ((problem, solver, seconds, gap) for solver in solvers for problem in problems)

    if name == "quick":
        yield from rows([f"smm/1/{carry}/0" for carry in CARRIES], everyone, 10)
        yield from rows(["case/bottling_line", "nrp1_30"], (OURS, RIVALS[0], RULE), 10)
        yield from rows(["smm/10/year/0", "smm/100/year/0"], (OURS,), 60, 0.01)
        return
    yield from rows(sorted(LADDER), (OURS, RIVALS[0], RIVALS[2]), 20)
    if name == "ladder":
        return
    yield from rows([f"smm/{count}/year/0" for count in (10, 30, 100, 300, 1000)], (OURS,), 600, 0.01)
    yield from rows([f"smm/1/{carry}/{seed}" for seed in range(10) for carry in CARRIES], everyone, 60)
    yield from rows([*(f"case/{case}" for case in CASES), "dsomm"], everyone, 60)
    yield from rows(["nrp1_30", "nrp1_50", "nrp3_50"], everyone, 20)
    yield from rows(["newman1"], everyone, 300)
    yield from rows([f"smm/100/{carry}/0" for carry in CARRIES], everyone, 120)
    yield from rows(
        [f"smm/{count}/{carry}/0" for count in (3, 10, 30) for carry in CARRIES], (OURS, RIVALS[0], RULE), 60
    )
    yield from rows([f"smm/1000/{carry}/0" for carry in CARRIES], (OURS, RULE), 480)


# -- one row, in its own process ---------------------------------------------------------------------------------------


def measure(name: str, solver: str, seconds: float, gap: float, target: float | None) -> Row:
    """Solve and score one problem; ``target`` is the value that a rule of practice is to reach with more money."""
    problem = instance(name)
    assert problem is not None
    begun = time.monotonic()
    if solver == OURS:
        row = _ours(problem, seconds, gap)
    elif solver == RULE:
        row = _rules(problem)
    else:
        row = _scored(problem, _rival(problem, solver, seconds, gap))
    row["seconds"] = time.monotonic() - begun
    row["peak_mb"] = max(_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    if (
        solver == RULE
        and target is not None
        and row["value"] is not None
        and len(problem.steps) < 100
        and problem.objective == "risk"
    ):
        row["money"] = money_for(problem, row["note"], target, lambda starts: _worth(problem, starts))
    return {**row, "steps": len(problem.steps), "objective": problem.objective}


def _peak() -> float:
    """The most memory that this process has held, in MB; ``ru_maxrss`` would begin with what the parent held when it
    forked.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _ours(problem: Problem, seconds: float, gap: float) -> Row:
    from stepladder.optimise import Options, optimise
    from stepladder.solution import make_plan

    reached: dict[str, float] = {}

    def watch(progress: Any) -> None:
        for mark in (0.05, 0.01, 0.005, 0.001):
            if progress.gap is not None and progress.gap <= mark:
                reached.setdefault(str(mark), progress.seconds)

    building = _Clock(("lay", "build", "minimise", "arrays", "tangent"))
    begun = time.monotonic()
    outcome = optimise(problem, Options(gap=gap, time_limit=seconds), watch)
    solved = time.monotonic() - begun
    try:
        plan = make_plan(problem, outcome)
    except (Infeasible, NoPlanFound) as error:
        return {"value": None, "bound": outcome.bound, "note": str(error)}
    checked = time.monotonic() - begun - solved
    shares = {"build": building.seconds, "solve": solved - building.seconds, "verify": checked}
    return {
        "value": plan.objective.value,
        "bound": plan.objective.bound,
        "note": plan.status,
        "shares": shares,
        "reached": reached,
    }


class _Clock:
    """The seconds that the solver room spends, in this thread, in functions of these names: in the outermost of
    them.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.seconds, self._inside, self._thread = 0.0, False, threading.get_ident()
        for module in [module for name, module in sys.modules.items() if name.startswith("stepladder.optimise.")]:
            for name in names:
                if hasattr(module, name):
                    setattr(module, name, self._timed(getattr(module, name)))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._inside or threading.get_ident() != self._thread:
                return function(*args, **kwargs)
            self._inside, begun = True, time.monotonic()
            try:
                return function(*args, **kwargs)
            finally:
                self._inside = False
                self.seconds += time.monotonic() - begun

        return timed


def _rival(problem: Problem, solver: str, seconds: float, gap: float) -> Reply:
    if solver == "CP-SAT":
        return cp_sat(problem, seconds, gap)
    return pulp_model(problem, solver.partition(",")[0].lower(), seconds, gap)


def _scored(problem: Problem, reply: Reply) -> Row:
    """A plan counts if the verifier passes it, with the verifier's value."""
    if reply.starts is None:
        return {"value": None, "bound": reply.bound, "note": "no plan"}
    faults = broken_rules(problem, reply.starts)
    if faults:
        return {"value": None, "bound": reply.bound, "note": f"breaks a rule: {faults[0].rule}"}
    return {"value": _worth(problem, reply.starts), "bound": reply.bound, "note": ""}


def _rules(problem: Problem) -> Row:
    """The best of the rules of practice, and all of them."""
    scored = {rule: _scored(problem, Reply(plan_by(problem, rule), None)) for rule in RULES}
    valid = {rule: row["value"] for rule, row in scored.items() if row["value"] is not None}
    best = min(valid, key=lambda rule: valid[rule], default=None)
    return {
        "value": None if best is None else valid[best],
        "bound": None,
        "note": best or "no rule gives a plan",
        "by_rule": valid,
    }


def _worth(problem: Problem, starts: Mapping[str, int]) -> float:
    return figures(problem, starts).objective(problem.objective)


# -- all rows ----------------------------------------------------------------------------------------------------------


def run(name: str, folder: Path, again: list[str], only: str) -> None:
    """Measure what is missing, one row after the other."""
    path = folder / f"{name}.json"
    kept: list[Row] = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    rows = [row for row in kept if row["solver"] not in again and row["problem"] not in again]
    wanted = [row for row in suite(name) if row[0].startswith(only) or row[1].startswith(only)]
    for number, (problem, solver, seconds, gap) in enumerate(wanted, 1):
        key = {"problem": problem, "solver": solver, "limit": seconds, "wanted": gap}
        if any(key.items() <= row.items() for row in rows):
            continue
        if instance(problem) is None:
            print(
                f"{number}/{len(wanted)} {problem}: left out, its data is not in"
                f" {os.environ.get('STEPLADDER_DATA', 'reach')}",
                flush=True,
            )
            continue
        ours = next((row["value"] for row in rows if (row["problem"], row["solver"]) == (problem, OURS)), None)
        row = key | _apart(key, ours) | {"date": _today()}
        rows.append(row)
        _write(path, json.dumps(_said(name, rows), indent=1))
        print(
            f"{number}/{len(wanted)} {problem}, {solver}: {row['value']} (bound {row['bound']}) in {row['seconds']:.1f}"
            f" s {row['note']}",
            flush=True,
        )
    tables = markdown(_said(name, rows), OURS, RULE, OPTIMA)
    _write(folder / f"{name}.md", tables)
    print(f"\n{tables}\n\n{folder / name}.md")
    if name == "full":
        _write(PAGE, shown_in(PAGE.read_text(encoding="utf-8"), _said(name, rows)).rstrip("\n"))


def shown_in(page: str, said: dict[str, Any]) -> str:
    """The documentation's page with these figures between its two marks."""
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}\n\n{digest(said, OURS, RULE, OPTIMA)}\n\n{MARKS[1]}{after}"


def _said(name: str, rows: list[Row]) -> dict[str, Any]:
    dates = sorted({row["date"] for row in rows}) or [_today()]
    days = " to ".join(sorted({dates[0], dates[-1]}))
    return {
        "command": "make bench" if name == "quick" else f"make bench-{name}",
        "machine": machine() | {"date": days},
        "rows": rows,
    }


def _apart(key: Row, ours: float | None) -> Row:
    """One row, measured in a process of its own."""
    said = [sys.executable, "-m", "tests.benchmarks.run", "one", json.dumps({**key, "ours": ours})]
    begun = time.monotonic()
    try:
        done = subprocess.run(said, cwd=ROOT, capture_output=True, text=True, timeout=key["limit"] + GRACE, check=False)
    except subprocess.TimeoutExpired:
        return {
            "value": None,
            "bound": None,
            "note": "killed: far beyond its time",
            "seconds": time.monotonic() - begun,
            "peak_mb": None,
        }
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return {
            "value": None,
            "bound": None,
            "note": lines[-1][:200],
            "seconds": time.monotonic() - begun,
            "peak_mb": None,
        }
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def _write(path: Path, text: str) -> None:
    """All or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    from importlib.metadata import version

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("highspy", "pulp", "ortools"))
    return {"size": f"{os.cpu_count()} cores, {memory:.0f} GiB", "packages": packages}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", choices=("quick", "ladder", "full", "one"))
    parser.add_argument("row", nargs="?")
    parser.add_argument("--again", action="append", default=[], metavar="NAME")
    parser.add_argument("--only", default="", metavar="PREFIX")
    said = parser.parse_args()
    if said.suite == "one":
        row = json.loads(said.row)
        print(json.dumps(measure(row["problem"], row["solver"], row["limit"], row["wanted"], row["ours"])))
    else:
        run(
            said.suite,
            ROOT / "build" / "bench" if said.suite != "full" else Path(__file__).parent,
            said.again,
            said.only,
        )


if __name__ == "__main__":
    main()
