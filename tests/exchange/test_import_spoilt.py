"""Files of other programs that are broken anywhere: each is imported, or refused with its place in the file."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from stepladder.api import import_
from stepladder.errors import InvalidInput, Issue
from tests.exchange.test_import_ciso_audit import AUDIT
from tests.exchange.test_import_ciso_controls import EXPORT
from tests.exchange.test_import_ciso_library import LIBRARY, PRESET
from tests.exchange.test_import_cset import C2M2, CRR, export
from tests.exchange.test_import_csf_profile import HEADS, ROWS
from tests.exchange.test_import_oscal import CATALOG, POAM, PROFILE, RESULTS, files
from tests.support.imported import write
from tests.support.sizes import FULL

KINDS: dict[str, dict[str, str]] = {
    "ciso-library": {"doors.yaml": LIBRARY, "preset.yaml": PRESET},
    "ciso-audit": {"audit.csv": AUDIT, "doors.yaml": LIBRARY},
    "ciso-controls": {"controls.csv": EXPORT},
    "csf-profile": {
        "profile.csv": "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in [HEADS, *ROWS])
    },
    "cset": export(C2M2, CRR),
    "oscal": files(CATALOG, PROFILE, RESULTS),
    "oscal-poam": files(POAM),
    "json": {"tree.json": json.dumps([CATALOG, C2M2])},
}
TIMES = 200 if FULL else 20
#: What is written over some place of a file.
PIECES = [
    "",
    "\n",
    ",",
    ";",
    '"',
    "'",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "null",
    "-1",
    "1e400",
    "9" * 30,
    "\u202e",
    "É",
    "\t",
]


def spoilt(text: str, rng: random.Random) -> str:
    """The text with one part cut out, doubled, or written over."""
    first = rng.randrange(len(text))
    last = min(len(text), first + rng.choice((1, 3, 20, 200)))
    return text[:first] + rng.choice((*PIECES, text[first:last] * 2)) + text[last:]


@pytest.mark.parametrize("seed", range(TIMES))
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_is_imported_or_refused(kind: str, seed: int, tmp_path: Path) -> None:
    rng = random.Random(f"{kind} {seed}")
    texts = dict(KINDS[kind])
    name = rng.choice(list(texts))
    texts[name] = spoilt(texts[name], rng)
    wrong: list[Issue] = []
    try:
        import_(*write(tmp_path, texts), start="2027-01-01")
    except InvalidInput as error:
        wrong = list(error.issues)
    # What is wrong is wrong with the file, not with what was made of it.
    assert [str(issue) for issue in wrong if not issue.location.file.startswith(str(tmp_path))] == []
