"""CISO Assistant's applied controls, as its import of data reads them: commas, no byte order mark, whole numbers where
it cuts decimals off, owners and labels under the names that it knows. It finds a control by its ref_id, then by its
name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import described, titled, written
from stepladder.exchange.titles import CISO_ASSISTANT
from stepladder.wording import marks

#: Its words for what is open, in work and in place.
STATUS = {"open": "to_do", "running": "in_progress", "done": "active"}
#: What its update writes over what people have there is no more than the plan knows better: text, dates and costs.
_OURS = (
    *("ref_id", "name", "description", "start_date", "eta"),
    *("cost_currency", "cost_build_fixed", "cost_build_people_days", "cost_run_fixed", "cost_amortization_period"),
)
_FIRST = ("category", "csf_function", "status", "priority", "filtering_labels")
#: The functions of NIST's framework by words of a group or title, the first that fits; it takes a missing one for
#: "govern".
_FUNCTIONS = {
    "recover": ("recover", "remediation", "continuity"),
    "respond": ("respond", "response", "incident"),
    "detect": ("detect", "monitor", "situational"),
    "identify": ("identify", "asset", "vulnerabilit", "threat", "supply chain", "risk"),
    "govern": ("govern", "program", "policy", "compliance", "awareness"),
    "protect": ("protect", "access", "identit", "patch", "physical", "hardening", "training", "data"),
}


def ciso_assistant(plan: Breakdown) -> bytes:
    """Applied controls with their days, costs and states; formulas led by an apostrophe. Where the plan has owners,
    each is to be an e-mail address of a user or the name of a team there, and an empty one takes the owner away.
    """
    owned = any(item.owner for item in plan.items)
    return _table(plan, (*_OURS, *_FIRST, *(("owner",) if owned else ())))


def ciso_assistant_update(plan: Breakdown) -> bytes:
    """The same to be imported again, with the conflict mode *update*: without what people may have changed there,
    such as the status, and without owners, since its update takes away the owner of a row in which none stands.
    """
    return _table(plan, _OURS)


def _table(plan: Breakdown, head: Sequence[str]) -> bytes:
    rows = (_row(plan, item) for item in plan.items)
    return written(head, ([marks.cell(row[name]) for name in head] for row in rows), quoted=True)


def _row(plan: Breakdown, item: Item) -> dict[str, str]:
    # Names must differ, and none may be a word that its reader takes for nothing: so each begins with its mark.
    return {
        "ref_id": item.mark,
        "name": titled(item, CISO_ASSISTANT),
        "description": " ".join(described(plan, item)),
        "category": "process",
        "csf_function": _function(item),
        "status": STATUS[item.state],
        "start_date": item.start.isoformat(),
        "eta": item.finish.isoformat(),
        "priority": str(_priority(plan, item)),
        "cost_currency": plan.currency,
        "cost_build_fixed": _whole(item.once),
        "cost_build_people_days": str(math.ceil(round(item.days, 6))),
        "cost_run_fixed": _whole(item.per_year),
        "cost_amortization_period": "1",
        "filtering_labels": "stepladder",
        "owner": item.owner,
    }


def _function(item: Item) -> str:
    """The function that a step belongs to, by the words of its title, else of the groups around it; empty where none
    fits.
    """
    for text in (item.title, *reversed(item.groups)):
        for name, words in _FUNCTIONS.items():
            if any(word in text.casefold() for word in words):
                return name
    return ""


def _whole(amount: float) -> str:
    """Money in whole units of its currency, halves up."""
    return str(int(Decimal(repr(amount)).quantize(Decimal(1), ROUND_HALF_UP)))


def _priority(plan: Breakdown, item: Item) -> int:
    """1 for the first quarter of the horizon, then 2, 3, 4."""
    return 1 + min(3, 4 * item.first // len(plan.periods))


FORMAT = Format("ciso-assistant", "CISO Assistant's applied controls", ".csv", ciso_assistant)
UPDATE = Format(
    "ciso-assistant-update",
    "the same for an update: no status, no owner",
    ".csv",
    ciso_assistant_update,
)
