"""A maturity model as text: which ids a scenario writes, what they are called, and what a step costs by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from stepladder.analysis.model import Default, Model
from stepladder.data.formats.catalogue import Group, Practice, StepCost
from stepladder.data.formats.estimate import Range, mean
from stepladder.data.resolving.index import Index
from stepladder.output.model_parts import achievements, importance, prerequisites
from stepladder.wording import numbers
from stepladder.wording.language import _, plural
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed
from stepladder.wording.words import title

INDENT = 2
#: Lines that a description takes at most.
LINES = 6


def models_text(items: Sequence[Model], style: Style | None = None) -> str:
    """The shipped catalogues, a line or two each, and how to look at one."""
    page = Page(style or Style())
    page.say(_("Shipped catalogues, by the name that a scenario writes after `catalogue:`"), kind="bold")
    for one in items:
        page.say(f"{one.name}: {named(one.index)}; {size(one.index)}.", INDENT, mark="- ")
    page.say(
        _(
            "All of one: stepladder catalogue {name}; one of your own: stepladder catalogue FILE",
            name=items[0].name if items else "FILE",
        )
    )
    return page.text()


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
    prerequisites(page, model, INDENT)
    importance(page, model, INDENT)
    achievements(page, model, INDENT)
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
        _(
            "{practices} in {groups}",
            practices=numbers.count(len(index.places), "practice"),
            groups=numbers.count(len(index.groups), "group"),
        ),
        numbers.count(len(catalogue.scales), "scale"),
        numbers.count(steps, "step"),
        numbers.count(len(catalogue.threats), "threat type"),
        numbers.count(len(catalogue.profiles), "target profile"),
    ]
    return listed(parts, len(parts))


def _writing(page: Page, model: Model) -> None:
    """What a scenario writes, with ids of this catalogue."""
    index = model.index
    page.heading(_("HOW A SCENARIO REFERS TO IT"))
    page.say(f"catalogue: {model.name}", INDENT)
    if not model.shipped:
        page.say(_("A path in a scenario starts from the scenario's folder."), INDENT, mark="- ")
    if not index.places:
        return
    practice, place = next(iter(index.places.items()))
    levels = ", ".join(f"{scale}: {index.levels(scale)[-1]}" for scale in place.scales)
    written = {"levels": f"{practice}: {{{levels}}}", "level": f"{practice}: {index.levels(place.scales[0])[-1]}"}
    said = (
        _("Levels stand by practice, group or default, then by scale: {levels}.", **written)
        if len(place.scales) != 1
        else _(
            "Levels stand by practice, group or default, then by scale: {levels}, or {level}, as there is one scale.",
            **written,
        )
    )
    page.say(said, INDENT, mark="- ")
    step = f"{practice}.{place.scales[0]}.{index.levels(place.scales[0])[1]}"
    page.say(_("A step is practice.scale.level, such as {step}.", step=step), INDENT, mark="- ")
    said = _("An editor completes all of it with: stepladder schema scenario --catalogue {name}", name=model.name)
    page.say(said, INDENT, mark="- ")


def _scales(page: Page, index: Index) -> None:
    page.heading(_("SCALES AND THEIR LEVELS"))
    for name, scale in index.catalogue.scales.items():
        page.say(_said(name, scale.title, scale.description), INDENT, most=LINES)
        for level in index.levels(name):
            info = scale.levels[level]
            page.say(_said("", info.name, info.description), 2 * INDENT, mark=f"{level}  ", most=LINES)


def _said(name: str, titled: str, description: str | None) -> str:
    """``name – Title: what it is``."""
    return (f"{name} – " if name else "") + title(titled) + (f": {description}" if description else "")


def _practices(page: Page, index: Index) -> None:
    page.heading(_("PRACTICES BY GROUP"))
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
        f" ({_('only {scales}', scales=listed(list(scales), len(scales)))})"
        if practice.scales is not None and len(scales) < len(index.catalogue.scales)
        else ""
    )


def _costs(page: Page, model: Model) -> None:
    index = model.index
    page.heading(_("DEFAULT COST OF A STEP, BY THE LEVEL THAT IT REACHES"))
    own = list(dict.fromkeys(cost.step.practice for cost in model.costs if cost.own))
    if not any(_any(cost) for cost in model.costs):
        page.say(_("The catalogue names no costs; write your own under `costs`."), INDENT)
        return
    shown = [_("A range is shown by its mean.")] if any(map(_ranged, model.costs)) else []
    page.say(" ".join([_("Money is in the scenario's currency; person-days are for the whole step."), *shown]), INDENT)
    for name, scale in index.catalogue.scales.items():
        page.blank()
        page.say(_("{scale}, where a practice says nothing else", scale=name), INDENT)
        rows = [_row(level, scale.costs.get(level, StepCost())) for level in index.levels(name)[1:]]
        head = (_("level"), _("once"), _("a year"), _("months"), _("person-days by role"))
        page.table(head, rows, "rrrrl", give=4, indent=2 * INDENT)
    page.blank()
    which = (
        plural(
            "{practices} has figures of its own.",
            "{practices} have figures of their own.",
            len(own),
            practices=numbers.count(len(own), "practice"),
        )
        if own
        else _("No practice has figures of its own.")
    )
    page.say(f"{which} {_rows_of(model)}", INDENT)
    if index.catalogue.illustrative:
        page.say(index.catalogue.illustrative, INDENT, kind="warn", most=LINES)


def _any(cost: Default) -> bool:
    return bool(cost.effort or cost.effort_per_year) or (cost.once, cost.per_year, cost.months) != (None, None, None)


def _ranged(cost: Default) -> bool:
    days = (*cost.effort.values(), *cost.effort_per_year.values())
    return any(isinstance(value, BaseModel) for value in (cost.once, cost.per_year, cost.months, *days))


def _rows_of(model: Model) -> str:
    return _(
        "Every step's cost, one row each, with what it rests on: stepladder catalogue {name} --csv", name=model.name
    )


def _row(level: int, cost: StepCost) -> list[str]:
    money = ["–" if amount is None else numbers.money(mean(amount)) for amount in (cost.once, cost.per_year)]
    months = "–" if cost.months is None else numbers.amount(mean(cost.months))
    return [
        str(level),
        *money,
        months,
        ", ".join([*_days(cost.effort), *(_("{days} a year", days=one) for one in _days(cost.effort_per_year))]) or "–",
    ]


def _days(by_role: Mapping[str, float | Range] | None) -> list[str]:
    """Person-days of each role: a range by its mean."""
    return [f"{role} {numbers.amount(mean(days))}" for role, days in (by_role or {}).items()]


def _roles(page: Page, index: Index) -> None:
    page.heading(_("ROLES OF THE EFFORT"))
    if not index.roles:
        page.say(_("The catalogue names no effort, so no team has work of it."), INDENT)
        return
    page.say(
        _(
            "{roles}: a team of that name does a role's work, or one that lists it under `covers`.",
            roles=", ".join(sorted(index.roles)),
        ),
        INDENT,
    )


def _threats(page: Page, index: Index) -> None:
    page.heading(_("THREAT TYPES"))
    if not index.catalogue.threats:
        page.say(_("None; a scenario's threats say by themselves what reduces them (`reduced_by`)."), INDENT)
    for name, threat in index.catalogue.threats.items():
        practices = {practice for key in threat.reduced_by for practice in index.inside(key)}
        helps = _("Reduced by {practices}.", practices=numbers.count(len(practices), "practice"))
        page.say(f"{name} – {title(threat.title)}. {helps}", INDENT, mark="- ")


def _profiles(page: Page, index: Index) -> None:
    page.heading(_("TARGET PROFILES"))
    if not index.catalogue.profiles:
        said = _("None; a scenario writes its targets itself, or names files of them under `profiles_from`.")
        page.say(said, INDENT)
    for name, profile in index.catalogue.profiles.items():
        page.say(_said(name, profile.title, profile.description), INDENT, mark="- ", most=LINES)
