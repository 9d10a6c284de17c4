"""Notes on a question. A plan keeps them in English, as they were made; here they are said in the reader's language, as
far as their words are known: any other note, as of a file that another program wrote, is shown as it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from string import Formatter

from stepladder.data.formats.money import shown
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, translated

#: What a scenario is told when it is read.
_READ = (
    mark("{step} is above its target; it is implied by {because}."),
    mark("{step} is above its target; {policy} requires it."),
    mark("{policy} is on offer in no policy year of the horizon."),
    mark(
        "{policy} can never be bought: what it requires cannot be finished before {period}, when its last year on offer"
        " begins."
    ),
    mark("{one} and {other} are the same: premiums, terms and requirements."),
    mark("The exclusion of {one} and {other} has no effect: one of them is not a step here."),
    mark("{achievement} is asked for, so the targets of what counts towards it are raised: {names}."),
    mark("{practice} is not applicable, so the need of {step} for {needs} is waived."),
    mark(
        "{achievement} cannot be reached: with every step that applies its score is {most} here, and {wanted} are"
        " wanted ({at})."
    ),
    mark("{achievement} cannot be reached: what it takes does not apply, or is no step ({at})."),
    mark("{step} is in place already, so this has no effect."),
    mark("Milestone {title} is met already."),
    mark("Milestone {title} is met by what is promised."),
    mark("{step} is at {level} today, so this has no effect"),
    mark("{step} to {level} is above its target, {target}, and counts up to that"),
    mark("The need of {step} for {needs} follows from others, so it is left out."),
    mark("{count} needs follow from others, so they are left out; the first is that of {step} for {needs}."),
    mark("{title} is counted once for all systems, every other threat for each of them."),
    mark("{titles} are counted once for all systems, every other threat for each of them."),
    mark("No step reduces {title}; give it a type, or say what reduces it (reduced_by)."),
    mark("at_once has no effect where nothing is carried over; say carry_over: within_year or free."),
    mark("it has no effect, because every year or period has an amount of its own."),
    mark("{date} is inside {period}, so it counts until the end of {last}."),
    mark("{date} is inside {period}, so it counts from {first} on."),
    mark("{first} does not come before {then}: {why}"),
    mark("{first} is not planned, though it should come before {then}: {why}"),
)
#: What a plan that goes on is told of what has happened.
_HAPPENED = (
    mark("Done beside the plan: {item}, {uses}, in {period}."),
    mark("Done beside the plan: {item}, {uses}, from {first} to {last}."),
    mark("Promised beside the plan: {item}, {uses}, in {period}."),
    mark("Promised beside the plan: {item}, {uses}, from {first} to {last}."),
    mark(
        "The plan had promised more than the assessment says: {parts}. If that still holds, put it under `committed` in"
        " the assessment, and plan anew."
    ),
    mark(
        "What was held back so that the plan stays within its money in {share} of futures is held back still; how often"
        " the rest of it does is not known."
    ),
    mark("{period}: {spent} was spent, and what was done comes to {done}; the rest is free again."),
    mark("{step} needs {needs}, which was cancelled: it cannot be planned."),
    mark("{step} was cancelled, though it was demanded."),
    mark("{step} was to start in {period} and did not; it is still demanded."),
    mark("{step} finishes after its deadline."),
    mark("{step} finished after its deadline."),
    mark("{what} in {where}: {amount} more than the limit is used or promised already; nothing is left of it."),
    mark("{what} in {where}: {amount} more than the limit is used already; nothing is left of it."),
    mark("{what} in {where}: what is done or running takes {amount} more than is left; nothing can be added."),
    mark("{step} was running; it is found reached, so it counts as done."),
    mark("{step} was running; the assessment finds it reached, so it counts as done."),
    mark("{step} is reached, though the plan has not done it; it costs nothing more."),
    mark(
        "{practice} was found at level {level}, below the level {before} at which the plan began; the plan has no step"
        " for that: ask anew with a scenario that has it (--assessment)."
    ),
    mark(
        "{step} counted as done, and the assessment does not find it: it is open again; what it has cost so far,"
        " {amount}, stays spent."
    ),
    mark(
        "{step} counted as done; the assessment does not find it and does not ask for it. What it costs is still"
        " counted."
    ),
)
NOTES = (*_READ, *_HAPPENED)
#: Where in a scenario a note is of, before it.
_PLACE = re.compile(r"([\w.-]+): (.+)", re.DOTALL)


def said(note: str) -> str:
    """A note in the reader's language; in English, or where its words are not known, as it is."""
    if not translated():
        return note
    placed = _PLACE.fullmatch(note)
    rest = None if placed is None else _known(placed[2])
    if placed is not None and rest is not None:
        return _("{place}: {note}", place=placed[1], note=rest)
    return _known(note) or note


