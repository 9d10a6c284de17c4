"""Expected loss per year, falling from period to period; by threat; and against the caps that were set."""

from __future__ import annotations

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.problem import Appetite
from stepladder.output.limits import ROWS
from stepladder.wording import numbers
from stepladder.wording.page import Page
from stepladder.wording.text import quote
from stepladder.wording.words import columns_of


def expected_losses(page: Page, road: Roadmap) -> None:
    """A bar for today, for each period and for the time after the horizon; then the threats one by one; then the
    caps.
    """
    problem = road.plan.problem
    if not problem.threats:
        return
    page.heading(f"EXPECTED LOSS PER YEAR{f' ({problem.currency})' if problem.currency else ''}")
    over_time = [
        (before(road), road.at_first),
        *(
            (period.label, held.expected_loss_per_year)
            for period, held in zip(problem.periods, road.plan.periods, strict=True)
        ),
    ]
    rows = [*over_time[:ROWS], ("Afterwards", road.plan.totals.tail_expected_loss_per_year)]
    largest = max(value for _, value in rows)
    shown = [numbers.bare(value, problem.currency) for _, value in rows]
    room = min(40, page.style.width - 2 - min(30, columns_of([label for label, _ in rows])) - 2 - columns_of(shown) - 2)
    table = [
        (label, amount, numbers.bar(value, largest, max(room, 1)))
        for (label, value), amount in zip(rows, shown, strict=True)
    ]
    page.table(("Period", "A year", ""), table, "lrl", give=0)
    if len(over_time) > ROWS:
        page.say(f"… and {len(over_time) - ROWS:,} more periods before the last line (show --csv periods)", 2)
    page.blank()
    _threats(page, road)
    _caps(page, road)


def before(road: Roadmap) -> str:
    """What the time before the first period is called: today, as long as nothing has begun."""
    return "Today" if road.plan.as_of is None else "At first"


def _threats(page: Page, road: Roadmap) -> None:
    rows, currency = [], road.plan.problem.currency
    for threat in sorted(road.plan.problem.threats, key=lambda threat: -threat.expected_loss_per_year):
        today, after = road.today_by_threat[threat.id], road.losses[threat.id][-1]
        less = numbers.share((today - after) / today) if today else "–"
        rows.append((threat.name, numbers.bare(today, currency), numbers.bare(after, currency), less))
    page.table(("Threat", "Today", "Afterwards", "Less"), rows[:ROWS], "lrrr", give=0)
    if len(rows) > ROWS:
        page.say(f"… and {len(rows) - ROWS:,} more threats (show --csv threats)", 2)


def _caps(page: Page, road: Roadmap) -> None:
    caps = road.plan.problem.appetite
    if caps:
        page.blank()
    for cap in caps:
        page.say(cap_of(road, cap), 2, mark="- ")


def cap_of(road: Roadmap, cap: Appetite) -> str:
    """A cap on expected loss and the most that the plan comes to while it holds, as a sentence."""
    problem = road.plan.problem
    last = problem.horizon if cap.to is None else cap.to
    labels = list(map(numbers.label, problem.periods))
    threats = [cap.threat] if cap.threat is not None else list(road.losses)
    most = max(sum(road.losses[name][t] for name in threats) for t in range(cap.from_, last + 1))
    names = {threat.id: threat.name for threat in problem.threats}
    what = quote(names[cap.threat]) if cap.threat is not None else "all threats together"
    until = "on" if last == problem.horizon else f"to {labels[last]}"
    when = f"from {labels[cap.from_]} {until}" if cap.from_ < problem.horizon else "after the horizon"
    wanted = numbers.money(cap.expected_loss_per_year, problem.currency)
    return f"Cap for {what} {when}: {wanted} a year; highest under this plan: {numbers.money(most, problem.currency)}."
