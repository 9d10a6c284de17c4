"""System by system: every figure of the section counted once more from the plan, in the order of the file."""

from __future__ import annotations

import math

import lxml.html
import pytest

from stepladder.data.formats.plan import Plan
from stepladder.optimise import Options
from stepladder.wording.text import ISOLATE, ISOLATED
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from stepladder.workflow.report import ReportRequest, report
from tests.support.shapes import fleet, small

Shown = tuple[str, str, dict[str, list[list[str]]], list[str]]


def read(plan: Plan) -> list[Shown]:
    """Of each card or fold its title, its first sentence, its tables by caption, and its milestones."""
    page = lxml.html.fromstring(report(ReportRequest(plan)).decode())
    held = page.xpath("//section[@id='systems']//div[@class='card'] | //section[@id='systems']//details")
    return [
        (
            " ".join(one.xpath("./h3 | ./summary")[0].text_content().split()),
            " ".join(one.xpath("./p")[0].text_content().split()),
            {
                table.xpath("./caption")[0].text_content(): [
                    [" ".join(cell.text_content().split()) for cell in row] for row in table.xpath("./tbody/tr")
                ]
                for table in one.xpath(".//table")
            },
            [item.text_content() for item in one.xpath("./ul/li")],
        )
        for one in held
    ]


def money(text: str) -> float:
    return float("".join(char for char in text if char.isdigit() or char == "."))


@pytest.fixture(scope="module")
def utility() -> Plan:
    return answer(ask("water_utility"), Options(gap=0.02, work=1))


def test_each_system_stands_in_the_order_of_the_file_and_gets_what_the_plan_says(utility: Plan) -> None:
    plan = utility
    assert plan.context is not None
    cards = read(plan)
    assert [name for name, *_rest in cards] == [*plan.context.systems.values(), "Shared by all"]
    steps = {step.id: step for step in plan.problem.steps}
    for home, (_name, sentence, tables, milestones) in zip([*plan.context.systems, None], cards, strict=True):
        mine = [name for name in steps if (name.partition("/")[0] if "/" in name else None) == home]
        planned = [name for name in mine if name in plan.starts]
        assert f"{len(planned)} of {len(mine)} steps are planned." in sentence
        # Each year adds up to what the steps cost within the horizon: once, and per year for as long as is left of it.
        last = plan.problem.horizon
        once = math.fsum(steps[name].once for name in planned)
        running = math.fsum(
            steps[name].per_year * plan.problem.periods[t].years
            for name in planned
            for t in range(plan.starts[name] + steps[name].duration, last)
        )
        rows = {row[0]: money(row[1]) for row in tables["Money by year"]}
        assert rows.pop("Then a year") == pytest.approx(math.fsum(steps[name].per_year for name in planned), abs=0.51)
        assert rows.pop("All years") == pytest.approx(once + running, abs=0.51)
        assert math.fsum(rows.values()) == pytest.approx(once + running, abs=0.51 * len(rows))
        threats = [one for one in plan.problem.threats if (one.id.partition("/")[0] if "/" in one.id else None) == home]
        today = math.fsum(one.expected_loss_per_year for one in threats)
        after = math.fsum(
            one.expected_loss_per_year
            * math.prod(factor for name, factor in one.factors.items() if name in plan.starts)
            for one in threats
        )
        told = [money(part) for part in sentence.split(": ")[1].replace(" a year today", "").rstrip(".").split(", $")]
        assert told == pytest.approx([today, after], abs=0.51)
        assert len(tables["Its steps"]) == len(planned)
        assert math.fsum(money(row[3]) for row in tables["Its steps"]) == pytest.approx(once, abs=0.51 * len(planned))
        scales = [one for one in plan.context.parameters if one.system == home]
        assert [(row[0], int(row[-1])) for row in tables["Its levels"]] == [
            (one.practice, one.target) for one in scales
        ]
        touched = [one for one in plan.milestones if set(one.steps) & set(mine)]
        assert len(milestones) == len(touched)
        assert all(one.title in shown for one, shown in zip(touched, milestones, strict=True))


def test_many_systems_are_folded_and_none_is_left_out() -> None:
    plan = fleet(12, 6)
    cards = read(plan)
    assert plan.context is not None
    assert len(cards) >= 12
    page = lxml.html.fromstring(report(ReportRequest(plan)).decode())
    assert len(page.xpath("//section[@id='systems']/details")) == len(cards)
    planned = sum(len(tables.get("Its steps", [])) for _name, _said, tables, _dates in cards)
    assert planned == len(plan.starts)
    assert not any(mark in name for name, *_rest in cards for mark in (ISOLATE, ISOLATED))


def test_one_system_needs_no_such_section() -> None:
    assert read(small(3)) == []
