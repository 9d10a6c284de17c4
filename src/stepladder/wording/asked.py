"""What to find out first, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stepladder.analysis.questions import Asked
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.text import clean, quote

#: Above the sentences.
HEADING = mark("Find out first")


#: Where no team has a title of its own.
NOBODY: Mapping[str, str] = {}


def sentences(
    asked: Sequence[Asked],
    titles: Mapping[str, str],
    currency: str,
    whole: str,
    *,
    teams: Mapping[str, str] = NOBODY,
    keys: bool = False,
) -> list[str]:
    """The questions, with what hangs on each.

    Parameters
    ----------
    asked
        The questions.
    titles
        Of the steps.
    currency
        Of the amounts.
    whole
        What the sums are of, such as ``the plan``.
    teams
        Titles by id.
    keys
        Whether to say where an own figure goes in a scenario, for whoever writes one.
    """
    return [
        _sum(one, titles, currency, whole) + _breaks(one, teams) + _where(one, keys=keys)
        if one.kind in ("money", "days")
        else _sentence(one, titles, currency, whole)
        for one in asked
    ]


def _sentence(one: Asked, titles: Mapping[str, str], currency: str, whole: str) -> str:
    """What is not known at all, or how far steps help."""
    if one.kind == "losses":
        return _(
            "What would an incident cost, and how often is one to be expected? No losses are known, so nobody can say"
            " whether {plan} is worth its money ({key}).",
            plan=whole,
            key=one.key,
        )
    if one.kind == "importance":
        steps = numbers.whole(len(one.steps))
        return _("Which of the {steps} steps matter most? They all count alike ({key}).", steps=steps, key=one.key)
    asks = (
        _(
            "How far do {steps} steps help against {threat}?",
            steps=numbers.whole(len(one.steps)),
            threat=quote(one.threat),
        )
        if len(one.steps) > 1
        else _("How far does {step} help against {threat}?", step=_name(one, titles), threat=quote(one.threat))
    )
    taken, now, least, most = (numbers.money(amount, currency) for amount in (one.taken, one.sum, one.least, one.most))
    left = _(
        "As taken here, {now} of {taken} a year are left; with double of that help {least}, with half of it {most}",
        now=now,
        taken=taken,
        least=least,
        most=most,
    )
    return f"{asks} {left} ({clean(one.at)})."


def _sum(one: Asked, titles: Mapping[str, str], currency: str, whole: str) -> str:
    """What steps cost or take, as a part of a sum."""
    alone, amounts = len(one.steps) == 1, (one.taken, one.sum, one.least, one.most)
    what = {"step": _name(one, titles)} if alone else {"way": _way(one, titles)}
    if one.kind == "money":
        asks = _("What does {step} cost?", **what) if alone else _("What does it cost {way}?", **what)
        said = mark(
            "As taken here, {taken} of the {now} that {plan} costs; with half of that {plan} costs {least}, with double"
            " {most}"
        )
        taken, now, least, most = (numbers.money(amount, currency) for amount in amounts)
    else:
        asks = (
            _("How many person-days does {step} take?", **what)
            if alone
            else _("How many person-days does it take {way}?", **what)
        )
        said = mark(
            "As taken here, {taken} of the {now} that {plan} takes; with half of that {plan} takes {least}, with double"
            " {most}"
        )
        taken, now, least, most = (numbers.amount(amount) for amount in amounts)
    return f"{asks} {_(said, taken=taken, now=now, least=least, most=most, plan=whole)}"


def _breaks(one: Asked, teams: Mapping[str, str]) -> str:
    """That a limit is broken with double of a figure."""
    if one.breaks is None:
        return ""
    resource, label = one.breaks
    named = numbers.team(resource, teams)
    return _(", which breaks the limit {limit} of {team} (no plan then)", limit=quote(label), team=named)


def _name(one: Asked, titles: Mapping[str, str]) -> str:
    return quote(titles.get(one.steps[0], one.steps[0]))


def _way(one: Asked, titles: Mapping[str, str]) -> str:
    if one.level:
        steps = numbers.whole(len(one.steps))
        return _("to reach {level}, in {steps} steps", level=clean(one.level), steps=steps)
    return _("to do {step} and {count} more like it", step=_name(one, titles), count=numbers.whole(len(one.steps) - 1))


def _where(one: Asked, *, keys: bool) -> str:
    """Where the figure stands, and where an own one goes: in a sheet for everybody, in a scenario for whoever asks."""
    sheet = ", column " in one.key
    if not one.key or not (keys or sheet):
        return f" ({clean(one.at)})."
    own = clean(one.key) if sheet else f"--set {clean(one.key)}=…"
    return f" ({_('{at}; your own: {key}', at=clean(one.at), key=own)})."
