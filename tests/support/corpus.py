"""Bad scenarios, catalogues, problems and plans: each names the code that it must get, and marks the very place with §.

A file is a good one with one part exchanged, so that nothing else can be wrong with it. ``§`` stands where the issue
must be reported and is taken out before the file is written; several marks belong to several codes, in the order of the
file.
"""

from __future__ import annotations

from typing import NamedTuple

MARK = "§"

GOOD = """\
format: stepladder-scenario/1
catalogue: catalogue.yaml
title: Mill
horizon: {start: 2027-01-01, periods: 8}
current:
  default: {depth: 1, reach: 1}
target:
  default: {depth: 2, reach: 1}
  access: {depth: 3}
threats:
  theft:
    type: theft
    events_per_year: 0.2
    loss_per_event: {low: 10000, likely: 40000, high: 90000}
budget: {amount: 40000}
teams:
  security: {capacity: {amount: 12}}
milestones:
  law: {title: The law, by: 2027-12-11, reach: {alarms: {depth: 2}}, reason: It applies.}
pins:
  access.depth.2: {earliest: 2027-Q2}
appetite:
  cap: {expected_loss_per_year: 9000, from: 2028-Q4}
committed:
  contract: {title: Contract, amount: 100, from: 2027-Q1, to: 2027-Q2}
overrides:
  more: {budget: {amount: 50000}}
scenarios:
  rich: [more]
"""


#: Where a loss is exchanged for one that can be insured, and a policy is added.
INSURABLE = (
    "    loss_per_event: {low: 10000, likely: 40000, high: 90000}\n",
    "    loss_per_event: {median: 40000, p95: 90000}\ninsurance:\n  basic: {@}\n",
)


class Bad(NamedTuple):
    """One bad file."""

    name: str
    codes: tuple[str, ...]
    old: str
    new: str
    hint: str


def bad(name: str, codes: str, old: str, new: str, hint: str = "") -> Bad:
    assert new.count(MARK) == len(codes.split()), name
    return Bad(name, tuple(codes.split()), old, new, hint)


