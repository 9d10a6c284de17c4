"""Mermaid: a Gantt chart for wikis and pull requests."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.titles import fitted
from stepladder.wording import numbers
from stepladder.wording.language import _

#: Longer titles leave no room for bars; the second length is for charts that would be too long otherwise.
TITLE, SHORT = 44, 20
#: Mermaid draws an error instead of a longer text, and a chart cannot raise that.
LONGEST = 50_000

#: A bar: title, mark (behind a tag where it has one), first day, day after the last one.
Bar = tuple[str, str, datetime.date, datetime.date]
Bars = Callable[[list[Item], int], Iterable[Bar]]
#: How Mermaid marks what is in work and what is done, and what is late.
TAGS = {"open": "", "running": "active, ", "done": "done, "}
LATE = "crit, "
_DAY = datetime.timedelta(days=1)


def mermaid(plan: Breakdown) -> bytes:
    """A section for each phase, and in it for each system; an end is the day after the last one. The first of several
    ways to draw it that Mermaid takes.
    """
    return _chosen(plan)[0].encode()


def _chosen(plan: Breakdown) -> tuple[str, str]:
    """The chart, and what bars it has where they are not steps."""
    text = ""
    for bars, title, what in _WAYS:
        text = _chart(plan, bars, title)
        # Its reader counts as JavaScript does.
        if len(text.encode("utf-16-le")) // 2 <= LONGEST:
            return text, what
    return text, _WAYS[-1][2]


def _chart(plan: Breakdown, bars: Bars, title: int) -> str:
    lines = [
        "gantt",
        f"    title {_plain(plan.title, TITLE)}",
        "    dateFormat YYYY-MM-DD",
        "    axisFormat %Y-%m",
        "    todayMarker off",
    ]
    for k, phase in enumerate(plan.phases):
        lines.append(f"    section {_plain(phase.title, TITLE)}")
        inside = _titled(plan, [item for item in plan.items if item.phase == k])
        for system, own in _by_system(inside, bars):
            lines += [f"    section {_plain(phase.title, TITLE)} – {_plain(system, TITLE)}"] if system else []
            lines += [
                f"    {_plain(name, title, mark.rpartition(' ')[2].upper())} :{mark}, {start}, {end}"
                for name, mark, start, end in bars(own, k)
            ]
        lines += [
            f"    {_plain(promise.title, title, promise.mark)}"
            f" :{_late(promise)}milestone, {promise.mark.lower()}, {promise.date}, 0d"
            for promise in plan.dates
            if promise.phase == k
        ]
    return "\n".join(lines) + "\n"


def _titled(plan: Breakdown, items: list[Item]) -> list[Item]:
    """System by system, those that belong to none first, the others in the order of the scenario; by their titles."""
    order = {system: k for k, system in enumerate(("", *plan.systems))}
    ordered = sorted(items, key=lambda item: (order.get(item.system, len(order)), item.system))
    return [replace(item, system=plan.called(item.system)) for item in ordered]


def _by_system(items: list[Item], bars: Bars) -> Iterator[tuple[str, list[Item]]]:
    """Where bars are steps, those that belong to no system, and then those of each, whose title its section has."""
    if bars is not _steps:
        yield "", items
        return
    for system, own in groupby(items, key=lambda item: item.system):
        yield system, [replace(item, title=item.title.removeprefix(f"{system}: ")) for item in own]


def _late(entry: Item | Milestone) -> str:
    return LATE if entry.late else ""


def _steps(items: list[Item], phase: int) -> Iterator[Bar]:
    del phase
    for item in items:
        yield item.title, _late(item) + TAGS[item.state] + item.mark.lower(), item.start, item.finish + _DAY


def _systems(items: list[Item], phase: int) -> Iterator[Bar]:
    for number, (system, own) in enumerate(groupby(items, key=lambda item: item.system), start=1):
        yield _together(system or _("Shared"), f"p{phase + 1}s{number}", list(own))


def _phases(items: list[Item], phase: int) -> Iterator[Bar]:
    if items:
        yield _together("", f"p{phase + 1}", items)


def _together(name: str, mark: str, items: list[Item]) -> Bar:
    steps = numbers.count(len(items), "step")
    return (
        f"{name}: {steps}".removeprefix(": "),
        mark,
        min(item.start for item in items),
        max(item.finish for item in items) + _DAY,
    )


_WAYS: tuple[tuple[Bars, int, str], ...] = (
    (_steps, TITLE, ""),
    (_steps, SHORT, ""),
    (_systems, TITLE, "one bar for each system and phase"),
    (_phases, SHORT, "one bar for each phase"),
)


def _plain(text: str, most: int, mark: str = "") -> str:
    """No colon, which ends a title; nothing that Mermaid reads as a comment, a directive, a break or an entity."""
    marks = {
        ":": "\u2236",
        ";": ",",
        "#": "\uff03",
        "%": "\uff05",
        "<": "\u2039",
        ">": "\u203a",
        "{": "(",
        "}": ")",
        "`": "'",
        '"': "'",
        "\\": "/",
    }
    shown = fitted(text, most)
    led = f"{mark} {shown}" if mark.startswith("SL-") else shown
    return "".join(marks.get(char, char) for char in led)


def remarks(plan: Breakdown) -> tuple[str, ...]:
    """That a bar stands for several steps, where it does."""
    what = _chosen(plan)[1]
    return (f"Mermaid draws at most {LONGEST:,} characters, so this chart has {what}",) if what else ()


FORMAT = Format("mermaid", "wikis and pull requests (Mermaid)", ".mmd", mermaid, remarks=remarks, by_locale=True)
