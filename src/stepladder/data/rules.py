"""The rules of planning: the one list of what a plan must keep to, and of what each rule brings with it.

Whoever adds a rule adds a row here, and a test (``tests/project/test_rules.py``) then asks for all the rest: its fields
in ``data.classes``, its rows with their formula and their golden text, its check in the verifier, in drafts and in the
brute force of the tests, and what it is to give it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What a rule is as a demand that somebody could give up; see ``data.demand``. A ``fact`` is how things are.
Demanded = Literal["fact", "step", "budget", "team", "parallel", "excludes", "appetite", "achievement"]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name
        As verifier and drafts call it.
    says
        What holds in every plan.
    short
        What stands in the way of a step that would break it, where a plan says why it leaves one out.
    fields
        The fields of a problem that it reads, beside those that say how long steps take and what they are called.
    rows
        The functions of ``optimise.formulation.rules`` that write it; dates of single steps are no rows, because there
        are no variables outside them.
    demand
        What it is to who asks what would have to give way.
    before
        How plans that were written by earlier versions say ``short``.
    """

    name: str
    says: str
    short: str
    fields: tuple[str, ...]
    rows: tuple[str, ...]
    demand: Demanded
    before: str = ""


_WINDOW = ("Window.resource", "Window.from_", "Window.to", "Window.limit", "Problem.windows")
_RUNNING = ("Step.per_year", "Step.renew", "Renewal.every", "Renewal.once")
#: How much of what is paid once falls into each period.
_ONCE = ("Step.once", "Step.spread", "Problem.currency")
_ACHIEVED = (
    *("Problem.achievements", "Achievement.id", "Achievement.all", "Achievement.any", "Achievement.score"),
    *("Score.at_least", "Score.of"),
)
_ACHIEVING = ("achieved_variables", "achieved_all", "achieved_any", "achieved_score")
_POLICY_YEAR = ("PolicyYear.from_", "PolicyYear.to", "PolicyYear.decided", "PolicyYear.policy")
_CAP = (
    *("Appetite.from_", "Appetite.to", "Appetite.threat", "Appetite.expected_loss_per_year", "Problem.appetite"),
    *("Threat.expected_loss_per_year", "Threat.factors", "Problem.threats", "Problem.effect_lag"),
)
_EXCEEDANCE = (
    *("Exceedance.of", "Exceedance.above", "Exceedance.from_", "Exceedance.to", "Exceedance.threat"),
    *("Problem.exceedance", "Problem.threats", "Threat.factors", "Threat.events", "Threat.cheaper"),
    *("Events.per_year", "Events.median", "Events.sigma", "Problem.effect_lag"),
    *("Policy.terms", "Terms.retention", "Terms.limit", "Terms.share"),
)

#: What decides how much a policy leaves of a loss.
_TERMS = (
    *("Policy.terms", "Terms.retention", "Terms.limit", "Terms.share"),
    *("Threat.events", "Threat.cheaper", "Events.per_year", "Events.median", "Events.sigma"),
)