def _known(note: str) -> str | None:
    for words, pattern in _patterns():
        if (found := pattern.fullmatch(note)) is not None:
            return _(words, **{name: _VALUES.get(name, str)(text) for name, text in found.groupdict().items()})
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each kind of note with what such a note looks like."""
    return tuple((words, re.compile(_pattern(words), re.DOTALL)) for words in NOTES)


def _pattern(words: str) -> str:
    parts = Formatter().parse(words)
    return "".join(
        re.escape(text) + (f"(?P<{name}>.+?)" if name is not None else "") for text, name, _spec, _kind in parts
    )


# -- what stands in their places ---------------------------------------------------------------------------------------


def _money(text: str) -> str:
    """An amount as a note has it, in the locale; what is none as it is."""
    found = re.fullmatch(r"(-?[\d,]*\.?\d+)(?: (\S.*))?", text)
    amount = None if found is None else float(found[1].replace(",", ""))
    if found is None or amount is None or shown(amount, found[2] or "") != text:
        return text
    return numbers.money(amount, found[2] or "")


def _date(text: str) -> str:
    try:
        return numbers.day(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def _titles(text: str) -> str:
    """Titles in quotes, the last behind *and*."""
    found = re.fullmatch(r"(.+['\"]) and (['\"].+)", text, re.DOTALL)
    return text if found is None else _("{names} and {name}", names=found[1], name=found[2])


def _names(text: str) -> str:
    found = re.fullmatch(r"(.+) and ([\d,]+) more", text, re.DOTALL)
    return text if found is None else _("{names} and {count} more", names=found[1], count=_count(found[2]))


def _count(text: str) -> str:
    number = text.replace(",", "")
    return numbers.whole(int(number)) if number.isdecimal() else text


def _parts(text: str) -> str:
    """Amounts, each with its period, and how many more there are."""
    return ", ".join(_part(part) for part in text.split(", "))


def _part(text: str) -> str:
    more = re.fullmatch(r"([\d,]+) more", text)
    if more is not None:
        return _("{count} more", count=_count(more[1]))
    amount, inside, period = text.partition(" in ")
    return _("{money} in {period}", money=_money(amount), period=period) if inside else text


def _uses(text: str) -> str:
    """Money and days, with *and* between them."""
    if text == "nothing":
        return _("nothing")
    uses = [_use(use) for use in text.split(" and ")]
    whole = uses[0]
    for use in uses[1:]:
        whole = _("{one} and {other}", one=whole, other=use)
    return whole


def _use(text: str) -> str:
    found = _DAYS.fullmatch(text)
    if found is None:
        return _money(text)
    return _("{days} of {team}", days=numbers.days(float(found[1].replace(",", ""))), team=found[2])


def _what(text: str) -> str:
    """What is limited."""
    team = text.removeprefix(_OF_TEAM.partition("{")[0])
    if team != text:
        return _(_OF_TEAM, team=team)
    return _(text) if text in _RESOURCES else text


_DAYS = re.compile(r"([\d,]*\.?\d+) person-days of (.+)", re.DOTALL)
_OF_TEAM = mark("Person-days of {team}")
_RESOURCES = {mark("Money"), mark("Investment"), mark("Running cost"), mark("Cost a year afterwards")}
_VALUES: dict[str, Callable[[str], str]] = {
    "amount": _money,
    "spent": _money,
    "done": _money,
    "date": _date,
    "titles": _titles,
    "names": _names,
    "count": _count,
    "parts": _parts,
    "uses": _uses,
    "what": _what,
}
