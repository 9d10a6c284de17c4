"""Markdown for wikis, and JSON for programs."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.workings import Workings
from stepladder.wording import exact, marks, numbers
from stepladder.wording.language import _
from stepladder.wording.words import STATES


def markdown(plan: Breakdown) -> bytes:
    """A table for each phase, then milestones, what is left out, and the proof."""
    text = marks.markdown
    lines = [f"# {_('Roadmap: {plan}', plan=text(plan.title))}", "", text(plan.proof)]
    for k, phase in enumerate(plan.phases):
        lines += ["", f"## {_('Phase {title}', title=text(phase.title))}", ""]
        inside = [item for item in plan.items if item.phase == k]
        lines += _table(plan, inside) if inside else [_("Nothing starts.")]
    if plan.milestones:
        lines += [
            "",
            f"## {_('Milestones')}",
            "",
            *(
                f"- **{numbers.day(milestone.date)}** {text(milestone.title)}: {text(milestone.reason)}"
                for milestone in plan.milestones
            ),
        ]
    if plan.premiums:
        dates = plan.dates[len(plan.milestones) :]
        lines += ["", f"## {_('Insurance')}", ""]
        lines += [
            f"- **{numbers.day(date.date)}** {text(premium.title)}: {text(date.reason)}"
            for premium, date in zip(plan.premiums, dates, strict=True)
        ]
    if plan.left:
        lines += [
            "",
            f"## {_('Left out')}",
            "",
            *(f"- **{text(left.title)}**: {text(left.reason)}" for left in plan.left),
        ]
    return ("\n".join(lines) + "\n").encode()


def _table(plan: Breakdown, inside: Sequence[Item]) -> Iterator[str]:
    """The steps of a phase as a table, and their reasons below it."""
    text, runs = marks.markdown, any(item.effort_per_year for item in plan.items)
    head = [_("Id"), _("Step"), _("From"), _("To"), _("Cost"), _("Person-days")]
    head += [*([_("Person-days a year")] if runs else []), _("Owner")]
    yield f"| {' | '.join(head)} |"
    yield f"| --- | --- | --- | --- | --- | ---: |{' ---: |' if runs else ''} --- |"
    for item in inside:
        cost = numbers.cost(item.once, item.per_year, plan.currency)
        cells = (
            item.mark,
            text(item.title) + _state(item),
            exact.day(item.start),
            exact.day(item.finish),
            text(cost),
            numbers.amount(item.days),
            *([numbers.amount(math.fsum(item.effort_per_year.values()))] if runs else []),
            text(item.owner),
        )
        yield f"| {' | '.join(cells)} |"
    yield from ("", *(f"- **{item.mark}** {text(item.reason)}" for item in inside))


def _state(item: Item) -> str:
    return "" if item.state == "open" else f" ({_(STATES[item.state])})"


def as_json(plan: Breakdown) -> bytes:
    """The whole work breakdown, as ``stepladder-breakdown/1``."""
    # What workbooks and pages count with is in the plan's own file, which says more of it.
    bare = dataclasses.replace(plan, road=None, workings=Workings())
    document = {"format": "stepladder-breakdown/1", **dataclasses.asdict(bare)}
    del document["road"], document["workings"]
    document["parameters"] = [
        {**parameter.model_dump(mode="json"), "planned": reached} for parameter, reached in plan.parameters
    ]
    if plan.worth is None:
        del document["worth"]
    for name in ("systems", "premiums"):
        if not document[name]:
            del document[name]
    return (json.dumps(document, default=_plain, indent=1, ensure_ascii=False) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


MARKDOWN = Format("markdown", "wikis and documents", ".md", markdown, by_locale=True)
JSON = Format("json", "programs", ".json", as_json)
