"""OWASP SAMM 2 as facts: what its functions, practices and streams are called, and how their codes are written.

Assessments hold codes only, so the structure has to be known. Names and codes are facts; what the model says of them is
its authors', and is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: By letter: a function, and by its code each practice with its two streams, A and B.
FUNCTIONS: dict[str, tuple[str, dict[str, tuple[str, str, str]]]] = {
    "G": (
        "Governance",
        {
            "SM": ("Strategy & Metrics", "Create and Promote", "Measure and Improve"),
            "PC": ("Policy & Compliance", "Policy & Standards", "Compliance Management"),
            "EG": ("Education & Guidance", "Training and Awareness", "Organization and Culture"),
        },
    ),
    "D": (
        "Design",
        {
            "TA": ("Threat Assessment", "Application Risk Profile", "Threat Modeling"),
            "SR": ("Security Requirements", "Software Requirements", "Supplier Security"),
            "SA": ("Security Architecture", "Architecture Design", "Technology Management"),
        },
    ),
    "I": (
        "Implementation",
        {
            "SB": ("Secure Build", "Build Process", "Software Dependencies"),
            "SD": ("Secure Deployment", "Deployment Process", "Secret Management"),
            "DM": ("Defect Management", "Defect Tracking", "Metrics and Feedback"),
        },
    ),
    "V": (
        "Verification",
        {
            "AA": ("Architecture Assessment", "Architecture Validation", "Architecture Mitigation"),
            "RT": ("Requirements-driven Testing", "Control Verification", "Misuse/Abuse Testing"),
            "ST": ("Security Testing", "Scalable Baseline", "Deep Understanding"),
        },
    ),
    "O": (
        "Operations",
        {
            "IM": ("Incident Management", "Incident Detection", "Incident Response"),
            "EM": ("Environment Management", "Configuration Hardening", "Patching and Updating"),
            "OM": ("Operational Management", "Data Protection", "Legacy Management"),
        },
    ),
}
LEVELS = (1, 2, 3)
#: What an answer may count, from "no" to "most or all".
SCORES = {0.0: "No", 0.25: "Some", 0.5: "At least half", 1.0: "Most or all"}
#: What the scale of a plan by levels is called, by the answer from which on a level counts as reached.
REACHED = {1.0: "Maturity", 0.5: "Maturity, from at least half on", 0.25: "Maturity, from some on"}
#: The other way round.
MATURITIES = {title: score for score, title in REACHED.items()}
#: A code in any of its three orders: stream, level and the question's number; stream and level; level and stream.
_CODE = re.compile(r"([A-Z])-([A-Z]{2})-(?:([A-Z])-(\d)(?:-\d+)?|(\d)-([A-Z]))", re.IGNORECASE)


@dataclass(frozen=True)
class Activity:
    """One of the 90: a stream's level.

    Attributes
    ----------
    stream
        Its code, such as D-TA-A.
    title
        What the stream is called.
    practice
        What its practice is called.
    level
        From 1 to 3.
    """

    stream: str
    title: str
    practice: str
    level: int

    @property
    def code(self) -> str:
        """As assessments in JSON write it: D-TA-A-1."""
        return f"{self.stream}-{self.level}"

    @property
    def function(self) -> str:
        """The letter of its function."""
        return self.stream[0]


def _all() -> Iterator[Activity]:
    for letter, (_, practices) in FUNCTIONS.items():
        for code, (title, *streams) in practices.items():
            for mark, stream in zip("AB", streams, strict=True):
                for level in LEVELS:
                    yield Activity(f"{letter}-{code}-{mark}", stream, title, level)


#: All of them by code, in the model's order.
ACTIVITIES: dict[str, Activity] = {activity.code: activity for activity in _all()}
#: The function's letter by a practice's code.
LETTERS = {code: letter for letter, (_, practices) in FUNCTIONS.items() for code in practices}


def looks_like_a_code(text: str) -> bool:
    """Whether it is written as a code is, be it one of the model or not."""
    return _CODE.fullmatch(text.strip()) is not None


def code_of(text: str) -> str | None:
    """A code in one spelling, from any of the three; None where SAMM 2 has no such activity."""
    match = _CODE.fullmatch(text.strip())
    if match is None:
        return None
    letter, practice, stream, level, first, second = match.groups()
    code = f"{letter}-{practice}-{stream or second}-{level or first}".upper()
    return code if code in ACTIVITIES else None