SCENARIOS = [
    # -- the text itself
    bad("empty", "SL010", GOOD, "§", "stepladder init"),
    bad("only_a_comment", "SL010", GOOD, "§# nothing yet\n", "stepladder init"),
    bad("not_yaml", "SL002", "title: Mill", "title: Mill§: x: [", "indentation"),
    bad("tab", "SL002", "  default: {depth: 1, reach: 1}", "§\tdefault: {depth: 1}", "indentation"),
    bad("open_quote", "SL002", "reason: It applies.}\npins:", "reason: §'It applies.}\npins:", "quotes"),
    bad("duplicate_key", "SL003", "title: Mill", "title: Mill\n§title: Other", "first in line 3"),
    bad("duplicate_key_nested", "SL003", "{amount: 40000}", "{amount: 40000, §amount: 1}", "stands twice"),
    bad("two_documents", "SL011", "  rich: [more]\n", "  rich: [more]\n§---\na: 1\n", "one document"),
    bad("tag", "SL005", "title: Mill", "title: §!!python/object:os.system Mill", "remove it"),
    bad("binary_tag", "SL005", "title: Mill", "title: §!!binary TWlsbA==", "remove it"),
    bad(
        "merge_key",
        "SL005",
        "  more: {budget: {amount: 50000}}",
        "  more: {§<<: {title: x}, budget: {amount: 50000}}",
        "merge",
    ),
    bad("alias_unknown", "SL005", "title: Mill", "title: §*nobody", "define it"),
    bad(
        "deep",
        "SL007",
        "  more: {budget: {amount: 50000}}",
        "  more: {description: " + "[" * 57 + "§[" + "]" * 58 + "}",
        "flatten",
    ),
    bad("root_is_a_list", "SL103", GOOD, "§- format: stepladder-scenario/1\n", "mapping"),
    bad("root_is_text", "SL103", GOOD, "§hello\n", "mapping"),
    # -- words and numbers that read two ways
    bad("yes", "SL004", "title: Mill", "title: §yes", '"yes"'),
    bad("on_as_key", "SL004", "  security: {capacity", "  §on: {capacity", '"on"'),
    bad("octal", "SL004", "periods: 8", "periods: §012", "decimal"),
    bad("hexadecimal", "SL004", "{amount: 40000}", "{amount: §0x1F}", "decimal"),
    bad("sexagesimal", "SL004", "{amount: 40000}", "{amount: §1:30}", "decimal"),
    bad("underscores", "SL004", "{amount: 40000}", "{amount: §40_000}", "decimal"),
    bad("not_a_number", "SL006", "{amount: 40000}", "{amount: §.nan}", "finite"),
    bad("infinite", "SL006", "{amount: 40000}", "{amount: §.inf}", "finite"),
    bad("overflow", "SL006", "{amount: 40000}", "{amount: §1.0e+999}", "finite"),
    # -- keys and types
    bad("unknown_key", "SL101", "title: Mill", "§tittle: Mill", "'title'"),
    bad("unknown_key_nested", "SL101", "{amount: 40000}", "{amount: 40000, §carryover: free}", "'carry_over'"),
    bad(
        "missing_budget",
        "SL102",
        GOOD,
        "§"
        + GOOD.replace("budget: {amount: 40000}\n", "").replace(
            "  more: {budget: {amount: 50000}}", "  more: {title: x}"
        ),
        "budget",
    ),
    bad("no_amount", "SL102", "budget: {amount: 40000}", "§budget: {carry_over: free}", "amount"),
    bad(
        "no_loss",
        "SL102",
        "  theft:\n    type: theft\n    events_per_year: 0.2\n    loss_per_event: {low: 10000, likely: 40000, high:"
        " 90000}\n",
        "  §theft:\n    type: theft\n",
        "events_per_year",
    ),
    bad("text_for_a_number", "SL103", "{amount: 40000}", "{amount: §a lot}", "number"),
    bad("quoted_number", "SL103", "periods: 8", 'periods: §"8"', "whole number"),
    bad("fraction_of_a_period", "SL103", "periods: 8", "periods: §8.5", "whole number"),
    bad("number_for_text", "SL103", "title: Mill", "title: §7", "quotes"),
    bad("list_for_a_mapping", "SL103", "budget: {amount: 40000}", "budget: §[40000]", "mapping"),
    bad("nothing_for_a_mapping", "SL103", "budget: {amount: 40000}", "budget:§", "mapping"),
    bad("truth_for_a_number", "SL103", "periods: 8", "periods: §true", "whole number"),
    bad("mapping_for_a_list", "SL103", "  rich: [more]", "  rich: §{more: 1}", "list"),
    # -- values
    bad("negative_money", "SL104", "{amount: 40000}", "{amount: §-1}", "at least 0"),
    bad("tenth_of_a_cent", "SL104", "amount: 100,", "amount: §100.005,", "two decimals"),
    bad("too_much_money", "SL104", "{amount: 40000}", "{amount: §1.0e+14}", "at most"),
    bad("no_period", "SL104", "periods: 8", "periods: §0", "at least 1"),
    bad("strange_period", "SL104", "periods: 8", "periods: 8, period: §week", "quarter"),
    bad("impossible_date", "SL104", "start: 2027-01-01", "start: §2027-02-30", "2027-12-11"),
    bad("far_too_late", "SL104", "start: 2027-01-01", "start: §9999-10-01", "too late"),
    bad("middle_of_a_month", "SL104", "start: 2027-01-01", "start: §2027-01-15", "first of a month"),
    bad(
        "fiscal_year_inside_a_period",
        "SL312",
        "periods: 8}",
        "periods: 8, fiscal_year_starts: §2}",
        "or period: month, or",
    ),
    bad(
        "one_year_under_two_names",
        "SL308",
        GOOD,
        GOOD.replace("periods: 8}", "periods: 8, fiscal_year_starts: 4}").replace(
            "amount: 40000}", "amount: {default: 3000, §2027: 1000, 2027/28: 2000}}"
        ),
        "same year",
    ),
    bad("pin_before_the_horizon", "SL304", "{earliest: 2027-Q2}", "{start: §2026-07-01}", "2027-01-01"),
    bad(
        "commitment_before_the_horizon",
        "SL304",
        "from: 2027-Q1, to: 2027-Q2",
        "from: §2026-12-31",
        "let it begin there",
    ),
    bad(
        "estimate_out_of_order",
        "SL104",
        "{low: 10000, likely: 40000, high: 90000}",
        "§{low: 10000, likely: 4000, high: 90000}",
        "ascending",
    ),
    bad(
        "percentile_below_median",
        "SL104",
        "{low: 10000, likely: 40000, high: 90000}",
        "§{median: 10000, p95: 4000}",
        "median",
    ),
    bad(
        "two_answers",
        "SL104",
        "    events_per_year: 0.2",
        "    expected_loss_per_year: §5\n    events_per_year: 0.2",
        "either",
    ),
    bad(
        "share_above_all",
        "SL104",
        "    type: theft",
        "    type: theft\n    reduced_by: {access: {depth: {1: §120%}}}",
        "less than 1",
    ),
    bad(
        "share_in_words",
        "SL104",
        "    type: theft",
        "    type: theft\n    reduced_by: {access: {depth: {1: §half}}}",
        "25%",
    ),
    bad(
        "falling_shares",
        "SL310",
        "    type: theft",
        "    type: theft\n    reduced_by: {assets: {depth: {1: 20%, 2: §10%}}}",
        "fall",
    ),
    bad(
        "wrong_format",
        "SL104",
        "format: stepladder-scenario/1",
        "format: §stepladder-scenario/9",
        "stepladder-scenario/1",
    ),
    bad("lower_case_currency", "SL105", "title: Mill", "title: Mill\ncurrency: §eur", "form"),
    bad("team_with_capital", "SL105", "  security: {capacity", "  §Security: {capacity", "small letters"),
    bad("team_called_money", "SL105", "  security: {capacity", "  §money: {capacity", "rename"),
    bad("control_character", "SL104", "title: Mill", 'title: §"Mi\\x07ll"', "control"),
    bad("empty_title", "SL104", "title: Mill", "title: §''", "empty"),
    # -- names that mean nothing
    bad("unknown_practice", "SL201", "  access: {depth: 3}", "  §acces: {depth: 3}", "'access'"),
    bad("unknown_scale", "SL202", "  access: {depth: 3}", "  access: {§deep: 3}", "depth"),
    bad("unknown_level", "SL203", "  access: {depth: 3}", "  access: {depth: §4}", "0 to 3"),
    bad("unknown_step", "SL201", "  access.depth.2: {earliest", "  §acess.depth.2: {earliest", "'access'"),
    bad(
        "step_without_level",
        "SL204",
        "  access.depth.2: {earliest",
        "  §access.depth: {earliest",
        "practice.scale.level",
    ),
    bad(
        "pin_above_the_target",
        "SL306",
        "  access.depth.2: {earliest",
        "  §assets.depth.3: {earliest",
        "raise the target",
    ),
    bad("unknown_team", "SL205", "amount: 100,", "amount: 100, effort: {§securty: 1},", "'security'"),
    bad(
        "unknown_role",
        "SL205",
        "  security: {capacity: {amount: 12}}",
        "  guards: {capacity: {amount: 12}, covers: [§securiti]}",
        "'security'",
    ),
    bad("unknown_threat_type", "SL206", "    type: theft", "    type: §thft", "'theft'"),
    bad("unknown_threat_in_a_cap", "SL206", "  cap: {expected", "  cap: {threat: §thefts, expected", "'theft'"),
    bad(
        "insured_threat_without_spread",
        "SL102",
        "teams:\n",
        "insurance:\n  §basic: {premium: 10, limit: 100}\nteams:\n",
        "{median, p95}",
    ),
    *(
        bad(f"insurance_{name}", code, INSURABLE[0], INSURABLE[1].replace("@", text), hint)
        for name, code, text, hint in (
            ("covers_nobody", "SL206", "premium: 10, limit: 100, covers: {§thef: {}}", "'theft'"),
            (
                "requires_unknown_practice",
                "SL201",
                "premium: 10, limit: 100, requires: {§acces: {depth: 2}}",
                "'access'",
            ),
            (
                "requires_unknown_level",
                "SL203",
                "premium: 10, limit: 100, requires: {access: {depth: §9}}",
                "levels 0 to 3",
            ),
            ("premium_of_no_year", "SL304", "premium: {§2031: 10}, limit: 100", "2027, 2028"),
            ("premium_finer_than_a_cent", "SL104", "premium: §10.005, limit: 100", "0.01"),
            ("limit_of_nothing", "SL104", "premium: 10, limit: §0", "more than 0"),
            ("retention_below_nothing", "SL104", "premium: 10, limit: 100, retention: §-1", "at least 0"),
            ("share_of_more_than_all", "SL104", "premium: 10, limit: 100, share: §120%", "too large"),
            ("share_of_nothing", "SL104", "premium: 10, limit: 100, share: §0", "more than 0"),
        )
    ),
    bad("insurance_without_limit", "SL102", "teams:\n", "insurance: {§basic: {premium: 10}}\nteams:\n", "'limit'"),
    bad(
        "policy_year_inside_a_period",
        "SL312",
        "periods: 8}",
        "periods: 8, policy_year_starts: §5}",
        "together with a period",
    ),
    bad("unknown_year", "SL207", "{amount: 40000}", "{amount: {default: 1000, §2031: 5}}", "2027"),
    bad("unknown_system", "SL208", "pins:\n", "costs: {steps: {§line_b/access.depth.2: {once: 5}}}\npins:\n", "system"),
    bad("unknown_profile", "SL209", "target:", "profile: §usuel\ntarget:", "'usual'"),
    bad("unknown_override", "SL210", "  rich: [more]", "  rich: [§mor]", "'more'"),
    bad("unknown_catalogue", "SL211", "catalogue: catalogue.yaml", "catalogue: §iot_sm", "iot_smm"),
    bad(
        "catalogue_with_an_endless_name",
        "SL211",
        "catalogue: catalogue.yaml",
        "catalogue: §" + "a" * 3000,
        "unknown catalogue",
    ),
    bad("catalogue_file_missing", "SL211", "catalogue: catalogue.yaml", "catalogue: §nowhere.yaml", "nowhere"),
    # -- things that do not go together
    bad(
        "cycle",
        "SL301",
        "pins:\n",
        "§prerequisites:\n- {step: assets.depth.2, needs: alarms.depth.2, why: x, source: own}\npins:\n",
        "alarms.depth.2 needs assets.depth.2 needs alarms.depth.2",
    ),
    bad(
        "target_below_current",
        "SL303",
        "  default: {depth: 2, reach: 1}\n  access: {depth: 3}",
        "  default: {depth: 2, reach: 1}\n  access: {depth: 3}\n  assets: {depth: §0}",
        "lower `current`",
    ),
    bad(
        "date_outside",
        "SL304",
        "  law: {title: The law, by: 2027-12-11",
        "  law: {title: The law, by: §2030-12-11",
        "2028-12-31",
    ),
    bad("pin_outside", "SL304", "{earliest: 2027-Q2}", "{earliest: §2031-Q2}", "2028-12-31"),
    bad("commitment_outside", "SL304", "from: 2027-Q1, to: 2027-Q2", "from: §2031-Q1", "2028-12-31"),
    bad(
        "committed_too_much",
        "SL307",
        "committed:\n  contract: {title: Contract, amount: 100,",
        "§committed:\n  contract: {title: Contract, amount: 50000,",
        "committed",
    ),
    bad(
        "role_covered_twice",
        "SL308",
        "  security: {capacity: {amount: 12}}",
        "  a: {capacity: {amount: 1}, covers: [security]}\n  b: {capacity: {amount: 1}, covers: [§security]}",
        "already",
    ),
    bad(
        "excludes_itself",
        "SL309",
        "pins:\n",
        "excludes:\n- §{steps: [access.depth.2, access.depth.2]}\npins:\n",
        "two different",
    ),
    # -- names and dates in every table
    bad("costs_of_no_practice", "SL201", "pins:\n", "costs: {practices: {§acces: {factor: 2}}}\npins:\n", "'access'"),
    bad(
        "costs_for_no_team",
        "SL205",
        "pins:\n",
        "costs: {steps: {access.depth.2: {effort: {§securty: 2}}}}\npins:\n",
        "'security'",
    ),
    bad(
        "costs_of_no_step",
        "SL203",
        "pins:\n",
        "costs: {steps: {§access.depth.7: {once: 2}}}\npins:\n",
        "steps reach 1 to 3",
    ),
    bad("importance_of_nothing", "SL201", "pins:\n", "importance: {§acces: high}\npins:\n", "'access'"),
    bad("importance_on_no_scale", "SL202", "pins:\n", "importance: {alarms: {§reach: high}}\npins:\n", "depth"),
    bad("importance_of_no_step", "SL203", "pins:\n", "importance: {alarms: {depth: {§0: low}}}\npins:\n", "1 to 3"),
    bad("importance_of_a_group", "SL103", "pins:\n", "importance: {§basics: {depth: low}}\npins:\n", "one tier"),
    bad("importance_of_another_kind", "SL104", "pins:\n", "importance: {alarms: §urgent}\npins:\n", "critical"),
    bad("tiers_that_fall", "SL310", "pins:\n", "tiers: {low: 2, medium: §2}\npins:\n", "grow"),
    bad("tiers_below_a_default", "SL310", "pins:\n", "tiers: {low: §3}\npins:\n", "medium weighs 3 and low 3"),
    bad("tier_of_nothing", "SL104", "pins:\n", "tiers: {low: §0}\npins:\n", "more than 0"),
    bad("tier_unknown", "SL101", "pins:\n", "tiers: {§hihg: 5}\npins:\n", "'high'"),
    bad("shared_nothing", "SL201", "pins:\n", "shared: [§bassics]\npins:\n", "'basics'"),
    bad(
        "what_does_not_apply_is_neither_pinned_nor_promised",
        "SL305 SL305",
        GOOD,
        GOOD.replace("threats:\n", "not_applicable: {alarms: Quiet.}\nthreats:\n")
        .replace("reach: {alarms", "reach: {§alarms")
        .replace("pins:\n", "pins:\n  §alarms.depth.2: {required: true}\n"),
        "remove this",
    ),
    bad(
        "cap_outside",
        "SL304",
        "cap: {expected_loss_per_year: 9000, from: 2028-Q4}",
        "cap: {expected_loss_per_year: 9000, from: §2031-Q4}",
        "2028-12-31",
    ),
    bad("cap_turned", "SL104", "from: 2028-Q4}", "from: 2028-Q4, to: §2028-Q1}", "exchange"),
    bad("level_without_a_scale", "SL103", "  access: {depth: 3}", "  access: §3", "several scales"),
    bad("level_of_the_only_scale", "SL203", "  access: {depth: 3}", "  alarms: §9", "0 to 3"),
    bad(
        "effect_of_no_level",
        "SL203",
        "    type: theft",
        "    type: theft\n    reduced_by: {access: {depth: {§9: 10%}}}",
        "0 to 3",
    ),
    bad("number_without_end", "SL104", "{amount: 40000}", "{amount: §0." + "1" * 60 + "}", "round it"),
    bad("alias_as_key", "SL005", "title: Mill", "title: &t Mill\n§*t : x", "write the key"),
    bad(
        "group_out",
        "SL305",
        GOOD,
        GOOD.replace("threats:\n", "not_applicable: {basics: None.}\nthreats:\n").replace(
            "  access.depth.2: {earliest", "  §access.depth.2: {earliest"
        ),
        "remove this",
    ),
    # -- in an override only
    bad(
        "override_with_unknown_key",
        "SL101",
        "  more: {budget: {amount: 50000}}",
        "  more: {§buget: {amount: 50000}}",
        "'budget'",
    ),
    bad(
        "override_with_wrong_value",
        "SL104",
        "  more: {budget: {amount: 50000}}",
        "  more: {budget: {amount: §-5}}",
        "at least 0",
    ),
    # -- several at once, in the order of the file
    bad(
        "many",
        "SL104 SL103 SL101 SL104",
        GOOD,
        GOOD.replace("2027-01-01", "§2027-02-30")
        .replace("periods: 8", 'periods: §"8"')
        .replace("contract: {title: Contract", "contract: {§titel: Contract")
        .replace("50000", "§-5"),
        "titel",
    ),
]

