"""What a maturity model says of steps together, as text: what needs what, what matters, what follows."""

from __future__ import annotations

from stepladder.analysis.model import Model
from stepladder.wording import numbers
from stepladder.wording.language import _, plural
from stepladder.wording.page import Page
from stepladder.wording.text import listed
from stepladder.wording.words import title

#: Achievements that are listed.
SHOWN = 12


def prerequisites(page: Page, model: Model, indent: int) -> None:
    """What needs what, beside the levels of one practice."""
    needs = model.index.catalogue.prerequisites
    soft = sum(need.soft for need in needs)
    page.heading(_("PREREQUISITES"))
    if not needs:
        page.say(_("None, but that each level needs the level below it."), indent)
        return
    parts = [numbers.whole(len(needs))]
    if soft:
        parts = [
            plural(
                "{needs}, of which {count} is advice only",
                "{needs}, of which {count} are advice only",
                soft,
                needs=parts[0],
                count=numbers.whole(soft),
            )
        ]
    catalogue = model.index.catalogue
    several, pairs = len(catalogue.needs_any), len(catalogue.excludes)
    if several:
        steps = numbers.count(several, "step")
        parts.append(plural("{steps} needs one of several", "{steps} need one of several", several, steps=steps))
    if pairs:
        parts.append(_("{pairs} cannot both be done", pairs=numbers.count(pairs, "pair")))
    parts.append(_("each level also needs the level below it"))
    where = _("All of them, with their reasons: stepladder catalogue {name} --json", name=model.name)
    page.say(f"{'; '.join(parts)}. {where}", indent)


def importance(page: Page, model: Model, indent: int) -> None:
    """How much practices matter by default; nothing where the catalogue does not say."""
    said = model.index.catalogue.importance
    if not said:
        return
    page.heading(_("IMPORTANCE"))
    default = said.get("default")
    others = len(said) - (default is not None)
    texts = [_("{tier} for everything that is not named", tier=default)] if isinstance(default, str) else []
    if others:
        names = numbers.count(others, "name")
        texts.append(plural("{names} of its own", "{names} of their own", others, names=names))
    counts = _("It counts with `objective: worth`; {where}", where=_all_of(model))
    page.say(f"{listed(texts, len(texts))}. {counts}", indent)


def achievements(page: Page, model: Model, indent: int) -> None:
    """What follows once certain steps are finished; nothing where the catalogue has none."""
    found = model.index.catalogue.achievements
    if not found:
        return
    page.heading(_("ACHIEVEMENTS"))
    for name, one in list(found.items())[:SHOWN]:
        conditions = numbers.count(len(one.conditions), "condition")
        page.say(f"{name} – {title(one.title)}: {conditions}.", indent, mark="- ", most=2)
    if len(found) > SHOWN:
        more = _("… and {count} more", count=numbers.whole(len(found) - SHOWN))
        page.say(f"{more}; {_all_of(model)}", indent)


def _all_of(model: Model) -> str:
    return _("all of them: stepladder catalogue {name} --json", name=model.name)
