"""CISO Assistant's applied controls."""

from __future__ import annotations

from stepladder.data.formats import money
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import described, written
from stepladder.exchange.titles import CISO_ASSISTANT, fitted
from stepladder.wording import marks, numbers

#: Its words for what is open, in work and in place.
STATUS = {"open": "to_do", "running": "in_progress", "done": "active"}


def ciso_assistant(plan: Breakdown) -> bytes:
    """CISO Assistant: applied controls, with start_date, eta and priority; semicolons, a byte order mark, formulas
    led by an apostrophe.
    """
    head = [
        "ref_id",
        "name",
        "description",
        "category",
        "status",
        "start_date",
        "eta",
        "priority",
        "cost_currency",
        "cost_build_fixed",
    ]
    head += ["cost_build_people_days", "cost_run_fixed", "cost_amortization_period", "owner", "labels"]
    rows = []
    for item in plan.items:
        text = " ".join(described(plan, item))
        once, per_year = (money.text(amount, plan.currency) for amount in (item.once, item.per_year))
        costs = (plan.currency, once, numbers.amount(item.days).replace(",", ""), per_year, "1")
        days = (item.start.isoformat(), item.finish.isoformat())
        row = [
            item.mark,
            fitted(item.title, CISO_ASSISTANT),
            text,
            "process",
            STATUS[item.state],
            *days,
            str(_priority(plan, item)),
            *costs,
            "",
            "stepladder",
        ]
        rows.append([marks.cell(str(value)) for value in row])
    return written(head, rows, delimiter=";", quoted=True, mark=True)


def _priority(plan: Breakdown, item: Item) -> int:
    """1 for the first quarter of the horizon, then 2, 3, 4."""
    return 1 + min(3, 4 * item.first // len(plan.periods))


FORMAT = Format("ciso-assistant", "CISO Assistant's applied controls", ".csv", ciso_assistant)