GOOD_CATALOGUE = """\
format: stepladder-catalogue/1
title: Model
scales:
  depth: {title: Depth, levels: {0: {title: None}, 1: {title: Some}, 2: {title: Good}}}
groups:
  basics:
    title: Basics
    practices:
      assets: {title: Assets}
      access: {title: Access, costs: {depth: {1: {once: 5}}}}
prerequisites:
- {step: access.depth.1, needs: assets.depth.1, why: Because., source: own}
- {step: assets.depth.2, needs: access.depth.1, why: Because., source: own}
threats:
  theft: {title: Theft, reduced_by: {access: {depth: {1: 10%}}}}
profiles:
  usual: {title: Usual, levels: {default: {depth: 2}}}
"""

CATALOGUES = [
    bad(
        "catalogue_hole", "SL310", "levels: {0: {title: None}", "§levels: {4: {title: Best}, 0: {title: None}", "holes"
    ),
    bad(
        "catalogue_same_id_twice",
        "SL308",
        "      access: {title",
        "      §basics: {title: x}\n      access: {title",
        "another id",
    ),
    bad(
        "catalogue_cycle",
        "SL301",
        "prerequisites:\n",
        "prerequisites:\n- §{step: assets.depth.1, needs: access.depth.1, why: x, source: z}\n",
        "needs",
    ),
    bad(
        "catalogue_listed_twice",
        "SL302",
        "- {step: assets.depth.2, needs: access.depth.1, why: Because., source: own}\n",
        "- {step: assets.depth.2, needs: access.depth.1, why: Because., source: own}\n- §{step: access.depth.1, needs:"
        " assets.depth.1, why: x, source: z}\n",
        "twice",
    ),
    bad("catalogue_unknown_practice", "SL201", "needs: assets.depth.1", "needs: §asets.depth.1", "'assets'"),
    bad("catalogue_unknown_level", "SL203", "needs: assets.depth.1", "needs: §assets.depth.7", "0 to 2"),
    bad("catalogue_step_to_the_lowest", "SL203", "needs: assets.depth.1", "needs: §assets.depth.0", "1 to 2"),
    bad("catalogue_cost_of_no_level", "SL203", "costs: {depth: {1:", "costs: {depth: {§0:", "1 to 2"),
    bad(
        "catalogue_no_why",
        "SL102",
        "- {step: access.depth.1, needs: assets.depth.1, why: Because., source: own}",
        "- §{step: access.depth.1, needs: assets.depth.1, source: own}",
        "why",
    ),
    bad("catalogue_effect_at_nothing", "SL310", "{depth: {1: 10%}}", "{depth: {0: §5%, 1: 10%}}", "higher level"),
    bad(
        "catalogue_one_level",
        "SL104",
        "levels: {0: {title: None}, 1: {title: Some}, 2: {title: Good}}",
        "levels: §{0: {title: None}}",
        "at least 2",
    ),
    bad(
        "catalogue_unknown_scale_of_practice",
        "SL202",
        "assets: {title: Assets}",
        "assets: {title: Assets, scales: [§deph]}",
        "'depth'",
    ),
    bad(
        "catalogue_profile_unknown",
        "SL201",
        "levels: {default: {depth: 2}}",
        "levels: {§asset: {depth: 2}}",
        "'assets'",
    ),
]

