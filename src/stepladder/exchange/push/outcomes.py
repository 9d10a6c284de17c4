"""What became of an issue, by the words of its tracker: the only home of the words that say that something was not
achieved, and of those that say that it is being worked on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from stepladder.data.formats.mapping import Statuses, words
from stepladder.exchange.tracker import Progress

#: Names of statuses, resolutions, reasons and labels of what is closed and was not achieved, as `words` has them;
#: each also as a part of a longer name. Trackers show them in the language of whoever asks.
NOT_ACHIEVED = frozenset(
    {
        *("rejected", "declined", "cancelled", "canceled", "withdrawn", "abandoned", "discarded", "obsolete"),
        *("wont do", "wont fix", "wontfix", "will not do", "will not fix", "not planned", "not doing"),
        *("duplicate", "cannot reproduce", "cant reproduce", "incomplete", "invalid"),
        *("abgewiesen", "abgelehnt", "zurückgewiesen", "zurückgezogen", "abgebrochen", "storniert", "verworfen"),
        *("wird nicht erledigt", "wird nicht behoben", "nicht geplant", "veraltet"),
        *("duplikat", "nicht reproduzierbar", "unvollständig", "ungültig"),
    }
)
#: Others that say the same where they are the whole name; as a part of one they may say the opposite (*Cut over*).
NOT_ACHIEVED_WHOLE = frozenset({"cut", "deferred", "removed", "entfernt", "zurückgestellt"})
#: Names of statuses and labels of what is open and has begun. What is resolved waits to be closed.
BEGUN = frozenset(
    {
        *("in progress", "started", "doing", "wip", "work in progress", "in review", "feedback", "resolved"),
        *("in bearbeitung", "in arbeit", "begonnen", "gelöst"),
    }
)


def closed(names: Iterable[str]) -> tuple[Progress, str]:
    """Whether what is closed was achieved.

    Parameters
    ----------
    names
        All that the tracker says of how it was closed; an empty one says nothing.

    Returns
    -------
    tuple
        ``cancelled`` and the name that says so, as the tracker writes it; otherwise ``done`` and nothing.
    """
    for name in names:
        plain = f" {words(name)} "
        if plain.strip() in NOT_ACHIEVED_WHOLE or any(f" {phrase} " in plain for phrase in NOT_ACHIEVED):
            return "cancelled", name
    return "done", ""


def begun(name: str) -> bool:
    """Whether a status or a label says that work is going on; of ``status: in progress`` the last part counts."""
    return words(re.split("[:/]", name)[-1]) in BEGUN


def mapped(statuses: Statuses, names: Sequence[str], otherwise: tuple[Progress, str]) -> tuple[Progress, str]:
    """How far something is by what a mapping says of its names, and by what is known of them where it says nothing.

    Parameters
    ----------
    statuses
        The names that a mapping adds.
    names
        All that the tracker says of it.
    otherwise
        What is known without the mapping.

    Returns
    -------
    tuple
        The progress, and of what is cancelled the name that says so.
    """
    meaning = statuses.of(names)
    if meaning is None:
        return otherwise
    progress, name = meaning
    return progress, name if progress == "cancelled" else ""
