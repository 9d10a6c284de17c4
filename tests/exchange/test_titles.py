"""One limit for each reader, known to files and pushes, and never the step's own words that give way to it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from lxml import etree

from stepladder.data.formats.plan import Plan
from stepladder.exchange import titles
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.github import payloads
from stepladder.exchange.exporters.mermaid import LONGEST
from stepladder.exchange.formats import find
from stepladder.exchange.items import Breakdown
from stepladder.exchange.push.azure import heading
from stepladder.exchange.push.jira import summary
from stepladder.exchange.push.redmine import subject
from stepladder.exchange.tracker import wanted
from stepladder.workflow.export import export
from tests.support import handmade

LINE = (
    "Pharmaceutical packaging line with serialisation, aggregation and vision inspection in hall 7 of the northern"
    " site 🏭 "
)


def long(systems: int = 2, steps: int = 3) -> Plan:
    """Systems whose names differ at their ends only, beyond any limit."""
    said: list[dict[str, Any]] = [
        {"id": f"line_{line}/practice_{k}.level.2", "title": f"{LINE * 3}{line}: Practice {k} to Ad hoc", "once": 1000}
        for line in range(systems)
        for k in range(steps)
    ]
    periods = [handmade.period(t) for t in range(8)]
    asked = handmade.problem(title=LINE * 3, steps=said, windows=[], threats=[], appetite=[], periods=periods)
    told = handmade.context(
        parameters=[
            {
                "id": step["id"].rpartition(".")[0],
                "system": step["id"].partition("/")[0],
                "practice": "P",
                "groups": [],
                "scale": "S",
                "levels": {},
                "current": 1,
                "target": 2,
            }
            for step in said
        ],
        milestones=[
            {
                "title": LINE * 3 + "is audited",
                "date": "2028-06-30",
                "reason": "Contract",
                "source": "",
                "steps": [said[0]["id"]],
            }
        ],
        steps={step["id"]: {"parameter": str(step["id"]).rpartition(".")[0], "level": 2} for step in said},
        years=[{"label": "2027", "from": 0, "to": 3}, {"label": "2028", "from": 4, "to": 7}],
        origins={},
    )
    return handmade.plan(asked, {str(step["id"]): k % 8 for k, step in enumerate(said)}, told)


def column(name: str, *heads: str) -> Callable[[Breakdown], Iterable[str]]:
    def read(plan: Breakdown) -> Iterable[str]:
        text = find(name).write(plan).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text))
        return [row[head] for row in rows for head in heads if row[head]]

    return read


def tasks(plan: Breakdown) -> Iterable[str]:
    root = etree.fromstring(find("mspdi").write(plan))
    return [str(found.text) for found in root.iter("{*}Name")]


TARGETS: dict[str, tuple[int, Callable[[Breakdown], Iterable[str]]]] = {
    "jira-csv": (titles.JIRA, column("jira-csv", "Summary")),
    "azure-csv": (titles.AZURE, column("azure-csv", "Title 1", "Title 2")),
    "gitlab-csv": (titles.GITLAB, column("gitlab-csv", "title")),
    "ciso-assistant": (titles.CISO_ASSISTANT, column("ciso-assistant", "name")),
    "mspdi": (titles.PROJECT, tasks),
    "azure": (titles.AZURE, lambda plan: [heading(one) for one in wanted(plan).values()]),
    "github": (titles.GITHUB, lambda plan: [one["body"]["title"] for one in payloads(plan)["issues"]]),
    "jira": (titles.JIRA, lambda plan: [summary(one) for one in wanted(plan).values()]),
    "redmine": (titles.REDMINE, lambda plan: [subject(one.mark, one.fields["title"]) for one in wanted(plan).values()]),
}


@pytest.mark.parametrize("name", TARGETS)
def test_no_title_is_longer_than_its_reader_takes_and_every_step_is_named(name: str) -> None:
    limit, read = TARGETS[name]
    plan = breakdown(long())
    shown = list(read(plan))
    assert shown
    for title in shown:
        assert len(title.encode("utf-16-le")) // 2 <= limit
    for item in plan.items:
        practice, line = item.title.rpartition(": ")[2], item.title.rpartition(": ")[0][-2:]
        assert any(title.endswith(f"{line}: {practice}") for title in shown), (name, item.title)


def test_what_is_read_back_is_what_was_pushed() -> None:
    """Both sides cut at the same place, so that a cut title is no change of somebody's."""
    for one in wanted(breakdown(long())).values():
        lead, _, rest = summary(one).partition(" ")
        assert lead == one.mark
        assert heading(one) == summary(one)
        assert subject(one.mark, one.fields["title"]).startswith(f"[{one.mark}] ")
        assert rest


@pytest.mark.parametrize(
    ("systems", "steps", "what"),
    [(2, 3, ""), (30, 20, ""), (60, 20, "one bar for each system and phase"), (1200, 1, "one bar for each phase")],
)
def test_mermaid_draws_every_chart(systems: int, steps: int, what: str) -> None:
    exported = export(long(systems, steps), "mermaid")
    text = exported.data.decode()
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert text.startswith("gantt\n")
    if what:
        assert exported.notes == (f"Mermaid draws at most 50,000 characters, so this chart has {what}",)
        assert "steps :" in text
    else:
        assert exported.notes == ()
        assert text.count("SL-") == systems * steps + 1
        assert "Practice 0" in text


def test_json_keeps_whole_titles() -> None:
    plan = breakdown(long())
    said = json.loads(find("json").write(plan))
    assert [item["title"] for item in said["items"]] == [item.title for item in plan.items]
