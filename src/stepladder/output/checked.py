"""What ``check`` found out about a question, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepladder.analysis.achieved import Standing
from stepladder.analysis.check import ProblemFacts
from stepladder.analysis.feasibility import Impossible, Supply
from stepladder.analysis.unreached import Unreached
from stepladder.data.demand_names import exceedance_name
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.data.notes import implies
from stepladder.data.objective import objective_of
from stepladder.data.reading.validate import as_what
from stepladder.wording import asked, claims, numbers
from stepladder.wording.aimless import aimless, first_of_all
from stepladder.wording.assumptions import illustration
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
    page.say(f"{title(problem.title or 'The problem')}: valid.", kind="good", most=3)
    for sentence in first_of_all(problem):
        page.say(sentence, kind="warn", most=8)
    _size(page, problem)
    if scenarios:
        page.say(f"Named scenarios: {', '.join(scenarios)}.")
    if about:
        page.say(f"Checked as {as_what(about)}.")
    _chain(page, facts)
    page.heading("IF EVERYTHING WERE DONE")
    if facts.pairs:
        page.say(_together(facts), 2, mark="- ", most=4)
    for supply in facts.supplies:
        page.say(_supply(supply, facts, problem), 2, mark="- ")
    _items(
        page,
        "IMPLIED",
        [f"{_name(facts, name)} is above its own target; {_name(facts, by)} needs it." for name, by in facts.implied],
    )
    _items(page, "ACHIEVEMENTS", [_standing(item) for item in facts.achievements])
    _impossible(page, problem, facts)
    extra = [illustration(facts.illustrative, facts.numbers)] if facts.illustrative else []
    _items(
        page,
        "WORTH KNOWING",
        [
            *(note for note in notes if not implies(note)),
            *_use(problem, facts),
            *idle(problem, facts.teams),
            *(_kept(problem, index) for index in facts.idle_caps),
            *(_covering_nothing(name, at) for name, at in facts.idle_policies),
            *extra,
        ],
    )
    said = asked.sentences(facts.questions, facts.titles, problem.currency, "everything", teams=facts.teams, keys=True)
    _items(page, asked.HEADING.upper(), said)
    return page.text()


def _covering_nothing(name: str, at: str) -> str:
    """Of a policy that pays for nothing that is lost."""
    where = f" ({clean(at)})" if at else ""
    return f"{quote(name)} covers nothing: it pays for no threat here that costs anything{where}."


def _kept(problem: Problem, index: int) -> str:
    """Of a cap on large losses that asks for nothing."""
    name = exceedance_name(problem, problem.exceedance[index])
    return f"Given your numbers, a cap is kept already today, with nothing done: {name}."


def _standing(item: Standing) -> str:
    """An achievement, and whether it holds today, can be reached, and is asked for."""
    name = f"{title(item.title)} ({clean(item.ref)})" if item.ref else title(item.title)
    if item.today:
        return f"{name}: holds today."
    if not item.possible:
        open_ = "" if item.asked else "; name it in target to open those that it takes"
        return f"{name}: {'asked for, and ' if item.asked else ''}out of reach of the steps of this question{open_}."
    return f"{name}: can be reached{', and is asked for' if item.asked else '; nobody asks for it'}."


def _size(page: Page, problem: Problem) -> None:
    required = sum(step.must for step in problem.steps)
    parts = [
        numbers.count(len(problem.steps), "step") + (f" ({required:,} of them required)" if required else ""),
        numbers.count(len(problem.threats), "threat"),
        numbers.count(problem.horizon, "period"),
        numbers.count(len(problem.windows), "limit"),
    ]
    page.say(f"{listed(parts, len(parts))}; {span(problem.periods[0], problem.periods[-1])}.")


def _chain(page: Page, facts: ProblemFacts) -> None:
    chain = facts.chain
    if len(chain.steps) < 2:
        if not facts.linked:
            page.say("No step needs another.")
        return
    page.say(
        f"The longest chain has {len(chain.steps):,} steps and takes at least {numbers.count(chain.periods, 'period')}:"
    )
    for k, (name, others) in enumerate(zip(chain.steps[:SHOWN], chain.others, strict=False), start=1):
        instead = f" (or {'another' if others == 1 else f'one of {others:,} others'} instead)" if others else ""
        page.say(f"{title(facts.titles[name])}{instead}", 2, mark=f"{k}. ", most=2)
    if len(chain.steps) > SHOWN:
        page.say(f"… and {len(chain.steps) - SHOWN:,} more", 2)


def _together(facts: ProblemFacts) -> str:
    """What the amounts are where steps exclude each other."""
    pairs = (
        f"{numbers.count(facts.pairs, 'pair')} of steps {'excludes' if facts.pairs == 1 else 'exclude'} each other, so"
        " not everything can be done"
    )
    if all(supply.exact for supply in facts.supplies):
        return f"{pairs}: each amount is the most that steps which go together take."
    return f"{pairs}: steps which go together take no more than each amount."


@dataclass(frozen=True)
class _Words:
    """What use is, by what counts: what a step without any does, if one or several do it, and how to mend that."""

    none: str
    one: str
    several: str
    own: str
    mend: str


_LOSSES = _Words(
    "takes anything off any threat, and none is worth anything else",
    "takes nothing off any threat, is worth nothing else",
    "take nothing off any threat, are worth nothing else",
    "effect of their own on any threat",
    "say what they reduce (reduced_by) or are worth (worth), or lower their targets",
)
_POINTS = _Words(
    "has importance",
    "has no importance",
    "have no importance",
    "importance of their own",
    "say how much they matter (importance), or lower their targets",
)


def _use(problem: Problem, facts: ProblemFacts) -> list[str]:
    """Which practices do nothing for what counts, as sentences."""
    if aimless(problem):
        # It is said before all else.
        return []
    words = _POINTS if objective_of(problem).points else _LOSSES
    if facts.use.nothing_works:
        return [f"No step {words.none}: a plan does nothing but what must be done; {words.mend}, or set milestones."]
    lines = []
    if facts.use.steps:
        which = f"{numbers.count(facts.use.steps, 'step')} ({listed([quote(name) for name in facts.use.never_pay], 6)})"
        one = facts.use.steps == 1
        pays = "it: it never pays" if one else "them: they never pay"
        does = f"{words.one if one else words.several}{', and' if words is _LOSSES else ' and'} nothing of use needs"
        lines.append(f"{which} {does} {pays}. If that is not meant, {words.mend}.")
    if facts.use.only_asked:
        which = listed([quote(name) for name in facts.use.only_asked], 6)
        lines.append(f"Demanded, or needed by others, but without {words.own}: {which}.")
    return lines


def _supply(supply: Supply, facts: ProblemFacts, problem: Problem) -> str:
    shown = _shown(supply.resource, supply.needed, problem)
    what = numbers.team(supply.resource, facts.teams, begins=True)
    most = "at most " if facts.pairs else ""
    running = (
        f" once, then {most}{numbers.money(facts.per_year, problem.currency)} a year"
        if supply.resource == "money" and facts.per_year
        else ""
    )
    if supply.resource == "money_afterwards":
        return f"{what}: {most}{shown}; at most {_shown(supply.resource, supply.available or 0.0, problem)} is allowed."
    if supply.available is None:
        limit = "no limit is set"
    else:
        limit = f"at most {_shown(supply.resource, supply.available, problem)} may be used within the horizon"
        what_not = "everything" if not facts.pairs else "all of that"
        limit += f", which cannot do {what_not}" if supply.needed > supply.available and supply.exact else ""
    return f"{what}: {most}{shown}{running}; {limit}."


def _shown(resource: str, amount: float, problem: Problem) -> str:
    return numbers.money(amount, problem.currency) if resource in MONEY else f"{numbers.amount(amount)} person-days"


def _impossible(page: Page, problem: Problem, facts: ProblemFacts) -> None:
    page.heading("WHAT CAN NEVER BE AFFORDED OR DONE IN TIME")
    roots = [proof for proof in facts.impossible if proof.kind not in ("needs", "needs_any")]
    inherited = [proof for proof in facts.impossible if proof.kind in ("needs", "needs_any")]
    if not facts.impossible and not facts.unreached:
        page.say(
            "Nothing that could be proved without a search: each step alone, with all that it needs, fits the limits"
            " and the horizon.",
            2,
        )
    for proof in roots[:SHOWN]:
        page.say(f"{_name(facts, proof.step)} {_why(problem, facts, proof)}.", 2, mark="- ", kind="warn")
    if len(roots) > SHOWN:
        page.say(f"… and {len(roots) - SHOWN:,} more", 2)
    if inherited:
        names = [_name(facts, proof.step) for proof in inherited]
        these, need = ("this", "it needs") if len(inherited) == 1 else ("these", "they need")
        text = f"So {these} can never be done either, because {need} what cannot be done: {listed(names, 4)}."
        page.say(text, 2, mark="- ", kind="warn")
    for item in facts.unreached:
        page.say(_never(problem, item), 2, mark="- ", kind="bad")
    for milestone in facts.missed:
        page.say(claims.out_of_time(milestone), 2, mark="- ", kind="bad")
    if facts.hopeless:
        page.say(claims.hopeless([_name(facts, name) for name in facts.hopeless]), 2, mark="- ", kind="bad")


def _never(problem: Problem, item: Unreached) -> str:
    """Of an achievement that holds in no plan in time."""
    by = f"by {end(problem.periods[item.by])}"
    where = f" ({clean(item.at)})" if item.at else ""
    if item.most is not None and item.wanted is not None and item.most < item.wanted:
        score = f"its score is at most {numbers.amount(item.most)} then, and {numbers.amount(item.wanted)} are wanted"
        return f"{quote(item.title)} is reached in no plan {by}: {score}{where}."
    since = "never" if item.since is None else f"from {clean(problem.periods[item.since].label)} on"
    return f"{quote(item.title)} is reached in no plan {by}: at the soonest it holds {since}{where}."


def _why(problem: Problem, facts: ProblemFacts, proof: Impossible) -> str:
    by = f"by {end(problem.periods[proof.period])}"
    if proof.kind == "time":
        step = problem.steps_by_id()[proof.step]
        own = max(step.earliest, step.start or 0)
        if step.finish(own) > proof.period:
            start = clean(problem.periods[own].label)
            late = f"may not start before {start}" if own else f"takes {numbers.count(step.duration, 'period')}"
            return f"cannot be finished {by}: it {late}"
        return f"cannot be finished {by}: with what it needs first, the time is too short"
    if proof.kind == "excludes":
        return (
            f"needs both {_name(facts, proof.because[0])} and {_name(facts, proof.because[1])}, which exclude each"
            " other"
        )
    needed, available = (_shown(proof.resource, value, problem) for value in (proof.needed, proof.available))
    resource = numbers.team(proof.resource, facts.teams)
    if proof.kind == "limit":
        window = problem.windows[proof.window]
        when = span(problem.periods[window.from_], problem.periods[window.to])
        start = clean(problem.periods[proof.period].label)
        return (
            f"alone breaks a limit at every start, least of all in {start}: {needed} of {resource}, where {available}"
            f" may be used in {when}"
        )
    others = f", with the {numbers.count(len(proof.because), 'step')} that it needs," if proof.because else ""
    return f"takes{others} {needed} of {resource} {by}, and at most {available} can be used until then"


def _name(facts: ProblemFacts, step: str) -> str:
    return quote(facts.titles.get(step, step))


def _items(page: Page, heading: str, items: Sequence[str]) -> None:
    if items:
        page.heading(heading)
    for item in items[:SHOWN]:
        page.say(clean(item), 2, mark="- ", most=6)
    if len(items) > SHOWN:
        page.say(f"… and {len(items) - SHOWN:,} more", 2)
