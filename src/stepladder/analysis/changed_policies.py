"""What changed of the policies on offer between two plans' questions."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.policy_changes import called
from stepladder.analysis.sides import ASKED, COSTS, REST, STEPS, Changed, Sides, Unit, Weighed
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import Policy, Terms
from stepladder.data.phrases import mark, phrase

#: Terms in words, and what they are counted in.
_TERMS: dict[str, tuple[str, Unit]] = {
    "retention": (mark("{policy}, “{threat}”: our own part of an event"), "money"),
    "limit": (mark("{policy}, “{threat}”: covered of an event, at most"), "money"),
    "share": (mark("{policy}, “{threat}”: the insurer's share"), ""),
}


def policies(sides: Sides) -> Iterator[Weighed]:
    """Offers that are new or gone, and what of the others is not what it was."""
    for y, was, now in _years(sides):
        if was != now:
            yield ASKED, Changed(f"policy_years.{y}", was, now, phrase("Policy year {number}", number=f"{y + 1:,}"))
    for name, was, now in sides.pairs("policies", lambda policy: policy.id):
        if was is None or now is None:
            there = (True if was else None, True if now else None)
            yield (
                STEPS,
                Changed(f"policies.{name}", *there, phrase("Policy “{policy}” on offer", policy=(now or was).name)),
            )
            continue
        yield from _policy(sides, f"policies.{name}", was, now)


def _years(sides: Sides) -> Iterator[tuple[int, str | None, str | None]]:
    labels = [[called(plan, y) for y in range(len(plan.problem.policy_years))] for plan in (sides.before, sides.after)]
    # A question without policies has no years of them: that is said of the policies.
    for y in range(max(map(len, labels)) if all(labels) else 0):
        was, now = (side[y] if y < len(side) else None for side in labels)
        yield y, was, now


def _policy(sides: Sides, path: str, was: Policy, now: Policy) -> Iterator[Weighed]:
    old, new = _premiums(sides.before, was), _premiums(sides.after, now)
    begun = _begun(sides.after)
    for year in dict.fromkeys([*old, *new]):
        one, other = old.get(year), new.get(year)
        if one != other and year not in begun:
            words = phrase("{policy}: premium of {year}", policy=now.name, year=year)
            yield COSTS, Changed(f"{path}.premiums.{year}", one, other, words, "money")
    # An offer that is only kept because it is in force asks for nothing any more.
    open_ = any(amount is not None for year, amount in new.items() if year not in begun)
    before, after = (", ".join(sides.names.get(name, name) for name in one.needs) or None for one in (was, now))
    if before != after and open_:
        yield COSTS, Changed(f"{path}.needs", before, after, phrase("{policy}: asks for", policy=now.name))
    for threat in dict.fromkeys([*was.terms, *now.terms]):
        yield from _terms(sides, path, now.name, threat, (was.terms.get(threat), now.terms.get(threat)))
    if was.annual_limit != now.annual_limit:
        words = phrase("{policy}: paid in a year, at most", policy=now.name)
        yield REST, Changed(f"{path}.annual_limit", was.annual_limit, now.annual_limit, words, "money")
    if was.title != now.title:
        yield REST, Changed(f"{path}.title", was.title, now.title, phrase("{name}: title", name=now.id))


def _premiums(plan: Plan, policy: Policy) -> dict[str, float | None]:
    return {called(plan, y): amount for y, amount in enumerate(policy.premiums)}


def _begun(plan: Plan) -> set[str]:
    return {called(plan, y) for y, year in enumerate(plan.problem.policy_years) if year.decided}


def _terms(
    sides: Sides, path: str, name: str, threat: str, both: tuple[Terms | None, Terms | None]
) -> Iterator[Weighed]:
    was, now = both
    titles = {one.id: one.name for one in (*sides.old.threats, *sides.new.threats)}
    title = titles.get(threat, threat)
    if was is None or now is None:
        there = (True if was else None, True if now else None)
        yield (
            COSTS,
            Changed(f"{path}.terms.{threat}", *there, phrase("{policy}: covers “{threat}”", policy=name, threat=title)),
        )
        return
    for field, (words, unit) in _TERMS.items():
        one, other = getattr(was, field), getattr(now, field)
        if one != other:
            what = phrase(words, policy=name, threat=title)
            yield COSTS, Changed(f"{path}.terms.{threat}.{field}", one, other, what, unit)