RULES: tuple[Rule, ...] = (
    Rule(
        "horizon",
        "every planned step starts and finishes within the horizon",
        "it cannot finish within the horizon",
        ("Problem.periods", "Step.duration"),
        ("started_variables", "once_started"),
        "fact",
    ),
    Rule(
        "earliest",
        "no step starts before its earliest period",
        "it may not start that early",
        ("Step.earliest",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "pinned_start",
        "every pinned step starts in its period",
        "its start is fixed",
        ("Step.start",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "latest_finish",
        "no planned step finishes after its deadline",
        "its deadline would be missed",
        ("Step.latest_finish",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "required",
        "every required or pinned step is planned",
        "it must be done",
        ("Step.required", "Step.start"),
        ("required",),
        "step",
    ),
    Rule(
        "needs",
        "everything a step needs is planned and finished, with its lag, before the step starts",
        "what it needs is not finished in time",
        ("Step.needs", "Need.step", "Need.lag"),
        ("needs",),
        "fact",
    ),
    Rule(
        "needs_any",
        "of every group of alternatives at least one is planned and finished, with its lag, before the step starts",
        "none of the alternatives it needs is finished in time",
        ("Step.needs_any", "Need.step", "Need.lag"),
        ("needs_any",),
        "fact",
    ),
    Rule(
        "needs_achievements",
        "every achievement that a step needs holds, with its lag, before the step starts",
        "an achievement it needs is not reached in time",
        ("Step.needs_achievements", "AchievementNeed.achievement", "AchievementNeed.lag", *_ACHIEVED),
        ("needs_achievements", *_ACHIEVING),
        "fact",
    ),
    Rule(
        "achievements",
        "every achievement that is asked for is reached in its last period or before",
        "an achievement that is asked for would be missed",
        ("Achievement.by", *_ACHIEVED),
        ("achieved", *_ACHIEVING),
        "achievement",
    ),
    Rule(
        "excludes",
        "no two steps that exclude each other are planned",
        "a step that excludes it is planned",
        ("Problem.excludes",),
        ("excludes",),
        "excludes",
    ),
    Rule(
        "policies",
        "in each policy year at most one policy is in force, one that is on offer then, or what is decided already",
        "another policy is in force in that year",
        ("Problem.policies", "Problem.policy_years", "Policy.id", "Policy.premiums", *_POLICY_YEAR),
        ("policies",),
        "fact",
    ),
    Rule(
        "policy_needs",
        "every step that a policy asks for is planned and finished before each year in which the policy is in force",
        "a policy in force asks for it",
        ("Policy.needs", "PolicyYear.from_"),
        ("policy_needs",),
        "fact",
    ),
    Rule(
        "max_parallel",
        "never more steps in work at once than allowed",
        "too many steps would be in work at once",
        ("Problem.max_parallel", "Problem.max_parallel_by_period"),
        ("max_parallel",),
        "parallel",
    ),
    Rule(
        "money",
        "money in every window is within its limit, to the currency's smallest coin",
        "too little is left of the budget",
        (*_WINDOW, *_ONCE, *_RUNNING, "Policy.premiums", "Period.years"),
        ("windows",),
        "budget",
        "the budget is used up",
    ),
    Rule(
        "money_once",
        "investment in every window is within its limit, to the currency's smallest coin",
        "too little is left of the investment budget",
        (*_WINDOW, *_ONCE),
        ("windows",),
        "budget",
        "the investment budget is used up",
    ),
    Rule(
        "money_per_year",
        "running cost in every window is within its limit",
        "too little is left of the budget for running cost",
        (*_WINDOW, *_RUNNING, "Policy.premiums", "Period.years"),
        ("windows",),
        "budget",
        "the budget for running cost is used up",
    ),
    Rule(
        "money_afterwards",
        "what planned steps go on costing a year is within every limit for it",
        "too little is left of the budget for what goes on costing afterwards",
        (*_WINDOW, *_RUNNING, "Renewal.a_year"),
        ("windows",),
        "budget",
    ),
    Rule(
        "teams",
        "every team's person-days in every window are within its limit",
        "the people have too few days left",
        (
            *_WINDOW,
            "Step.effort",
            "Step.effort_per_year",
            "Step.renew",
            "Renewal.every",
            "Renewal.effort",
            "Period.years",
        ),
        ("windows",),
        "team",
        "the people are fully used",
    ),
    Rule(
        "appetite",
        "expected loss is within the appetite whenever one holds",
        "expected loss would be above the appetite",
        (*_CAP, *_TERMS),
        ("appetite_of_threat", "appetite_of_all"),
        "appetite",
    ),
    Rule(
        "one_event",
        "the chance that an event of a year costs more than an amount is within its cap whenever one holds",
        "an event above an amount would be more likely than it may be",
        (*_EXCEEDANCE, "Exceedance.chance"),
        ("one_event",),
        "appetite",
    ),
    Rule(
        "year",
        "the chance that a year costs more than an amount is within its cap whenever one holds",
        "a year above an amount would be more likely than it may be",
        (*_EXCEEDANCE, "Exceedance.chance"),
        ("year",),
        "appetite",
    ),
    Rule(
        "excess",
        "what events are expected to cost beyond an amount is within its cap whenever one holds",
        "more would be expected beyond an amount than may be",
        (*_EXCEEDANCE, "Exceedance.per_year"),
        ("excess",),
        "appetite",
    ),
)
#: The rules that steps can only help to keep: caps on losses of some kind.
CAPS: frozenset[str] = frozenset(rule.name for rule in RULES if rule.demand == "appetite")
#: By name.
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
#: Fields that no rule reads: what steps, threats and times are called, and what the objective alone looks at.
NO_RULE = frozenset(
    (
        *("Problem.format", "Problem.title", "Problem.steps", "Problem.tail", "Problem.objective"),
        *("Period.label", "Period.start", "Period.end", "Period.discount", "Tail.years", "Tail.discount"),
        *("Step.id", "Step.title", "Step.value_once", "Step.value_per_year", "Step.points_per_year"),
        *("Achievement.title", "Achievement.points_per_year", "Threat.id", "Threat.title"),
        *("Window.label", "Problem.ongoing", "Ongoing.upkeep", "Ongoing.committed", "Ongoing.effort_per_year"),
        *("Policy.title", "Policy.annual_limit", "PolicyYear.label"),
    )
)
