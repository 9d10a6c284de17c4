"""What ``check`` found out about a question, as text."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.analysis.achieved import Standing
from stepladder.analysis.check import ProblemFacts
from stepladder.analysis.feasibility import Impossible, Supply
from stepladder.analysis.unreached import Unreached
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.data.notes import implies
from stepladder.data.reading.validate import as_what
from stepladder.output.uses import uses, without_effect
from stepladder.wording import asked, claims, numbers
from stepladder.wording.aimless import first_of_all
from stepladder.wording.assumptions import illustration
from stepladder.wording.language import _, mark, plural
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import end, idle, span, title

SHOWN = 20


def check_text(
    problem: Problem,
    facts: ProblemFacts,
    notes: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    style: Style | None = None,
    about: str = "",
) -> str:
    """A valid question in a screenful: size, longest chain, what is implied, what can never be afforded; and what
    its file says that it is.
    """
    page = Page(style or Style())
    page.say(_("{name}: valid.", name=title(problem.title or _("The problem"))), kind="good", most=3)
    for sentence in first_of_all(problem):
        page.say(sentence, kind="warn", most=8)
    _size(page, problem)
    if scenarios:
        page.say(_("Named scenarios: {names}.", names=", ".join(scenarios)))
    if about:
        page.say(_("Checked as {what}.", what=as_what(about)))
    _chain(page, facts)
    page.heading(_("IF EVERYTHING WERE DONE"))
    if facts.pairs:
        page.say(_together(facts), 2, mark="- ", most=4)
    for supply in facts.supplies:
        page.say(_supply(supply, facts, problem), 2, mark="- ")
    implied = [
        _("{step} is above its own target; {other} needs it.", step=_name(facts, name), other=_name(facts, by))
        for name, by in facts.implied
    ]
    _items(page, _("IMPLIED"), implied)
    _items(page, _("ACHIEVEMENTS"), [_standing(item) for item in facts.achievements])
    _impossible(page, problem, facts)
    extra = [illustration(facts.illustrative, facts.numbers)] if facts.illustrative else []
    _items(
        page,
        _("WORTH KNOWING"),
        [
            *(note for note in notes if not implies(note)),
            *uses(problem, facts),
            *idle(problem, facts.teams),
            *without_effect(problem, facts),
            *extra,
        ],
    )
    said = asked.sentences(
        facts.questions, facts.titles, problem.currency, _("everything"), teams=facts.teams, keys=True
    )
    _items(page, _(asked.HEADING).upper(), said)
    return page.text()


def _standing(item: Standing) -> str:
    """An achievement, and whether it holds today, can be reached, and is asked for."""
    name = f"{title(item.title)} ({clean(item.ref)})" if item.ref else title(item.title)
    if item.today:
        return _("{name}: holds today.", name=name)
    return _(_STANDINGS[item.possible, item.asked], name=name)


#: Of an achievement that does not hold yet: whether it can be reached, and whether it is asked for.
_STANDINGS = {
    (True, True): mark("{name}: can be reached, and is asked for."),
    (True, False): mark("{name}: can be reached; nobody asks for it."),
    (False, True): mark("{name}: asked for, and out of reach of the steps of this question."),
    (False, False): mark(
        "{name}: out of reach of the steps of this question; name it in target to open those that it takes."
    ),
}


def _size(page: Page, problem: Problem) -> None:
    required = sum(step.must for step in problem.steps)
    steps = numbers.count(len(problem.steps), "step")
    if required:
        steps = _("{steps} ({count} of them required)", steps=steps, count=numbers.whole(required))
    parts = [
        steps,
        numbers.count(len(problem.threats), "threat"),
        numbers.count(problem.horizon, "period"),
        numbers.count(len(problem.windows), "limit"),
    ]
    page.say(f"{listed(parts, len(parts))}; {span(problem.periods[0], problem.periods[-1])}.")


def _chain(page: Page, facts: ProblemFacts) -> None:
    chain = facts.chain
    if len(chain.steps) < 2:
        if not facts.linked:
            page.say(_("No step needs another."))
        return
    page.say(
        _(
            "The longest chain has {count} steps and takes at least {periods}:",
            count=numbers.whole(len(chain.steps)),
            periods=numbers.count(chain.periods, "period"),
        )
    )
    for k, (name, others) in enumerate(zip(chain.steps[:SHOWN], chain.others, strict=False), start=1):
        step = title(facts.titles[name])
        if others:
            step = plural(
                "{step} (or another instead)",
                "{step} (or one of {count} others instead)",
                others,
                step=step,
                count=numbers.whole(others),
            )
        page.say(step, 2, mark=f"{k}. ", most=2)
    if len(chain.steps) > SHOWN:
        page.say(_("… and {count} more", count=numbers.whole(len(chain.steps) - SHOWN)), 2)


def _together(facts: ProblemFacts) -> str:
    """What the amounts are where steps exclude each other."""
    pairs = plural(
        "{pairs} of steps excludes each other, so not everything can be done",
        "{pairs} of steps exclude each other, so not everything can be done",
        facts.pairs,
        pairs=numbers.count(facts.pairs, "pair"),
    )
    if all(supply.exact for supply in facts.supplies):
        return _("{pairs}: each amount is the most that steps which go together take.", pairs=pairs)
    return _("{pairs}: steps which go together take no more than each amount.", pairs=pairs)


def _supply(supply: Supply, facts: ProblemFacts, problem: Problem) -> str:
    shown = _shown(supply.resource, supply.needed, problem)
    if facts.pairs:
        shown = _("at most {amount}", amount=shown)
    what = numbers.team(supply.resource, facts.teams, begins=True)
    if supply.resource == "money_afterwards":
        allowed = _shown(supply.resource, supply.available or 0.0, problem)
        return _("{what}: {amount}; at most {allowed} is allowed.", what=what, amount=shown, allowed=allowed)
    if supply.resource == "money" and facts.per_year:
        running = numbers.money(facts.per_year, problem.currency)
        if facts.pairs:
            running = _("at most {amount}", amount=running)
        shown = _("{once} once, then {running} a year", once=shown, running=running)
    if supply.available is None:
        return _("{what}: {amount}; no limit is set.", what=what, amount=shown)
    short = supply.needed > supply.available and supply.exact
    sentence = _SUPPLIES[short, bool(facts.pairs)]
    return _(sentence, what=what, amount=shown, most=_shown(supply.resource, supply.available, problem))


#: What there is of something, by whether it is too little and whether not everything is wanted.
_SUPPLIES = {
    (False, False): mark("{what}: {amount}; at most {most} may be used within the horizon."),
    (False, True): mark("{what}: {amount}; at most {most} may be used within the horizon."),
    (True, False): mark("{what}: {amount}; at most {most} may be used within the horizon, which cannot do everything."),
    (True, True): mark("{what}: {amount}; at most {most} may be used within the horizon, which cannot do all of that."),
}


def _shown(resource: str, amount: float, problem: Problem) -> str:
    if resource in MONEY:
        return numbers.money(amount, problem.currency)
    return _("{count} person-days", count=numbers.amount(amount))


def _impossible(page: Page, problem: Problem, facts: ProblemFacts) -> None:
    page.heading(_("WHAT CAN NEVER BE AFFORDED OR DONE IN TIME"))
    roots = [proof for proof in facts.impossible if proof.kind not in ("needs", "needs_any")]
    inherited = [proof for proof in facts.impossible if proof.kind in ("needs", "needs_any")]
    if not facts.impossible and not facts.unreached:
        page.say(
            _(
                "Nothing that could be proved without a search: each step alone, with all that it needs, fits the"
                " limits and the horizon."
            ),
            2,
        )
    for proof in roots[:SHOWN]:
        page.say(_why(problem, facts, proof), 2, mark="- ", kind="warn")
    if len(roots) > SHOWN:
        page.say(_("… and {count} more", count=numbers.whole(len(roots) - SHOWN)), 2)
    if inherited:
        names = [_name(facts, proof.step) for proof in inherited]
        text = plural(
            "So this can never be done either, because it needs what cannot be done: {steps}.",
            "So these can never be done either, because they need what cannot be done: {steps}.",
            len(inherited),
            steps=listed(names, 4),
        )
        page.say(text, 2, mark="- ", kind="warn")
    for item in facts.unreached:
        page.say(_never(problem, item), 2, mark="- ", kind="bad")
    for milestone in facts.missed:
        page.say(claims.out_of_time(milestone), 2, mark="- ", kind="bad")
    if facts.hopeless:
        page.say(claims.hopeless([_name(facts, name) for name in facts.hopeless]), 2, mark="- ", kind="bad")


def _never(problem: Problem, item: Unreached) -> str:
    """Of an achievement that holds in no plan in time."""
    where = f" ({clean(item.at)})" if item.at else ""
    said = {"name": quote(item.title), "day": end(problem.periods[item.by])}
    if item.most is not None and item.wanted is not None and item.most < item.wanted:
        text = _(
            "{name} is reached in no plan by {day}: its score is at most {most} then, and {wanted} are wanted",
            most=numbers.amount(item.most),
            wanted=numbers.amount(item.wanted),
            **said,
        )
    elif item.since is None:
        text = _("{name} is reached in no plan by {day}: at the soonest it holds never", **said)
    else:
        since = clean(problem.periods[item.since].label)
        text = _("{name} is reached in no plan by {day}: at the soonest it holds from {first} on", first=since, **said)
    return f"{text}{where}."


def _why(problem: Problem, facts: ProblemFacts, proof: Impossible) -> str:
    said = {"step": _name(facts, proof.step), "day": end(problem.periods[proof.period])}
    if proof.kind == "time":
        return _too_late(problem, proof, said)
    if proof.kind == "excludes":
        one, other = (_name(facts, name) for name in proof.because[:2])
        return _("{step} needs both {one} and {other}, which exclude each other.", one=one, other=other, **said)
    needed, available = (_shown(proof.resource, value, problem) for value in (proof.needed, proof.available))
    said |= {"needed": needed, "available": available, "resource": numbers.team(proof.resource, facts.teams)}
    if proof.kind == "limit":
        window = problem.windows[proof.window]
        return _(
            "{step} alone breaks a limit at every start, least of all in {first}: {needed} of {resource}, where"
            " {available} may be used in {when}.",
            first=clean(problem.periods[proof.period].label),
            when=span(problem.periods[window.from_], problem.periods[window.to]),
            **said,
        )
    if not proof.because:
        return _(
            "{step} takes {needed} of {resource} by {day}, and at most {available} can be used until then.", **said
        )
    return _(
        "{step} takes, with the {steps} that it needs, {needed} of {resource} by {day}, and at most {available} can be"
        " used until then.",
        steps=numbers.count(len(proof.because), "step"),
        **said,
    )


def _too_late(problem: Problem, proof: Impossible, said: dict[str, str]) -> str:
    """Of a step for which the time is too short."""
    step = problem.steps_by_id()[proof.step]
    own = max(step.earliest, step.start or 0)
    if step.finish(own) <= proof.period:
        return _("{step} cannot be finished by {day}: with what it needs first, the time is too short.", **said)
    if own:
        first = clean(problem.periods[own].label)
        return _("{step} cannot be finished by {day}: it may not start before {first}.", first=first, **said)
    periods = numbers.count(step.duration, "period")
    return _("{step} cannot be finished by {day}: it takes {periods}.", periods=periods, **said)


def _name(facts: ProblemFacts, step: str) -> str:
    return quote(facts.titles.get(step, step))


def _items(page: Page, heading: str, items: Sequence[str]) -> None:
    if items:
        page.heading(heading)
    for item in items[:SHOWN]:
        page.say(clean(item), 2, mark="- ", most=6)
    if len(items) > SHOWN:
        page.say(_("… and {count} more", count=numbers.whole(len(items) - SHOWN)), 2)
