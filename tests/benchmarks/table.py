"""The benchmark's rows as Markdown: for people, each figure as it was measured and as a ratio to ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

Row = dict[str, Any]

#: A gap below this is closed; a mean of ratios counts it as this much.
CLOSED = 1e-5
NOTE = (
    "Values are the verifier's; a gap is (value − bound) / |value|, each with its own bound; "
    "seconds are of reading, building, solving and checking; memory is the process's peak."
)


def markdown(said: dict[str, Any], ours: str, rule: str, optima: dict[str, float]) -> str:
    """Every table that the rows are enough for."""
    rows: list[Row] = said["rows"]
    machine = said["machine"]
    parts = [
        f"`{said['command']}`, {machine['date']}, {machine['size']}, {machine['packages']}. {NOTE}",
        _one_system(rows, ours),
        _each(rows, ours, optima),
        _reached(rows, ours),
        _shares(rows, ours),
        _growth(rows, ours),
        _practice(rows, ours, rule),
    ]
    return "\n\n".join(part for part in parts if part)


def digest(said: dict[str, Any], ours: str, rule: str, optima: dict[str, float]) -> str:
    """What a reader of the documentation wants to know: one system, fleets, the other problems beside the best of the
    rivals, and the rules of practice.
    """
    rows: list[Row] = said["rows"]
    machine = said["machine"]
    head = f"`{said['command']}`, {machine['date']}, {machine['size']}, {machine['packages']}. {NOTE}"
    parts = [
        head,
        _one_system(rows, ours),
        _beside(rows, ours, rule, optima),
        _growth(rows, ours),
        _practice(rows, ours, rule),
    ]
    return "\n\n".join(part for part in parts if part)


def _beside(rows: list[Row], ours: str, rule: str, optima: dict[str, float]) -> str:
    """Each other problem: ours, and the rival with the best plan (of equals, the smallest gap)."""
    own, lines = _own(rows, ours), []
    for name, mine in own.items():
        if name.startswith("smm/1/"):
            continue
        rivals = [
            row
            for row in rows
            if row["problem"] == name
            and row["solver"] not in (ours, rule)
            and row["value"] is not None
            and row["wanted"] == 0
        ]
        best = min(rivals, key=lambda row: (row["value"], 1.0 if (gap := _gap(row)) is None else gap), default=None)
        known = " (the optimum)" if name in optima and math.isclose(mine["value"], optima[name], rel_tol=1e-8) else ""
        theirs = ["–"] * 4
        if best is not None:
            theirs = [
                best["solver"],
                _number(best["value"] / mine["value"], 4),
                _percent(_gap(best)),
                _number(best["seconds"], 1),
            ]
        lines.append(
            [name, _number(mine.get("steps"), 0), _percent(_gap(mine)) + known, _number(mine["seconds"], 1), *theirs]
        )
    head = ["problem", "steps", "our gap", "seconds", "best rival", "its value ÷ ours", "its gap", "seconds"]
    profits = "newman1 and the NRP are profits, written as negative values: there a ratio below 1 is worse"
    return _table(f"Other problems, beside the rival with the best plan ({profits})", head, lines)


def _gap(row: Row) -> float | None:
    if row["value"] is None or row["bound"] is None or row["value"] == 0:
        return None
    gap: float = (row["value"] - row["bound"]) / abs(row["value"])
    return max(0.0, gap)


def _mean(ratios: Iterable[float]) -> float | None:
    """Geometric mean."""
    found = list(ratios)
    return math.exp(math.fsum(map(math.log, found)) / len(found)) if found else None


def _percent(share: float | None, digits: int = 3) -> str:
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _table(title: str, head: list[str], lines: list[list[str]]) -> str:
    if not lines:
        return ""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join([f"**{title}**", "", *(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))])


def _by(rows: list[Row], key: Callable[[Row], Any]) -> Iterable[tuple[Any, list[Row]]]:
    """Groups in the order in which their keys first appear."""
    place: dict[Any, int] = {}
    for row in rows:
        place.setdefault(key(row), len(place))
    for group, held in groupby(sorted(rows, key=lambda row: place[key(row)]), key):
        yield group, list(held)


def _own(rows: list[Row], ours: str) -> dict[str, Row]:
    return {row["problem"]: row for row in rows if row["solver"] == ours and row["wanted"] == 0}


def _one_system(rows: list[Row], ours: str) -> str:
    """Of all seeds of one system, by carry-over rule and solver."""
    lines = []
    own = _own(rows, ours)
    chosen = [row for row in rows if row["problem"].startswith("smm/1/") and row["wanted"] == 0]
    by_rule = [
        *_by(chosen, lambda row: (row["problem"].split("/")[2], row["solver"])),
        *_by(chosen, lambda row: ("all", row["solver"])),
    ]
    for (carry, solver), group in by_rule:
        pairs = [(row, own[row["problem"]]) for row in group if row["problem"] in own and row["value"] is not None]
        gaps = [gap for row in group if (gap := _gap(row)) is not None]
        ratios = [
            max(ours_gap, CLOSED) / max(gap, CLOSED)
            for row, mine in pairs
            if (gap := _gap(row)) is not None and (ours_gap := _gap(mine)) is not None
        ]
        lines.append(
            [
                f"{carry}, {solver}",
                f"{len(pairs)}/{len(group)}",
                _number(_mean(row["value"] / mine["value"] for row, mine in pairs), 4),
                str(sum(row["value"] < mine["value"] * (1 - 1e-9) for row, mine in pairs)),
                _percent(_mean(max(gap, CLOSED) for gap in gaps)),
                _percent(max(gaps, default=None)),
                _number(_mean(ratios)),
                _number(_mean(row["seconds"] for row in group), 1),
                _number(max((row["peak_mb"] for row in group if row["peak_mb"]), default=None), 0),
            ]
        )
    head = [
        "carry-over, solver",
        "plans",
        "value ÷ ours",
        "better than ours",
        "gap, mean",
        "gap, worst",
        "our gap ÷ its",
        "seconds, mean",
        "MB, most",
    ]
    return _table("One system, all seeds (geometric means; a gap below 0.001 % counts as that)", head, lines)


def _each(rows: list[Row], ours: str, optima: dict[str, float]) -> str:
    """Every other row."""
    own = _own(rows, ours)
    lines = []
    for row in rows:
        if row["problem"].startswith("smm/1/") or row["wanted"] != 0:
            continue
        mine = own.get(row["problem"], row)
        known = optima.get(row["problem"])
        lines.append(
            [
                f"{row['problem']}, {row['solver']}"
                + (f" ({row['note']})" if row["note"] and row["solver"] != ours else ""),
                _number(row.get("steps"), 0),
                _number(row["value"], 0),
                _number(row["bound"], 0),
                _percent(_gap(row)),
                (
                    _percent((row["value"] - known) / abs(known), 4)
                    if known is not None and row["value"] is not None
                    else "–"
                ),
                _number(row["value"] / mine["value"], 4) if row["value"] is not None and mine["value"] else "–",
                _number(row["seconds"], 1),
                _number(row["seconds"] / mine["seconds"], 1),
                _number(row["peak_mb"], 0),
                _number(row["peak_mb"] / mine["peak_mb"], 1) if row["peak_mb"] and mine["peak_mb"] else "–",
            ]
        )
    head = [
        "problem, solver",
        "steps",
        "value",
        "bound",
        "gap",
        "above the optimum",
        "value ÷ ours",
        "seconds",
        "÷ ours",
        "MB",
        "÷ ours",
    ]
    return _table("Other problems", head, lines)


def _reached(rows: list[Row], ours: str) -> str:
    """When our gap fell below each mark."""
    marks = ("0.05", "0.01", "0.005", "0.001")
    lines = [
        [row["problem"], *(_number(row["reached"].get(mark), 1) for mark in marks)]
        for row in _own(rows, ours).values()
        if row.get("reached")
    ]
    return _table(
        "Seconds until our gap was proved to be within",
        ["problem", *(f"{100 * float(mark):g} %" for mark in marks)],
        lines,
    )


def _shares(rows: list[Row], ours: str) -> str:
    """Where our time goes, on the larger problems."""
    lines = []
    for row in rows:
        if row["solver"] == ours and row.get("shares") and row.get("steps", 0) > 150:
            total = sum(row["shares"].values())
            wanted = f", to {100 * row['wanted']:g} %" if row["wanted"] else ""
            lines.append(
                [
                    row["problem"] + wanted,
                    _number(total, 1),
                    *(_percent(row["shares"][part] / total, 1) for part in ("build", "solve", "verify")),
                ]
            )
    return _table("Where our time goes", ["problem", "seconds", "build", "solve", "verify"], lines)


def _growth(rows: list[Row], ours: str) -> str:
    """Seconds to a gap of 1 % by the number of systems, and the exponent from the first size to each."""
    chosen = [
        (int(row["problem"].split("/")[1]), row)
        for row in rows
        if row["solver"] == ours and row["wanted"] == 0.01 and row["limit"] > 60
    ]
    lines: list[list[str]] = []
    for count, row in chosen:
        first, base = chosen[0]
        exponent = math.log(row["seconds"] / base["seconds"]) / math.log(count / first) if count > first else None
        lines.append(
            [
                str(count),
                _number(row.get("steps"), 0),
                _number(row["seconds"], 1),
                _percent(_gap(row), 2),
                _number(exponent),
            ]
        )
    return _table("Growth at a wanted gap of 1 %", ["systems", "steps", "seconds", "gap", "exponent"], lines)


def _practice(rows: list[Row], ours: str, rule: str) -> str:
    """The same money: how much less loss remains than by the best rule of practice, and the money the rule would
    need.
    """
    own = _own(rows, ours)
    lines = []
    chosen = [
        row
        for row in rows
        if row["solver"] == rule and row["objective"] == "risk" and row["value"] is not None and row["problem"] in own
    ]
    for kind, group in _by(chosen, lambda row: "/".join(row["problem"].split("/")[:3])):
        less = [
            1 - own[row["problem"]]["value"] / row["value"]
            for row in group
            if own[row["problem"]]["value"] is not None and row["value"] > 0
        ]
        if not less:
            continue
        money = [row["money"] for row in group if row.get("money")]
        beyond = sum("money" in row and row["money"] is None for row in group)
        best = sorted({row["note"] for row in group})
        lines.append(
            [
                kind,
                str(len(less)),
                _percent(min(less), 1),
                _percent(sum(less) / len(less), 1),
                (_number(_mean(money)) if money else "–")
                + (f" ({beyond} of {len(group)} not with 10 times)" if beyond else ""),
                ", ".join(best),
            ]
        )
    head = ["problems", "seeds", "less remaining loss, least", "mean", "money the rule needs ÷ ours", "best rules"]
    return _table("Against the best rule of practice, with the same money", head, lines)
