"""The outcomes of NIST's Cybersecurity Framework 2.0 by their codes, and what became of those of version 1.1."""

from __future__ import annotations

import re

from stepladder.data.formats.base import unknown

FUNCTIONS = {"GV": "Govern", "ID": "Identify", "PR": "Protect", "DE": "Detect", "RS": "Respond", "RC": "Recover"}
#: Title and numbers of each category; numbers that are missing were given up after version 1.1.
CATEGORIES = {
    "GV.OC": ("Organizational Context", "01 02 03 04 05"),
    "GV.RM": ("Risk Management Strategy", "01 02 03 04 05 06 07"),
    "GV.RR": ("Roles, Responsibilities, and Authorities", "01 02 03 04"),
    "GV.PO": ("Policy", "01 02"),
    "GV.OV": ("Oversight", "01 02 03"),
    "GV.SC": ("Cybersecurity Supply Chain Risk Management", "01 02 03 04 05 06 07 08 09 10"),
    "ID.AM": ("Asset Management", "01 02 03 04 05 07 08"),
    "ID.RA": ("Risk Assessment", "01 02 03 04 05 06 07 08 09 10"),
    "ID.IM": ("Improvement", "01 02 03 04"),
    "PR.AA": ("Identity Management, Authentication, and Access Control", "01 02 03 04 05 06"),
    "PR.AT": ("Awareness and Training", "01 02"),
    "PR.DS": ("Data Security", "01 02 10 11"),
    "PR.PS": ("Platform Security", "01 02 03 04 05 06"),
    "PR.IR": ("Technology Infrastructure Resilience", "01 02 03 04"),
    "DE.CM": ("Continuous Monitoring", "01 02 03 06 09"),
    "DE.AE": ("Adverse Event Analysis", "02 03 04 06 07 08"),
    "RS.MA": ("Incident Management", "01 02 03 04 05"),
    "RS.AN": ("Incident Analysis", "03 06 07 08"),
    "RS.CO": ("Incident Response Reporting and Communication", "02 03"),
    "RS.MI": ("Incident Mitigation", "01 02"),
    "RC.RP": ("Incident Recovery Plan Execution", "01 02 03 04 05 06"),
    "RC.CO": ("Incident Recovery Communication", "03 04"),
}
OUTCOMES = frozenset(f"{code}-{number}" for code, (_, numbers) in CATEGORIES.items() for number in numbers.split())
#: Categories that only version 1.1 has, and where their outcomes are now.
FORMER = {
    "ID.BE": "GV.OC",
    "ID.GV": "GV.PO, GV.RR and GV.RM",
    "ID.RM": "GV.RM",
    "ID.SC": "GV.SC",
    "PR.AC": "PR.AA",
    "PR.IP": "PR.PS, PR.DS and ID.IM",
    "PR.MA": "ID.AM and PR.PS",
    "PR.PT": "PR.PS and PR.IR",
    "DE.DP": "DE.CM, DE.AE and ID.IM",
    "RS.RP": "RS.MA",
    "RS.IM": "ID.IM",
    "RC.IM": "ID.IM",
}
#: From the lowest: how an organisation manages its risks.
TIERS = ("Partial", "Risk Informed", "Repeatable", "Adaptive")
#: What a priority is as a tier of importance.
_PRIORITIES = {"very low": "low", "low": "low", "medium": "medium", "moderate": "medium", "high": "high"}
_PRIORITIES |= {"very high": "critical", "critical": "critical"}
_CODE = re.compile(r"(?:^|\()((?:GV|ID|PR|DE|RS|RC)(?:\.[A-Z]{2})?(?:-\d{1,2})?)(?![\w.-])")


def code_of(text: str) -> str:
    """The code with which a cell begins, or that stands in brackets; a function by its name, too. Empty where none
    stands.
    """
    match = _CODE.search(text.upper() if len(text) < 12 else text)
    if match:
        return match[1]
    functions = {title.casefold(): code for code, title in FUNCTIONS.items()}
    return functions.get(text.split(":", maxsplit=1)[0].strip().casefold(), "")


def wrong(code: str) -> str:
    """What is wrong with a code, and what to write; empty where it is one of version 2.0."""
    category, _, number = code.partition("-")
    if category in FORMER:
        return f"is of CSF 1.1; {category} is in {FORMER[category]} now: copy the answers into the template of 2.0"
    if code in FUNCTIONS or code in CATEGORIES or code in OUTCOMES:
        return ""
    if category in CATEGORIES and len(number) == 1:
        return f"is written as in CSF 1.1; in 2.0 it may be {category}-0{number}, which need not mean the same"
    if category in CATEGORIES:
        return f"is no outcome of CSF 2.0; {category} has {', '.join(CATEGORIES[category][1].split())}"
    return unknown("category of CSF 2.0", category, CATEGORIES)


def tier_of(text: str) -> int | None:
    """The tier that a text names, by number, name or both; None where it names none."""
    words = " ".join(re.sub(r"[^a-z0-9.%]+", " ", text.casefold()).replace("tier", " ").split())
    for number, title in enumerate(TIERS, start=1):
        name = title.casefold()
        if words in (str(number), f"{number}.0", name, f"{number} {name}", f"{name} {number}"):
            return number
    return None


def priority_of(text: str) -> str | None:
    """How much an outcome matters by the words of a priority; None where they name none."""
    return _PRIORITIES.get(" ".join(text.casefold().split()))
