"""CISO Assistant's applied controls, as its import of data reads them: commas, no byte order mark, whole numbers where
it cuts decimals off, owners and labels under the names that it knows. It finds a control by its ref_id, then by its
name.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import described, titled, written
from stepladder.exchange.titles import CISO_ASSISTANT
from stepladder.wording import marks

#: Its words for what is open, in work and in place.
STATUS = {"open": "to_do", "running": "in_progress", "done": "active"}
_HEAD = (
    *("ref_id", "name", "description", "category", "status", "start_date", "eta", "priority"),
    *("cost_currency", "cost_build_fixed", "cost_build_people_days", "cost_run_fixed", "cost_amortization_period"),
    "filtering_labels",
)


def ciso_assistant(plan: Breakdown) -> bytes:
    """Applied controls with their days, costs and states; formulas led by an apostrophe. Where the plan has owners,
    each is to be an e-mail address of a user or the name of a team there, and an empty one takes the owner away.
    """
    owned = any(item.owner for item in plan.items)
    head = (*_HEAD, "owner") if owned else _HEAD
    rows = [[*_row(plan, item), *([item.owner] if owned else [])] for item in plan.items]
    return written(head, ([marks.cell(value) for value in row] for row in rows), quoted=True)


def _row(plan: Breakdown, item: Item) -> list[str]:
    # Names must differ, and none may be a word that its reader takes for nothing: so each begins with its mark.
    return [
        item.mark,
        titled(item, CISO_ASSISTANT),
        " ".join(described(plan, item)),
        "process",
        STATUS[item.state],
        item.start.isoformat(),
        item.finish.isoformat(),
        str(_priority(plan, item)),
        plan.currency,
        _whole(item.once),
        str(math.ceil(round(item.days, 6))),
        _whole(item.per_year),
        "1",
        "stepladder",
    ]


def _whole(amount: float) -> str:
    """Money in whole units of its currency, halves up."""
    return str(int(Decimal(repr(amount)).quantize(Decimal(1), ROUND_HALF_UP)))


def _priority(plan: Breakdown, item: Item) -> int:
    """1 for the first quarter of the horizon, then 2, 3, 4."""
    return 1 + min(3, 4 * item.first // len(plan.periods))


FORMAT = Format("ciso-assistant", "CISO Assistant's applied controls", ".csv", ciso_assistant)
