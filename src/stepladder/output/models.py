"""A maturity model as text: which ids a scenario writes, what they are called, and what a step costs by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from stepladder.analysis.model import Default, Model
from stepladder.data.formats.catalogue import Group, Practice, StepCost
from stepladder.data.formats.estimate import Range, mean
from stepladder.data.resolving.index import Index
from stepladder.wording import numbers
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed
from stepladder.wording.words import title

INDENT = 2
#: Lines that a description takes at most.
LINES = 6


def models_text(items: Sequence[Model], style: Style | None = None) -> str:
    """The shipped catalogues, a line or two each, and how to look at one."""
    page = Page(style or Style())
    page.say("Shipped catalogues, by the name that a scenario writes after `catalogue:`", kind="bold")
    for one in items:
        page.say(f"{one.name}: {named(one.index)}; {size(one.index)}.", INDENT, mark="- ")
    page.say(
        f"All of one: stepladder catalogue {items[0].name if items else 'FILE'}; one of your own: stepladder catalogue"
        " FILE"
    )
    return page.text()


#: Achievements that are listed.
SHOWN = 12


def model_text(model: Model, style: Style | None = None) -> str:
    """A catalogue: scales and levels, practices by group, default costs, roles, threat types, prerequisites and
    target profiles.
    """
    page, index = Page(style or Style()), model.index
    page.say(named(index), kind="bold", most=2)
    page.say(f"{size(index)}.")
    for text in (index.catalogue.description, index.catalogue.source):
        if text:
            page.blank()
            page.say(text, most=LINES)
    _writing(page, model)
    _scales(page, index)
    _practices(page, index)
    _costs(page, model)
    _roles(page, index)
    _threats(page, index)
    _prerequisites(page, model)
    _importance(page, model)
    _achievements(page, model)
    _profiles(page, index)
    return page.text()


def named(index: Index) -> str:
    """``IoT Security Maturity Model 1.2``."""
    version = index.catalogue.version
    return title(index.catalogue.title) + (f" {clean(version)}" if version else "")


def size(index: Index) -> str:
    """How many practices, scales, steps, threat types and profiles, as words."""
    catalogue = index.catalogue
    steps = sum(len(index.levels(scale)) - 1 for place in index.places.values() for scale in place.scales)
    parts = [
        f"{numbers.count(len(index.places), 'practice')} in {numbers.count(len(index.groups), 'group')}",
        numbers.count(len(catalogue.scales), "scale"),
        numbers.count(steps, "step"),
        numbers.count(len(catalogue.threats), "threat type"),
        numbers.count(len(catalogue.profiles), "target profile"),
    ]
    return listed(parts, len(parts))


def _writing(page: Page, model: Model) -> None:
    """What a scenario writes, with ids of this catalogue."""
    index = model.index
    page.heading("HOW A SCENARIO REFERS TO IT")
    page.say(f"catalogue: {model.name}", INDENT)
    if not model.shipped:
        page.say("A path in a scenario starts from the scenario's folder.", INDENT, mark="- ")
    if not index.places:
        return
    practice, place = next(iter(index.places.items()))
    levels = ", ".join(f"{scale}: {index.levels(scale)[-1]}" for scale in place.scales)
    bare = (
        f", or {practice}: {index.levels(place.scales[0])[-1]}, as there is one scale" if len(place.scales) == 1 else ""
    )
    page.say(
        f"Levels stand by practice, group or default, then by scale: {practice}: {{{levels}}}{bare}.", INDENT, mark="- "
    )
    page.say(
        f"A step is practice.scale.level, such as {practice}.{place.scales[0]}.{index.levels(place.scales[0])[1]}.",
        INDENT,
        mark="- ",
    )
    page.say(
        f"An editor completes all of it with: stepladder schema scenario --catalogue {model.name}", INDENT, mark="- "
    )


def _scales(page: Page, index: Index) -> None:
    page.heading("SCALES AND THEIR LEVELS")
    for name, scale in index.catalogue.scales.items():
        page.say(_said(name, scale.title, scale.description), INDENT, most=LINES)
        for level in index.levels(name):
            info = scale.levels[level]
            page.say(_said("", info.name, info.description), 2 * INDENT, mark=f"{level}  ", most=LINES)


def _said(name: str, titled: str, description: str | None) -> str:
    """``name – Title: what it is``."""
    return (f"{name} – " if name else "") + title(titled) + (f": {description}" if description else "")


def _practices(page: Page, index: Index) -> None:
    page.heading("PRACTICES BY GROUP")
    _groups(page, index, index.catalogue.groups, 1)


def _groups(page: Page, index: Index, groups: Mapping[str, Group], depth: int) -> None:
    indent = min(depth, 8) * INDENT
    for name, group in groups.items():
        page.say(f"{name} – {title(group.name)}", indent, kind="bold")
        for key, practice in group.practices.items():
            page.say(f"{key} – {title(practice.name)}{_only(index, key, practice)}", indent + INDENT, mark="- ")
        _groups(page, index, group.groups, depth + 1)


def _only(index: Index, key: str, practice: Practice) -> str:
    """The scales of a practice that does not have all of them."""
    scales = index.places[key].scales if key in index.places else ()
    return (
        f" (only {listed(list(scales), len(scales))})"
        if practice.scales is not None and len(scales) < len(index.catalogue.scales)
        else ""
    )


def _costs(page: Page, model: Model) -> None:
    index = model.index
    page.heading("DEFAULT COST OF A STEP, BY THE LEVEL THAT IT REACHES")
    own = list(dict.fromkeys(cost.step.practice for cost in model.costs if cost.own))
    if not any(_any(cost) for cost in model.costs):
        page.say("The catalogue names no costs; write your own under `costs`.", INDENT)
        return
    shown = " A range is shown by its mean." if any(map(_ranged, model.costs)) else ""
    page.say(f"Money is in the scenario's currency; person-days are for the whole step.{shown}", INDENT)
    for name, scale in index.catalogue.scales.items():
        page.blank()
        page.say(f"{name}, where a practice says nothing else", INDENT)
        rows = [_row(level, scale.costs.get(level, StepCost())) for level in index.levels(name)[1:]]
        page.table(
            ("level", "once", "a year", "months", "person-days by role"), rows, "rrrrl", give=4, indent=2 * INDENT
        )
    page.blank()
    if own:
        which = numbers.count(len(own), "practice")
        page.say(
            f"{which} {'has' if len(own) == 1 else 'have'} figures of {'its' if len(own) == 1 else 'their'} own."
            f" {_rows_of(model)}",
            INDENT,
        )
    else:
        page.say(f"No practice has figures of its own. {_rows_of(model)}", INDENT)
    if index.catalogue.illustrative:
        page.say(index.catalogue.illustrative, INDENT, kind="warn", most=LINES)


def _any(cost: Default) -> bool:
    return bool(cost.effort or cost.effort_per_year) or (cost.once, cost.per_year, cost.months) != (None, None, None)


def _ranged(cost: Default) -> bool:
    days = (*cost.effort.values(), *cost.effort_per_year.values())
    return any(isinstance(value, BaseModel) for value in (cost.once, cost.per_year, cost.months, *days))


def _rows_of(model: Model) -> str:
    return f"Every step's cost, one row each, with what it rests on: stepladder catalogue {model.name} --csv"


def _row(level: int, cost: StepCost) -> list[str]:
    money = ["–" if amount is None else numbers.money(mean(amount)) for amount in (cost.once, cost.per_year)]
    months = "–" if cost.months is None else numbers.amount(mean(cost.months))
    return [
        str(level),
        *money,
        months,
        ", ".join([*_days(cost.effort), *_days(cost.effort_per_year, " a year")]) or "–",
    ]


def _days(by_role: Mapping[str, float | Range] | None, often: str = "") -> list[str]:
    """Person-days of each role: a range by its mean."""
    return [f"{role} {numbers.amount(mean(days))}{often}" for role, days in (by_role or {}).items()]


def _roles(page: Page, index: Index) -> None:
    page.heading("ROLES OF THE EFFORT")
    if not index.roles:
        page.say("The catalogue names no effort, so no team has work of it.", INDENT)
        return
    page.say(
        f"{', '.join(sorted(index.roles))}: a team of that name does a role's work, or one that lists it under"
        " `covers`.",
        INDENT,
    )


def _threats(page: Page, index: Index) -> None:
    page.heading("THREAT TYPES")
    if not index.catalogue.threats:
        page.say("None; a scenario's threats say by themselves what reduces them (`reduced_by`).", INDENT)
    for name, threat in index.catalogue.threats.items():
        practices = {practice for key in threat.reduced_by for practice in index.inside(key)}
        helps = f" Reduced by {numbers.count(len(practices), 'practice')}."
        page.say(f"{name} – {title(threat.title)}.{helps}", INDENT, mark="- ")


def _prerequisites(page: Page, model: Model) -> None:
    needs = model.index.catalogue.prerequisites
    soft = sum(need.soft for need in needs)
    page.heading("PREREQUISITES")
    if not needs:
        page.say("None, but that each level needs the level below it.", INDENT)
        return
    which = f", of which {numbers.whole(soft)} {'is' if soft == 1 else 'are'} advice only" if soft else ""
    catalogue = model.index.catalogue
    some = numbers.count(len(catalogue.needs_any), "step")
    which += f"; {some} {'needs' if len(catalogue.needs_any) == 1 else 'need'} one of several" * bool(
        catalogue.needs_any
    )
    pairs = numbers.count(len(catalogue.excludes), "pair")
    which += f"; {pairs} cannot both be done" * bool(catalogue.excludes)
    below = "; each level also needs the level below it"
    page.say(
        f"{numbers.whole(len(needs))}{which}{below}. All of them, with their reasons: stepladder catalogue {model.name}"
        " --json",
        INDENT,
    )


def _importance(page: Page, model: Model) -> None:
    """How much practices matter by default; nothing where the catalogue does not say."""
    said = model.index.catalogue.importance
    if not said:
        return
    page.heading("IMPORTANCE")
    default = said.get("default")
    others = len(said) - (default is not None)
    texts = [f"{default} for everything that is not named"] if isinstance(default, str) else []
    texts += [f"{numbers.count(others, 'name')} of {'its' if others == 1 else 'their'} own"] if others else []
    page.say(f"{listed(texts, len(texts))}. It counts with `objective: worth`; {_all_of(model)}", INDENT)


def _achievements(page: Page, model: Model) -> None:
    """What follows once certain steps are finished; nothing where the catalogue has none."""
    achievements = model.index.catalogue.achievements
    if not achievements:
        return
    page.heading("ACHIEVEMENTS")
    for name, one in list(achievements.items())[:SHOWN]:
        conditions = numbers.count(len(one.conditions), "condition")
        page.say(f"{name} – {title(one.title)}: {conditions}.", INDENT, mark="- ", most=2)
    if len(achievements) > SHOWN:
        page.say(f"… and {len(achievements) - SHOWN:,} more; {_all_of(model)}", INDENT)


def _all_of(model: Model) -> str:
    return f"all of them: stepladder catalogue {model.name} --json"


def _profiles(page: Page, index: Index) -> None:
    page.heading("TARGET PROFILES")
    if not index.catalogue.profiles:
        page.say("None; a scenario writes its targets itself, or names files of them under `profiles_from`.", INDENT)
    for name, profile in index.catalogue.profiles.items():
        page.say(_said(name, profile.title, profile.description), INDENT, mark="- ", most=LINES)
