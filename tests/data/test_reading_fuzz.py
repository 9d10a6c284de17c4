"""Files with any bytes exchanged, and any shape given to --set: an answer, or what is wrong with its file and line;
never anything else.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepladder.analysis.check import problem_facts
from stepladder.data import load as loading
from stepladder.data.catalogues import load_catalogue
from stepladder.data.formats import plan as plans
from stepladder.data.formats import problem as problems
from stepladder.data.reading.library import folder
from stepladder.data.reading.tree import read_yaml
from stepladder.errors import InvalidInput, Issue, UsageError
from stepladder.output.checked import check_text
from stepladder.workflow.plan import plan as plan_command
from tests.support.sizes import FULL

DATA = Path(__file__).parent
EACH = 400 if FULL else 30
SCENARIOS = sorted(folder("scenarios").glob("*.yaml"))
MODELS = sorted(folder("models").glob("*.yaml"))

#: What breaks readers: parts of characters, marks, controls, quotes, and what begins or ends something.
BITS = [
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x98\x80",
    b"\x07",
    b"\x1b[31m",
    b"\t",
    b"\r",
    b"\r\n",
    b"\x85",
]
BITS += [
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b": ",
    b",",
    b"#",
    b"- ",
    b"|\n",
    b">\n",
    b"&a ",
    b"*a ",
    b"!!x ",
    b"%YAML",
    b"---\n",
    b"...\n",
    b"\\u0000",
]
BITS += [
    b"1e999",
    b"-1",
    b".nan",
    b"9" * 50,
    b"null",
    b"~",
    b"true",
    b"[" * 100,
    b"{a: " * 80,
    b"\\ud800",
    b"low: ",
    b"? ",
]


def spoilt(rng: random.Random, raw: bytes) -> bytes:
    """The bytes with one to four things wrong with them."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, kind = rng.randrange(len(raw) + 1), rng.randrange(6)
        if kind == 0:
            raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
        elif kind == 1:
            raw = raw[:at] + rng.choice(BITS) + raw[at:]
        elif kind == 2:
            raw = raw[:at] + raw[at + rng.choice((1, 2, 5, 30, 400)) :]
        elif kind == 3:
            start = rng.randrange(len(raw) + 1)
            raw = raw[:at] + raw[start : start + rng.choice((3, 30, 300))] + raw[at:]
        elif kind == 4:
            raw = raw[:at] + rng.randbytes(rng.choice((1, 4, 20))) + raw[at:]
        else:
            raw = raw[:at]
    return raw


def placed(issue: Issue, files: dict[str, bytes]) -> None:
    """The issue names a file that was read, and a place that is in it."""
    where = issue.location
    assert issue.message.strip(), issue
    assert where.line >= 1, issue
    assert where.column >= 1, issue
    name = next((name for name in files if where.file == name or where.file.endswith(f"/{Path(name).name}")), None)
    assert name is not None or where.file.startswith("--set "), issue
    if name is not None:
        lines = re.split(rb"\r\n|\r|\n", files[name])
        assert where.line <= len(lines) + 1, issue
        assert where.column <= len(lines[min(where.line, len(lines)) - 1]) + 2, issue


def judge(read: Any, files: dict[str, bytes], seed: object) -> bool:
    """Whether it is refused; with words and places."""
    issues: tuple[Issue, ...] | None = None
    try:
        read()
    except InvalidInput as error:
        issues = error.issues
    except UsageError:
        return True
    assert issues is None or issues, seed
    for issue in issues or ():
        placed(issue, files)
    return issues is not None


def asked(path: Path, *assignments: str) -> None:
    question = loading.load(path, None, list(assignments))
    assert check_text(
        question.problem, problem_facts(question.problem, question.context), question.notes, question.scenarios
    )


@pytest.mark.parametrize("shipped", SCENARIOS, ids=lambda path: path.stem)
def test_bytes_of_scenarios(tmp_path: Path, shipped: Path) -> None:
    path, refused = tmp_path / shipped.name, 0
    for seed in range(EACH):
        path.write_bytes(raw := spoilt(random.Random(seed), shipped.read_bytes()))
        refused += judge(lambda: asked(path), {str(path): raw}, seed)
    assert refused > EACH // 4