GOOD_PROBLEM = """\
{"format": "stepladder-problem/1",
 "periods": [{"label": "a", "years": 1, "discount": 1}, {"label": "b", "years": 1, "discount": 0.9}],
 "steps": [{"id": "one", "once": 10}, {"id": "two", "needs": [{"step": "one"}]}],
 "threats": [{"id": "t", "expected_loss_per_year": 5, "factors": {"one": 0.5}}],
 "windows": [{"resource": "money", "from": 0, "to": 1, "limit": 9}],
 "appetite": [{"from": 1, "expected_loss_per_year": 4}]}
"""

#: Events of 1 with s = 1, of which seven steps each take something off.
CHEAPER = """\
"steps": [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}, {"id": "e"}, {"id": "f"}, {"id": "g"}],
 "threats": [{"id": "t", "expected_loss_per_year": 1.6487212707001282,
  "factors": {"a": 0.9, "b": 0.9, "c": 0.9, "d": 0.9, "e": 0.9, "f": 0.9, "g": 0.9},
  "cheaper": ["a", "b", "c", "d", "e", "f", "g"],
  "events": {"per_year": 1, "median": 1, "sigma": 1}}], "policy_years": [{"from": 0, "to": 2}],
 "policies": [{"id": "p", "premiums": [1], "terms": {"t": §{"limit": 9}}}]}
"""

