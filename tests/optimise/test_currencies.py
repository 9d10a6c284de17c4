"""Problems in currencies with no decimals, two and three: spread exactly, planned as the brute force plans, verified,
and exported to the last coin.

A tenth is tried by default; the whole with STEPLADDER_FULL=1.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from lxml import etree

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate, exact
from stepladder.evaluate.tables import Tables
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import find
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation.soft import lacking
from stepladder.solution import make_plan
from stepladder.solution.recount import total
from stepladder.solution.verify import broken_rules, verify
from tests.support import handmade
from tests.support.brute import Brute, answer, near
from tests.support.problems import problem
from tests.support.sizes import size

SEEDS = range(size(140))
UNITS = {"EUR": 100, "JPY": 1, "KWD": 1000, "XYZ": 100}


def in_currency(seed: int, currency: str) -> dict[str, Any]:
    """A small problem whose amounts are whole numbers of a currency's smallest units, and few of them, so that
    remainders matter.
    """
    rng, units = random.Random(seed), UNITS[currency]
    made = {**problem(seed), "currency": currency}
    for step in made["steps"]:
        step["once"] = rng.randint(1, 10 ** rng.randint(1, 5)) / units
        step["per_year"] = rng.randint(0, 4000) / units
    for window in made.get("windows", ()):
        if window["resource"].startswith("money"):
            window["limit"] = rng.randint(10, 10**5) / units
    for threat in made["threats"]:
        threat["expected_loss_per_year"] = rng.randint(10**4, 10**6) / units
    for cap in made.get("appetite", ()):
        cap["expected_loss_per_year"] = cap["expected_loss_per_year"] / units
    return made


def record(made: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(made))


@pytest.mark.parametrize("currency", UNITS)
def test_an_investment_is_spread_to_the_last_coin(currency: str) -> None:
    rng = random.Random(7)
    for _ in range(size(500)):
        count, duration = rng.randint(0, 10 ** rng.randint(1, 12)), rng.randint(1, 12)
        periods = [{"label": f"P{t}", "years": 0.25, "discount": 1.0} for t in range(12)]
        once = count / UNITS[currency]
        asked = record(
            {
                "format": "stepladder-problem/1",
                "currency": currency,
                "periods": periods,
                "steps": [{"id": "a", "once": once, "duration": duration}],
            }
        )
        ledger, tables, start = Ledger(asked), Tables(Ledger(asked)), rng.randint(0, 12 - duration)
        used = [Fraction(units, ledger.unit["money"]) for units in ledger.use(asked.steps[0], start, "money")]
        # By hand: so many whole coins in each period, and what is left of them in the last.
        each = Fraction(count // duration, UNITS[currency])
        last = exact(once) - each * (duration - 1)
        assert used[start : start + duration] == [*[each] * (duration - 1), last]
        assert sum(used) == exact(once)
        assert total(asked, {"a": asked.steps[0]}, {"a": start}, "money") == used
        assert [
            Fraction(int(units), tables.ledger.unit["money"])
            for units in next(tables.uses("money").by_period())[1][0, start]
        ] == used
        assert all((part * UNITS[currency]).denominator == 1 for part in used)


@pytest.mark.parametrize("currency", UNITS)
def test_rules_and_figures_of_every_plan_equal_the_brute_force(currency: str) -> None:
    rng = random.Random(3)
    for seed in SEEDS:
        made = in_currency(seed, currency)
        held = record(made)
        ledger, plans = Ledger(held), list(Brute(made).plans())
        tables = Tables(ledger)
        for tried in rng.sample(plans, min(40, len(plans))):
            found = evaluate(ledger, tried.starts)
            kinds = {
                "team" if held.windows[k].resource[:5] != "money" else held.windows[k].resource for k in found.exceeded
            }
            assert kinds == tried.broken & {"money", "money_once", "money_per_year", "team"}, (seed, tried.starts)
            assert near(found.spend, tried.spend)
            assert bool(broken_rules(held, tried.starts)) == bool(tried.broken)
            assert near(
                sum(float(tables.spend[tables.number[name], start]) for name, start in tried.starts.items()),
                tried.spend,
            )


@pytest.mark.parametrize("currency", UNITS)
def test_answers_equal_the_brute_force_and_are_verified(currency: str) -> None:
    for seed in SEEDS:
        made = in_currency(seed, currency)
        expected, found = answer(made).best, optimise(record(made), Options(gap=0.0))
        assert (expected is None) == (found.status == "infeasible"), seed
        if expected is not None:
            assert found.value is not None
            assert near(found.value, expected[0]), (seed, found.value, expected)
            assert verify(make_plan(record(made), found)) == []


@pytest.mark.parametrize("currency", UNITS)
def test_missing_money_is_a_whole_number_of_coins_and_none_of_them_too_many(currency: str) -> None:
    periods = [{"label": f"P{t}", "years": 0.25, "discount": 1.0} for t in range(4)]
    once, limit = 1001 / UNITS[currency], 500 / UNITS[currency]
    windows = [{"resource": "money", "from": 0, "to": 3, "limit": limit}]
    asked = record(
        {
            "format": "stepladder-problem/1",
            "currency": currency,
            "periods": periods,
            "steps": [{"id": "a", "once": once}],
            "windows": windows,
        }
    )
    assert lacking(Ledger(asked), {"a": 0}, asked.windows, UNITS[currency]) == [0, 0, 0, 501]


# -- files ---------------------------------------------------------------------------------------------------------


def plan_in(currency: str) -> Any:
    """The plan made by hand, with an odd number of coins for each step."""
    units, base = UNITS[currency], handmade.problem()
    costs = {
        step.id: (float(int(step.once)) + (7 + 4 * k) / units, float(int(step.per_year)) + 3 / units)
        for k, step in enumerate(base.steps)
    }
    steps = tuple(
        step.model_copy(update={"once": costs[step.id][0], "per_year": costs[step.id][1]}) for step in base.steps
    )
    return handmade.plan(base.model_copy(update={"currency": currency, "steps": steps}))


def amounts(name: str, text: bytes) -> list[str]:
    """Investments as a file has them."""
    if name in ("csv", "csv-machine"):
        rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
        return [row["Once" if name == "csv" else "once"] for row in rows]
    if name == "taskjuggler":
        return re.findall(r"charge ([\d.]+) onstart", text.decode())
    tree = etree.fromstring(text)
    # Microsoft's amounts are hundredths, whatever the currency.
    named = ((task.findtext("{*}UID"), task.findtext("{*}Name")) for task in tree.iterfind(".//{*}Task"))
    by_step = {number: Decimal(0) for number, title in named if str(title).startswith("SL-")}
    for held in tree.iterfind(".//{*}Assignment"):
        if held.findtext("{*}TaskUID") in by_step and held.find("{*}Cost") is not None:
            by_step[held.findtext("{*}TaskUID")] += Decimal(str(held.findtext("{*}Cost"))) / 100
    return [str(amount) for amount in by_step.values()]


@pytest.mark.parametrize("name", ["csv", "csv-machine", "taskjuggler", "mspdi"])
@pytest.mark.parametrize("currency", UNITS)
def test_exported_amounts_add_up_to_the_last_coin(currency: str, name: str) -> None:
    made = plan_in(currency)
    wanted = [exact(step.once) for step in made.problem.steps if step.id in made.starts]
    held = amounts(name, find(name).write(breakdown(made)))
    assert sorted(map(Fraction, held)) == sorted(wanted)
    if name != "mspdi":
        assert {len(text.partition(".")[2]) for text in held} == {len(str(UNITS[currency])) - 1}


@pytest.mark.parametrize(
    ("currency", "digits", "form"), [("EUR", "2", "#,##0.00"), ("JPY", "0", "#,##0"), ("KWD", "3", "#,##0.000")]
)
def test_files_that_say_how_money_is_written(currency: str, digits: str, form: str) -> None:
    whole = breakdown(plan_in(currency))
    assert etree.fromstring(find("mspdi").write(whole)).findtext("{*}CurrencyDigits") == digits
    styles = zipfile.ZipFile(io.BytesIO(find("xlsx").write(whole))).read("xl/styles.xml").decode()
    written = re.findall(r'formatCode="([^"]*)"', styles)
    # Excel's own formats 3 and 4 are #,##0 and #,##0.00.
    assert form in written or f'numFmtId="{ {"#,##0": 3, "#,##0.00": 4}[form] }"' in styles
    assert not {"#,##0.00", "#,##0.000"} - {form} & set(written)


def test_pages_have_no_decimals_of_a_currency_that_has_none() -> None:
    from stepladder.output.terminal import plan_text

    base = handmade.problem(currency="JPY", title="Line")
    small = [step.model_copy(update={"once": 7.0 * k, "per_year": 3.0}) for k, step in enumerate(base.steps)]
    threats = [threat.model_copy(update={"expected_loss_per_year": 333.0}) for threat in base.threats]
    made = handmade.plan(
        base.model_copy(update={"steps": tuple(small), "threats": tuple(threats), "appetite": ()}),
        told=handmade.context(notes=[]),
    )
    assert re.findall(r"\d\.\d\d JPY", plan_text(made, full=True)) == []
