"""What stepladder answers to the three cases, their named scenarios, the small cases and random problems, at fixed
work: one JSON file.

``python -m tests.benchmarks.answers BEFORE.json`` writes it; with a second file, ``python -m tests.benchmarks.answers
BEFORE.json AFTER.json`` says what differs between the two: plans and reasons as they are, values and bounds to 1e-12.
After a step that must change no answer, nothing does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CASES = ("home_cameras", "bottling_line", "automotive_gateway")
RANDOM = 200
#: Units of work for each, and relative difference that is none.
WORK, SAME = 3, 1e-12


def questions() -> Iterator[tuple[str, Any, str | None]]:
    """Name, question and named scenario."""
    import yaml

    for case in CASES:
        named = yaml.safe_load((ROOT / "scenarios" / f"{case}.yaml").read_text(encoding="utf-8")).get("scenarios", {})
        yield case, case, None
        yield from ((f"{case} {name}", case, name) for name in named)
    for path in sorted((ROOT / "tests" / "cases").glob("*.json")):
        if path.stem != "expected":
            yield path.stem, path, None
    from tests.support.problems import problem

    yield from ((f"random {seed}", problem(seed), None) for seed in range(RANDOM))


def answer(question: Any, scenario: str | None) -> dict[str, Any]:
    """Plan, value, bound and reasons; or that there is none."""
    import stepladder

    try:
        plan = stepladder.plan(question, scenario=scenario, gap=0.0, work=WORK).record
    except stepladder.Infeasible:
        return {"status": "infeasible"}
    except stepladder.NoPlanFound:
        return {"status": "no plan"}
    return {
        "status": plan.status,
        "value": plan.objective.value,
        "bound": plan.objective.bound,
        "starts": dict(sorted(plan.starts.items())),
        "not_planned": {name: [why.reason, why.detail] for name, why in sorted(plan.not_planned.items())},
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What is not the same, a line each."""
    for name in sorted({*before, *after}):
        one, other = before.get(name, {}), after.get(name, {})
        for key in sorted({*one, *other}):
            a, b = one.get(key), other.get(key)
            near = isinstance(a, float) and isinstance(b, float) and abs(a - b) <= SAME * max(1.0, abs(a), abs(b))
            if a != b and not near:
                yield f"{name}: {key}: {a} -> {b}"


def main() -> None:
    """Write, or compare."""
    if len(sys.argv) == 3:
        before, after = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
        lines = list(differences(before, after))
        sys.stdout.write("\n".join([*lines, f"{len(after)} answers, {len(lines)} differences\n"]))
        raise SystemExit(bool(lines))
    answers = {name: answer(question, scenario) for name, question, scenario in questions()}
    Path(sys.argv[1]).write_text(json.dumps(answers, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
