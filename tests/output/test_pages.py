"""Golden pages of the hand-made plan, and what must hold of every page: width, order, plain words, no colour unless
asked for.

To write the golden files anew: ``STEPLADDER_GOLDEN=write pytest tests/output``, then read the difference.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis.beginnings import Begun, WorthKnowing
from stepladder.analysis.check import problem_facts
from stepladder.analysis.claims import Claim, no_plan
from stepladder.analysis.comparison import compared
from stepladder.analysis.curves import Curve, Frontier, Point, Reach
from stepladder.analysis.difference import difference
from stepladder.analysis.first_steps import Alternative, Nudge, unpriced
from stepladder.analysis.futures import SweepRequest
from stepladder.analysis.price import Price
from stepladder.analysis.remedies import Remedy
from stepladder.analysis.repair import Clash, Repair
from stepladder.analysis.spread import Spread
from stepladder.analysis.stable import Alternative as Other
from stepladder.analysis.stable import Alternatives, core
from stepladder.analysis.steps import facts, titles
from stepladder.analysis.sweep import Chance, Ranges, Sweep
from stepladder.analysis.why import Hindrance, Why
from stepladder.analysis.why import Other as Choice
from stepladder.data.demand import Demand, demands_of
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.remedy import Change, RemedyKind
from stepladder.errors import Fault, Location
from stepladder.evaluate.exceedance import CHANCES
from stepladder.evaluate.exceedance import Curve as Curved
from stepladder.optimise import Options
from stepladder.output.advice import next_json, next_text
from stepladder.output.checked import check_text
from stepladder.output.compared import compare_text
from stepladder.output.differences import diff_text
from stepladder.output.frontiers import frontier_text
from stepladder.output.reasons import why_text
from stepladder.output.repairs import repair_text
from stepladder.output.report.compose import Material, compose, outline
from stepladder.output.stables import stable_text
from stepladder.output.sweeps import sweep_text
from stepladder.output.terminal import plan_text as front_text
from stepladder.output.verified import verify_text
from stepladder.wording.page import Page, Style
from stepladder.wording.summary import proof, summary
from stepladder.wording.text import columns
from tests.support import handmade

GOLDEN = Path(__file__).parent / "golden"
RULES = {
    "needs": "Every planned step starts after what it needs.",
    "windows": "No limit on money or people is exceeded.",
}


def plan_text(plan: Plan, style: Style | None = None) -> str:
    return front_text(plan, style, full=True)


def checked(plan: Plan, style: Style | None = None) -> str:
    notes = plan.context.notes if plan.context else ()
    return check_text(plan.problem, problem_facts(plan.problem, plan.context), notes, ("tight", "rich"), style)


def nudged(plan: Plan) -> Nudge:
    """As if prices were known: one exact, one an interval, one of what cannot be."""
    held = unpriced(plan)
    names = [step.step.id for step in held.beginning.steps]
    prices = [
        Price(1234.0, 1234.0),
        Price(1200.5, 2400.25),
        Price(math.inf, math.inf),
        Price(0.0, 0.0),
        Price(0.0, 99.5),
        Price(5.0, math.inf),
    ]
    waiting = {name: prices[k % len(prices)] for k, name in enumerate(names)}
    others = (
        [Alternative(tuple(names[1:]), prices[0]), Alternative((*names, plan.problem.steps[-1].id), prices[1])]
        if names
        else []
    )
    return Nudge(
        held.beginning,
        waiting,
        tuple(others),
        {name: {"named scenarios": 1, "futures in sweep.db": 72} for name in names},
        {"named scenarios": 3, "futures in sweep.db": 100},
    )


def first(plan: Plan, style: Style | None = None) -> str:
    return next_text(nudged(plan), style)


def moved(plan: Plan) -> Plan:
    """The same question with a plan that lacks the first step and has all others a period later, where there is one."""
    starts = {name: min(start + 1, plan.problem.horizon - 1) for name, start in list(plan.starts.items())[1:]}
    steps = {step.id: step for step in plan.problem.steps}
    return handmade.plan(
        plan.problem,
        {name: start for name, start in starts.items() if start + steps[name].duration <= plan.problem.horizon},
    )


def side_by_side(plan: Plan, style: Style | None = None) -> str:
    return compare_text(
        compared([("one", plan, None), ("two", moved(plan), "severity first"), *[("more", plan, None)] * 5]), style
    )


def changed(plan: Plan, style: Style | None = None) -> str:
    return diff_text(difference(plan, moved(plan)), style)


def in_common(plan: Plan, style: Style | None = None) -> str:
    return stable_text(plan, core([plan, moved(plan)]), Alternatives((Other(moved(plan), 3, 5),), last=True), style)


def explained(plan: Plan, style: Style | None = None) -> str:
    name = next(iter(plan.starts), None)
    if name is None:
        return "nothing is planned\n"
    others = (
        Choice("earlier", Price(math.inf, math.inf), None),
        Choice("later", Price(1.0, 2500.0), {}),
        Choice("never", Price(3.0, math.inf), None),
    )
    hindrances = (
        Hindrance(0, 0, "the budget is used up"),
        Hindrance(0, plan.problem.horizon - 1, "what it needs is not finished in time"),
    )
    found = facts(plan)[name]
    return why_text(
        Why(
            plan,
            name,
            found,
            (name, name),
            next(iter(found.milestones), None),
            hindrances,
            others,
            titles(plan.problem),
        ),
        style,
    )


def mended(plan: Plan, style: Style | None = None) -> str:
    """Two clashes, and a remedy of each kind that the problem has demands for: some proved, some as a range, some
    stopped, some of no use.
    """
    problem = plan.problem
    context = plan.context.milestones if plan.context else ()
    asked = (*demands_of(problem, context), Demand("parallel", "at most 1 step in work at once", "/max_parallel"))
    every, clashes = (
        tuple(range(len(asked))),
        (Clash(no_plan(asked[:1]), (Claim("plan", high=0.0),)), Clash(no_plan(asked), (Claim("plan"),) * len(asked))),
    )
    last, names = problem.horizon - 1, [step.id for step in problem.steps]
    changes: dict[RemedyKind, list[Change]] = {
        "money": [Change("money", every, period=t, amount=1234.5) for t in range(problem.horizon)],
        "people": [
            Change("people", every, resource=team, period=last, amount=0.25)
            for team in ("security", "a_team_without_work")
        ],
        "parallel": [Change("parallel", every[-1:], amount=2.0)],
        "later": [Change("later", (k,), period=last) for k in every],
        "pin": [
            *(Change("pin", (k,), names[0], "start", period=t) for k, t in ((0, 0), (0, None)) if names),
            Change("pin", every[:1]),
        ],
        "cap": [Change("cap", (k,), amount=99.5) for k, demand in enumerate(asked) if demand.appetite],
        "from": [Change("from", (k,), period=last + 1) for k in every],
        "fewer": [Change("fewer", (0,), step=name) for name in names],
    }
    found = []
    for k, (kind, parts) in enumerate(changes.items()):
        claims = [
            Claim(kind, low=float(k % 3), high=2.0, loose=(kind,)),
            *([Claim("moved", low=2.0, high=2.0)] if kind == "pin" else []),
        ]
        found += [Remedy((kind,), tuple(claims), (), tuple(parts), problem, plan.starts)] if parts else []
        found.append(
            Remedy(
                (kind,),
                (
                    (
                        Claim(kind, low=float(k % 2), loose=(kind,))
                        if k % 3
                        else Claim(kind, (), math.inf, math.inf, (kind,))
                    ),
                ),
            )
        )
    both = Remedy(
        ("money", "fewer"),
        (Claim("fewer", low=1.0, high=1.0), Claim("money", high=5.0)),
        (),
        (*changes["money"], *changes["fewer"]),
        problem,
    )
    return repair_text(Repair(problem, asked, no_plan(asked), clashes, Claim("plan"), (), (*found, both)), plan, style)


def broken(plan: Plan, style: Style | None = None) -> str:
    faults = [
        Fault("windows", "money", "in 2027 90,000 of 72,000 EUR " * 30),
        Fault("odd", "x", "y"),
        *[Fault("needs", "a", "late")] * 12,
    ]
    return verify_text(plan, RULES, faults, style)


def with_more_money(plan: Plan, style: Style | None = None) -> str:
    points = (
        Point(0.0, None, infeasible=True),
        Point(10_000.0, plan),
        Point(20_000.0, None),
        Point(50_000.0, moved(plan)),
    )
    curves = (Curve(None, points, (9_500.0, 10_000.0)), Curve(9000.0, points[1:2]))
    return frontier_text(Frontier(plan.problem, 30_000.0, curves, Reach(None, out_of_reach=True, decided=True)), style)


def in_many_futures(plan: Plan, style: Style | None = None) -> str:
    names = [step.id for step in plan.problem.steps]
    figures = Spread(1.0, 2000.5, 1234567.0, 5000.0)
    unknowns = (
        Unknown(
            "catalogue.groups.a.practices.access.costs.depth.2.once",
            Location("models/iot_smm.yaml", 12, 3),
            "money",
            (1.0, 2.0, 3.0),
        ),
    )
    ways = (tuple(names[:1]), tuple(names[1:]), ())
    begun = tuple(Begun(way, 0.25 * k, 1000.0 * k, 0.0, 2500.25 * k, 3000.0 * k, k) for k, way in enumerate(ways))
    held = Sweep(
        asked=SweepRequest(plan, (), Options()),
        count=200,
        seed=7,
        unknowns=unknowns,
        infeasible=3,
        unplanned=1,
        carried=Ranges(figures, figures, figures),
        limits=(Chance("money", 0.31, figures), Chance("security", 0.004, Spread(1.5, 1.5, 1.5, 1.5))),
        milestones=(Chance("EU Cyber Resilience Act " * 9, 0.12), Chance("never missed", 0.0)),
        broken=0.4,
        late=0.2,
        unfinished=0.01,
        own=Ranges(figures, figures, figures),
        held={name: k % 3 / 2 for k, name in enumerate(names)},
        first=dict.fromkeys(names, 0.5),
        beginnings=begun,
        everything=1234.5,
        worth=tuple(WorthKnowing(unknown, 800.0) for unknown in unknowns),
        curves=tuple(
            Curved(when, 1e6, tuple(1e6 / chance for chance in CHANCES)) for when in ("today", "half-way", "after")
        ),
    )
    return sweep_text(held, style)


PAGES: dict[str, Callable[..., str]] = {
    "plan": front_text,
    "plan_full": plan_text,
    "check": checked,
    "next": first,
    "verify": broken,
    "compare": side_by_side,
    "diff": changed,
    "stable": in_common,
    "why": explained,
    "repair": mended,
    "frontier": with_more_money,
    "sweep": in_many_futures,
}


@pytest.mark.parametrize("name", [*PAGES, "next_json"])
def test_golden(name: str) -> None:
    plan = handmade.bottling()
    text = next_json(nudged(plan)) if name == "next_json" else PAGES[name](plan)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("STEPLADDER_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def check_lines(text: str, width: int) -> None:
    assert text.endswith("\n")
    assert not text.startswith("\n")
    for line in text.splitlines():
        assert columns(line) <= width, line
        assert len(line) <= 3 * width
        assert line == line.rstrip()
        assert not any(unicodedata.category(char)[0] == "C" for char in line), repr(line)


@pytest.mark.parametrize("seed", range(24))
def test_no_line_is_wider_than_the_page(seed: int) -> None:
    plan = handmade.random_plan(seed)
    width = (80, 80, 80, 40, 57, 120)[seed % 6]
    for page in PAGES.values():
        check_lines(page(plan, Style(width)), width)


def test_colour_only_adds_escapes() -> None:
    plan = handmade.bottling()
    for page in PAGES.values():
        plain, painted = page(plan, Style()), page(plan, Style(colour=True))
        assert "\x1b" not in plain
        assert "\x1b[" in painted
        assert re.sub("\x1b\\[[0-9;]*m", "", painted) == plain


def test_sections_in_order_and_the_gap_last() -> None:
    text = plan_text(handmade.bottling())
    sections = [
        "Bottling line",
        "4 of 5 steps",
        "MONEY BY YEAR",
        "DATES",
        "HOW SURE",
        "WHAT IT GIVES BACK",
        "THE ROADMAP",
        "MONEY AGAINST",
        "PERSON-DAYS",
        "EXPECTED LOSS PER",
        "MILESTONES",
        "ADVICE NOT",
        "LEFT OUT",
        "WORTH KNOWING",
    ]
    places = [text.index(section) for section in sections]
    assert places == sorted(places)
    assert text.rstrip().splitlines()[-1].endswith("a gap of 0.50 %: more work could bring no more than that.")


def test_the_report_says_of_a_plan_what_the_terminal_says() -> None:
    plan = handmade.bottling()
    report = {section.id: section.blocks for section in compose(Material(plan, ())).sections}
    short = {section.id: section.blocks for section in outline(plan).sections}
    assert short.items() <= report.items()
    assert len(short) == 11


def test_no_internal_ids_where_there_are_titles() -> None:
    plan = handmade.bottling()
    for page in (plan_text, checked, first):
        for name in [*(step.id for step in plan.problem.steps), "ransomware"]:
            # Where an own figure goes is said as it is written.
            assert name not in re.sub(r"your own:\s+costs\S*", "", page(plan))


def test_a_fleet_is_grouped_and_capped() -> None:
    steps: list[dict[str, Any]] = [
        {"id": f"line_{k % 15}/s{k}", "title": f"Line {k % 15}: Step {k}", "once": 1} for k in range(450)
    ]
    asked = handmade.problem(steps=steps, threats=[], windows=[], appetite=[])
    text = plan_text(handmade.plan(asked, {step["id"]: k % 2 for k, step in enumerate(steps)}))
    assert len(text.splitlines()) < 120
    assert "    - Line 1: 15 steps, 15 EUR once: Step 16, …\n    - Line 2: 15 steps" in text
    assert "    … and 45 steps in 3 more systems\n    (every step: show --csv steps)\n" in text


def test_a_large_system_is_capped() -> None:
    steps: list[dict[str, Any]] = [{"id": f"s{k}", "title": f"Step {k}", "once": 1} for k in range(80)]
    text = plan_text(
        handmade.plan(
            handmade.problem(steps=steps, threats=[], windows=[], appetite=[]), {step["id"]: 0 for step in steps}
        )
    )
    assert "    - 1 EUR once: Step 11\n    … and 68 more steps (show --csv steps)\n" in text


def test_systems_have_headings() -> None:
    steps: list[dict[str, Any]] = [
        {"id": f"{line}/s", "title": f"{line.title()}: Access", "once": 1} for line in ("west", "east")
    ]
    text = plan_text(
        handmade.plan(
            handmade.problem(steps=steps, threats=[], windows=[], appetite=[]), {step["id"]: 0 for step in steps}
        )
    )
    assert "    West:\n    - Access\n" in text
    roadmap = text[text.index("THE ROADMAP") :]
    assert roadmap.index("West:") < roadmap.index("East:")


def test_long_horizons_are_capped() -> None:
    text = plan_text(handmade.plan(handmade.problem(periods=[handmade.period(t) for t in range(60)])))
    assert "… and 24 more periods (show --csv periods)" in text
    assert "  Afterwards" in text


def test_many_left_out_are_capped() -> None:
    steps: list[dict[str, Any]] = [{"id": f"s{k}", "title": f"Step {k}"} for k in range(50)]
    text = plan_text(handmade.plan(handmade.problem(steps=steps, threats=[], appetite=[]), {}))
    assert "… and 20 more steps (show --csv steps)" in text
    assert "Nothing is planned." in text
    assert "The best plan is to do none of the 50 steps." in text


def test_without_context_periods_stand_alone() -> None:
    text = plan_text(handmade.plan())
    assert "2027: 4 steps" not in text
    assert "  2027-Q1 (1 Jan 2027 to 31 Mar 2027): 2 steps start" in text
    assert "MILESTONES" not in text


def test_without_dates_labels_serve() -> None:
    asked = handmade.problem(periods=[{"label": f"P{t}", "years": 0.25, "discount": 1} for t in range(4)])
    text = plan_text(handmade.plan(asked, told=handmade.context()))
    assert "finished by the end of P0" in text
    assert "Horizon: P0 to P3, 4 periods." in text
    assert "Met in P2." in text


def test_milestone_missed_or_met_today() -> None:
    title: dict[str, Any] = {"title": "M", "date": "2027-12-11", "reason": "", "source": ""}
    told = handmade.context(milestones=[{**title, "steps": []}, {**title, "steps": ["vault.depth.4"]}])
    text = plan_text(handmade.plan(told=told))
    assert "Met today." in text
    assert "Not met: 1 step of 1 not planned." in text


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        ("risk", "can leave less than 985 EUR of expected loss (present value"),
        ("spend", "can cost less than 985 EUR of money (present value"),
        ("net", "can come to less than 985 EUR of expected loss and money together (present value"),
    ],
)
def test_the_proof_in_words(objective: str, words: str) -> None:
    # 985.99 is a proved bound, so it is rounded down; the gap, 14.01 / 1000 = 1.401 %, is rounded up.
    plan = handmade.plan(handmade.problem(objective=objective))
    aim = plan.objective.model_copy(update={"value": 1000.0, "bound": 985.0, "gap": 0.01401})
    text = proof(plan.model_copy(update={"objective": aim}))
    assert words in text
    assert text.endswith("1,000 EUR, a gap of 1.41 %: more work could bring no more than that.")
    assert text.startswith("Proved: ")


def test_the_proof_of_the_very_best() -> None:
    plan = handmade.plan()
    aim = plan.objective.model_copy(update={"value": 1000.0, "bound": 1000.0, "gap": 0.0})
    assert "no plan that keeps all the rules can leave less than this one, 1,000 EUR" in proof(
        plan.model_copy(update={"objective": aim})
    )


def test_stopped_is_not_optimal() -> None:
    plan = handmade.plan(status="feasible")
    assert proof(plan).startswith("A better plan may exist: the gap is wider than the 0.25 % that was wanted. Proved: ")
    assert proof(handmade.plan(status="feasible", wanted_gap=None)).startswith("A better plan may exist. Proved: ")


def test_a_gap_without_a_percentage() -> None:
    plan = handmade.plan()
    aim = plan.objective.model_copy(update={"value": 0.0, "bound": -5.5, "gap": None})
    assert proof(plan.model_copy(update={"objective": aim})).endswith("leaves 0 EUR, a difference of 5.50 EUR.")


def test_summary_without_threats_or_steps() -> None:
    from stepladder.analysis.roadmap import read

    assert (
        summary(read(handmade.plan(handmade.problem(threats=[]))))
        == "The plan holds 4 of 5 steps, for 54,000 EUR within the horizon."
    )
    assert (
        summary(read(handmade.plan(handmade.problem(steps=[], threats=[]), {})))
        == "There is nothing to do: the problem has no steps."
    )


def test_nothing_to_do_next() -> None:
    assert first(handmade.plan(starts={})) == "There is nothing to do: the plan has no steps.\n"


def test_verified() -> None:
    text = verify_text(handmade.bottling(), RULES, [])
    assert "Verified: 4 planned steps, 2 rules checked, none broken." in text
    assert "The bound and the gap are not re-proved" in text
    assert "BROKEN" not in text


def test_a_table_that_cannot_fit_becomes_paragraphs() -> None:
    page = Page(Style(40))
    page.table(("Period", "Amount", "Limit"), [("2027-Q1", "9" * 20, "8" * 20)], "lrl", give=0)
    assert page.lines == ["  - Period: 2027-Q1; Amount:", "    " + "9" * 20 + "; Limit:", "    " + "8" * 20]