PROBLEMS = [
    bad("problem_dangling_need", "SL204", '{"step": "one"}', '{"step": §"onee"}', "'one'"),
    bad(
        "problem_cycle",
        "SL301",
        '{"id": "one", "once": 10}',
        '{"id": "one", "needs": §[{"step": "two"}]}',
        "one needs two needs one",
    ),
    bad("problem_same_id", "SL308", '{"id": "one", "once": 10}', '{"id": "one", "once": 10}, {"id": §"one"}', "twice"),
    bad("problem_window_outside", "SL304", '"to": 1,', '"to": §2,', "last period is 1"),
    bad(
        "problem_window_backwards",
        "SL104",
        '"from": 0, "to": 1, "limit": 9',
        '"from": §1, "to": 0, "limit": 9',
        "before",
    ),
    bad("problem_factor_zero", "SL104", '{"one": 0.5}', '{"one": §0}', "more than 0"),
    bad("problem_factor_above_one", "SL104", '{"one": 0.5}', '{"one": §1.5}', "at most 1"),
    bad("problem_factor_of_nobody", "SL204", '{"one": 0.5}', '{"onn": §0.5}', "'one'"),
    bad(
        "problem_events_that_come_to_another_loss",
        "SL313",
        '"factors": {"one": 0.5}}',
        '"factors": {"one": 0.5}, "events": §{"per_year": 2, "median": 3}}',
        "come to 6.00",
    ),
    bad(
        "problem_cheaper_by_nobody",
        "SL313",
        '"factors": {"one": 0.5}}',
        '"factors": {"one": 0.5}, "cheaper": [§"two"]}',
        "give it a factor",
    ),
    bad("problem_unknown_key", "SL101", '"once": 10', '§"onec": 10', "'once'"),
    bad("problem_nan", "SL006", '"once": 10', '"once": §NaN', "finite"),
    bad("problem_key_twice", "SL003", '"once": 10', '"once": 10, §"once": 11', "twice"),
    bad("problem_not_json", "SL002", '"once": 10', '"once": §, 10', ""),
    bad(
        "problem_appetite_for_nobody", "SL206", '{"from": 1, "expected', '{"from": 1, "threat": §"tt", "expected', "'t'"
    ),
    bad(
        "problem_policy_of_nobody",
        "SL206",
        '"windows":',
        '"policy_years": [{"from": 0, "to": 2}], "policies": [{"id": "p", "premiums": [1],'
        ' "terms": {"u": §{"limit": 9}}}], "windows":',
        "known: t",
    ),
    bad(
        "problem_premiums_of_other_years",
        "SL304",
        '"windows":',
        '"policy_years": [{"from": 0, "to": 2}],'
        ' "policies": [{"id": "p", "premiums": §[1, 2], "terms": {}}], "windows":',
        "2 premiums for 1",
    ),
    bad(
        "problem_policy_years_that_overlap",
        "SL304",
        '"windows":',
        '"policy_years": [{"from": 0, "to": 1}, §{"from": 1, "to": 2}], "windows":',
        "follow each other",
    ),
    bad(
        "problem_policy_twice",
        "SL308",
        '"windows":',
        '"policy_years": [{"from": 0, "to": 2}], "policies": [{"id": "p", "premiums": [1], "terms": {}},'
        ' {"id": §"p", "premiums": [1], "terms": {}}], "windows":',
        "twice",
    ),
    bad(
        "problem_policy_needs_nobody",
        "SL204",
        '"windows":',
        '"policy_years": [{"from": 0, "to": 2}], "policies": [{"id": "p", "premiums": [1], "needs": [§"onee"],'
        ' "terms": {}}], "windows":',
        "'one'",
    ),
    bad(
        "problem_policy_of_events_that_many_steps_make_cheaper",
        "SL314",
        GOOD_PROBLEM[GOOD_PROBLEM.index('"steps"') :],
        CHEAPER,
        "128 combinations",
    ),
    bad("problem_team_money", "SL105", '"once": 10', '"effort": {"money": §1}', "rename"),
    bad("problem_start_outside", "SL304", '"once": 10', '"start": §2', "last period is 1"),
    bad(
        "problem_no_periods",
        "SL104",
        '[{"label": "a", "years": 1, "discount": 1}, {"label": "b", "years": 1, "discount": 0.9}]',
        "§[]",
        "at least 1",
    ),
    bad("problem_excludes_nobody", "SL204", '"windows":', '"excludes": [["one", §"too"]],\n "windows":', "'two'"),
    bad("problem_excludes_itself", "SL309", '"windows":', '"excludes": [§["one", "one"]],\n "windows":', "itself"),
    bad("problem_group_of_none", "SL104", '"once": 10', '"needs_any": [§[]]', "at least one"),
    bad("problem_finish_outside", "SL304", '"once": 10', '"latest_finish": §7', "last period is 1"),
    bad("problem_cap_outside", "SL304", '{"from": 1, "expected', '{"from": 1, "to": §3, "expected', "tail is 2"),
    bad("problem_cap_begins_outside", "SL304", '{"from": 1, "expected', '{"from": §3, "expected', "tail is 2"),
    bad("problem_cap_turned", "SL104", '{"from": 1, "expected', '{"from": §1, "to": 0, "expected', "ends before"),
    bad("problem_bad_id", "SL105", '{"id": "one"', '{"id": §"One step"', ""),
]

