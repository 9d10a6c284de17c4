"""One function for each family of variables and for each rule of a plan, its formula in the docstring.

Each takes the grid and gives rows as data: ``("needs", (3, 5, 2))``, in texts ``needs_3_5_2``, is step 3 needing
step 5 at period 2.
"""

from stepladder.optimise.formulation.rules.achieving import (
    achieved,
    achieved_all,
    achieved_any,
    achieved_score,
    needs_achievements,
)
from stepladder.optimise.formulation.rules.families import (
    achieved_variables,
    loss_variables,
    started_variables,
    starting_variables,
)
from stepladder.optimise.formulation.rules.insurance import policies, policy_needs
from stepladder.optimise.formulation.rules.limits import busy, max_parallel, use, windows
from stepladder.optimise.formulation.rules.loss import appetite_of_all, appetite_of_threat, tangent, tangents
from stepladder.optimise.formulation.rules.order import excludes, needs, needs_any, once_started, required, starting
from stepladder.optimise.formulation.rules.others import (
    better_than,
    cover,
    few_moves,
    more_in_place,
    no_worse,
    other_steps,
    other_than,
)
from stepladder.optimise.formulation.rules.states import state_variables, states
from stepladder.optimise.formulation.rules.tail import excess, one_event, year
from stepladder.optimise.formulation.rules.worth import gain_terms, risk_terms, spend_terms

__all__ = [
    "achieved",
    "achieved_all",
    "achieved_any",
    "achieved_score",
    "achieved_variables",
    "appetite_of_all",
    "appetite_of_threat",
    "better_than",
    "busy",
    "cover",
    "excess",
    "excludes",
    "few_moves",
    "gain_terms",
    "loss_variables",
    "max_parallel",
    "more_in_place",
    "needs",
    "needs_achievements",
    "needs_any",
    "no_worse",
    "once_started",
    "one_event",
    "other_steps",
    "other_than",
    "policies",
    "policy_needs",
    "required",
    "risk_terms",
    "spend_terms",
    "started_variables",
    "starting",
    "starting_variables",
    "state_variables",
    "states",
    "tangent",
    "tangents",
    "use",
    "windows",
    "year",
]
