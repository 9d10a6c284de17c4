"""What comes again once a step is finished, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from stepladder.data.formats.renewal import Renewal
from stepladder.wording import numbers
from stepladder.wording.language import plural


def again(renewal: Renewal, currency: str, teams: Mapping[str, str]) -> str:
    """Its money and its days and how often, such as ``500 EUR, 3 person-days of Plant every 4 periods``; empty where
    it takes neither.
    """
    parts = [numbers.money(renewal.once, currency)] if renewal.once else []
    parts += [days] if (days := numbers.effort(renewal.effort, teams)) else []
    if not parts:
        return ""
    return plural(
        "{what} every period",
        "{what} every {number} periods",
        renewal.every,
        what=", ".join(parts),
        number=numbers.whole(renewal.every),
    )