@pytest.mark.parametrize("shipped", MODELS, ids=lambda path: path.stem)
def test_bytes_of_models(tmp_path: Path, shipped: Path) -> None:
    path, refused = tmp_path / shipped.name, 0
    for seed in range(EACH):
        path.write_bytes(raw := spoilt(random.Random(seed), shipped.read_bytes()))
        refused += judge(lambda: load_catalogue(path), {str(path): raw}, seed)
    assert refused > EACH // 4


def test_bytes_of_small_files(tmp_path: Path) -> None:
    """Small files are hit where it matters: a scenario, its catalogue, a problem and a plan."""
    made = plan_command(DATA / "full.yaml")
    small = {
        "full.yaml": (DATA / "full.yaml").read_bytes(),
        "mill.yaml": (DATA / "mill.yaml").read_bytes(),
        "catalogue.yaml": (DATA / "catalogue.yaml").read_bytes(),
        "problem.json": problems.dump(made.problem).encode(),
        "plan.json": plans.dump(made).encode(),
    }
    refused = 0
    for name, raw in small.items():
        for seed in range(EACH * 4):
            shutil.copy(DATA / "catalogue.yaml", tmp_path)
            (tmp_path / "mill.yaml").write_bytes(small["mill.yaml"])
            path = tmp_path / name
            path.write_bytes(other := spoilt(random.Random(seed), raw))
            opened = tmp_path / "mill.yaml" if name == "catalogue.yaml" else path
            read = (
                (lambda path=path: loading.load_plan(path))
                if name == "plan.json"
                else (lambda opened=opened: asked(opened))
            )
            refused += judge(
                read,
                (
                    {str(path): other, str(tmp_path / "mill.yaml"): small["mill.yaml"]}
                    if name == "catalogue.yaml"
                    else {str(path): other}
                ),
                (name, seed),
            )
    assert refused > EACH * 10


# -- any shape given to --set

_KEYS = [
    "low",
    "likely",
    "high",
    "median",
    "p95",
    "default",
    "2027",
    "2027-Q1",
    "amount",
    "depth",
    "reach",
    "title",
    "once",
    "effort",
    "",
    "a b",
    "\u202e",
    "theft",
]
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(
        [
            "25%",
            "2027-Q1",
            "2027-02-30",
            "half",
            "target",
            "null",
            "yes",
            "012",
            "",
            "a" * 5000,
            "\x07",
            "\ud7ff",
            "=1",
            "{",
            "'",
            '"',
            "*x",
        ]
    ),
    st.text(max_size=8),
)
_SHAPES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=3),
    max_leaves=6,
)


def _paths(text: str) -> list[str]:
    root, _ = read_yaml(text, "x")
    assert root is not None
    return sorted(
        {
            ".".join(map(str, path[:depth]))
            for path, _ in root.walk()
            for depth in range(1, len(path) + 1)
            if "overrides" not in path
        }
    )


TEXT = (DATA / "full.yaml").read_text(encoding="utf-8")
PATHS = [
    *_paths(TEXT),
    "budget.running",
    "budget.investment.amount",
    "teams.new.capacity",
    "costs.steps.access.depth.2",
    "worth.access.depth.2",
    "nothing",
    "a..b",
    ".",
]


@given(path=st.sampled_from(PATHS), value=_SHAPES, more=st.none() | st.tuples(st.sampled_from(PATHS), _SHAPES))
@settings(
    max_examples=3000 if FULL else 60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_shape_given_to_set(path: str, value: Any, more: tuple[str, Any] | None) -> None:
    said = [(path, value), *([more] if more else [])]
    judge(
        lambda: asked(DATA / "full.yaml", *(f"{name}={_written(shape)}" for name, shape in said)),
        {str(DATA / "full.yaml"): TEXT.encode(), "catalogue.yaml": b""},
        said,
    )


@given(path=st.text(max_size=12), value=st.text(max_size=30))
@settings(
    max_examples=3000 if FULL else 60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_text_given_to_set(path: str, value: str) -> None:
    judge(
        lambda: asked(DATA / "full.yaml", f"{path}={value}"),
        {str(DATA / "full.yaml"): TEXT.encode(), "catalogue.yaml": b""},
        (path, value),
    )


def _written(shape: Any) -> str:
    return yaml.safe_dump(shape, default_flow_style=True, width=10**6, allow_unicode=True).removesuffix("...\n").strip()