GOOD_PLAN = """\
{"format": "stepladder-plan/2",
 "made_with": {"stepladder": "0.1.0"},
 "status": "optimal",
 "wanted_gap": 0.01,
 "objective": {"name": "risk", "value": 7.25, "bound": 7.25, "gap": 0},
 "starts": {"one": 0},
 "not_planned": {
  "two": {"reason": "worsens_objective",
   "detail": "takes nothing off any threat and is worth nothing else, and nothing of use needs it: it never pays"}},
 "periods": [{"label": "a", "spend": 10, "expected_loss_per_year": 5, "effort": {}},
  {"label": "b", "spend": 0, "expected_loss_per_year": 2.5, "effort": {}}],
 "totals": {
  "spend": 10, "spend_present_value": 10, "loss_present_value": 7.25,
  "value_present_value": 0, "tail_expected_loss_per_year": 2.5},
 "problem": @}
""".replace("@", GOOD_PROBLEM.replace('"limit": 9', '"limit": 29').strip())

PLANS = [
    bad("plan_of_another_kind", "SL104", '"stepladder-plan/2"', '§"stepladder-problem/1"', "stepladder-plan/2"),
    bad("plan_of_later_times", "SL104", '"stepladder-plan/2"', '§"stepladder-plan/3"', "stepladder-plan/2"),
    bad(
        "plan_of_early_times_with_more",
        "SL101",
        GOOD_PLAN,
        GOOD_PLAN.replace("plan/2", "plan/1").replace('"wanted_gap"', '§"wanted_gap"'),
        "remove",
    ),
    bad(
        "plan_without_wanted_gap",
        "SL102",
        GOOD_PLAN,
        "§" + GOOD_PLAN.replace(' "wanted_gap": 0.01,\n', ""),
        "wanted_gap",
    ),
    bad("plan_with_wanted_gap_below_none", "SL104", '"wanted_gap": 0.01', '"wanted_gap": §-0.01', "at least 0"),
    bad("plan_without_starts", "SL102", GOOD_PLAN, "§" + GOOD_PLAN.replace(' "starts": {"one": 0},\n', ""), "starts"),
    bad("plan_with_more", "SL101", ' "starts":', ' §"stars": {}, "starts":', "'starts'"),
    bad(
        "plan_with_policies_for_no_year", "SL304", ' "starts":', ' "policies": §["basic"], "starts":', "0 policy years"
    ),
    bad("plan_start_in_words", "SL103", '{"one": 0}', '{"one": §"now"}', "whole number"),
    bad("plan_start_before_time", "SL104", '{"one": 0}', '{"one": §-1}', "at least 0"),
    bad("plan_status_unknown", "SL104", '"optimal"', '§"best"', "optimal"),
    bad("plan_gap_of_nothing", "SL006", '"gap": 0', '"gap": §NaN', "finite"),
    bad("plan_reason_unknown", "SL104", '"worsens_objective"', '§"no_idea"', "worsens_objective"),
    bad("plan_of_a_bad_problem", "SL204", '{"step": "one"}', '{"step": §"onee"}', "'one'"),
    bad(
        "plan_cut_short",
        "SL002",
        ', "tail_expected_loss_per_year": 2.5},\n "problem"',
        ', "tail_expected_loss_per_year": 2.5}\n §"problem"',
        "",
    ),
]
