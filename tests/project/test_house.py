"""What the house promises of its own code."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import QUICK, SEARCHING

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "stepladder"
MODULES = sorted(SOURCE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def public(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Whatever has a public name, wherever it stands: also inside a function, and inside what is private."""
    for node in ast.iter_child_nodes(tree):
        home = inside
        if isinstance(node, Function | ast.ClassDef):
            home = f"{inside}{node.name}."
            if not node.name.startswith("_"):
                yield inside + node.name, node
        yield from public(node, home)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_and_every_public_name_is_documented(path: Path) -> None:
    tree = parsed(path)
    assert ast.get_docstring(tree), path
    assert [name for name, node in public(tree) if not ast.get_docstring(node)] == []


def test_functions_are_short_and_modules_too() -> None:
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in MODULES for node in functions(parsed(path)))
    assert lengths[-1] <= 50
    assert lengths[int(len(lengths) * 0.9)] <= 25
    sizes = [len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES]
    assert statistics.median(sizes) <= 130
    assert sum(size > 300 for size in sizes) <= len(sizes) / 18
    assert max(sizes) <= 380


def test_only_the_screen_prints() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if path.parent.name != "cli":
            assert not re.search(r"\bprint\(|sys\.std(out|err)\b|typer\.echo", text), path


#: Who catches whatever comes, and why that is right there: one reason for each time.
CATCHING_ALL = {
    ("cli/guard.py", "invoke"): ["whatever ends a command becomes a message and an exit code"],
    ("exchange/formats.py", "find"): ["another package's code is imported, and its error is raised as ours"],
    ("optimise/interruptible.py", "_run"): ["an error in a thread is raised where its result is waited for"],
    ("workflow/export.py", "_written"): ["another package's code writes, and its error is raised as ours"],
    ("workflow/processes.py", "_answered"): [
        "an error in a worker is raised in its parent",
        "to pickle an error runs its own code; what cannot be sent is raised there by its name",
    ],
}


def catching(tree: ast.AST, inside: str = "") -> Iterator[str]:
    """For each place that catches every error, the function in which it stands."""
    for node in ast.iter_child_nodes(tree):
        if catches_all(node):
            yield inside
        yield from catching(node, node.name if isinstance(node, Function) else inside)


def catches_all(node: ast.AST) -> bool:
    """An ``except`` or a ``suppress`` of every error there is."""
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or names_all(node.type)
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress") and any(map(names_all, node.args))


def names_all(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Name) and node.id in {"Exception", "BaseException"} for node in ast.walk(tree))


def test_whatever_comes_is_caught_only_where_there_is_a_reason() -> None:
    places = Counter(
        (path.relative_to(SOURCE).as_posix(), function) for path in MODULES for function in catching(parsed(path))
    )
    assert places == {place: len(reasons) for place, reasons in CATCHING_ALL.items()}


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        pytest.skip("not a git checkout")
    return done.stdout.splitlines()


def test_the_top_level_holds_what_it_should() -> None:
    top = {name.split("/")[0] for name in tracked() if not name.startswith(".")}
    folders = {"src", "models", "scenarios", "tests", "examples", "docs"}
    texts = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff"}
    assert top == folders | texts | {"pyproject.toml", "mkdocs.yml", "Makefile"}


@pytest.mark.parametrize("lock", ["lock.txt", "bench.txt", "clients.txt", "docs.txt"])
def test_the_lock_names_no_host_and_every_file_has_its_hash(lock: str) -> None:
    text = (ROOT / ".ci" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
    assert len(entries) > 30
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_same_dependencies_are_named_everywhere() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[><=]", name)[0] for name in wanted}
    assert names == {
        *("pulp", "highspy", "numpy", "scipy", "networkx", "pandas", "typer", "pyyaml", "pydantic"),
        *(
            "lxml",
            "xlsxwriter",
            "python-pptx",
            "python-calamine",
            "openpyxl",
            "icalendar",
            "httpx",
            "jinja2",
            "matplotlib",
            "babel",
        ),
    }
    locked = (ROOT / ".ci" / "lock.txt").read_text(encoding="utf-8")
    assert all(re.search(rf"^{name}==", locked, re.MULTILINE) for name in names)


def test_what_the_tests_import_comes_with_make_test() -> None:
    """What only some machines have is asked for with ``importorskip``, which is no import."""
    from importlib.metadata import packages_distributions

    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / ".ci" / "lock.txt").read_text(encoding="utf-8"), re.MULTILINE))
    homes = packages_distributions()
    # Scripts that run only where the clients are, or for the benchmark.
    elsewhere = {ROOT / "tests/support/by_mpxj.py", ROOT / "tests/benchmarks/textbook.py"}
    missing = {
        (str(path.relative_to(ROOT)), name)
        for path in sorted({*(ROOT / "tests").rglob("*.py")} - elsewhere)
        for name in imported(parsed(path))
        if name not in ("stepladder", "tests")
        and name in homes
        and not {re.sub(r"[-_.]+", "-", home).lower() for home in homes[name]} & locked
    }
    assert missing == set()


def imported(tree: ast.Module) -> set[str]:
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in found}


CLOCKS = {"monotonic", "perf_counter", "process_time"}


def test_what_a_clock_says_is_asserted_under_the_timing_mark_only() -> None:
    """A machine that is busy with something else breaks no other test."""
    found = [
        (str(path.relative_to(ROOT)), function.name)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in functions(parsed(path))
        if any(asks_a_clock(node) for node in ast.walk(function) if isinstance(node, ast.Assert))
        and not any("pytest.mark.timing" in ast.unparse(mark) for mark in function.decorator_list)
    ]
    assert found == []


def asks_a_clock(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in CLOCKS for node in ast.walk(tree))


def test_every_folder_of_tests_is_named_quick_or_searching() -> None:
    """So that ``make check`` stays quick, and leaves out nothing by oversight."""
    tests = ROOT / "tests"
    files = {path.relative_to(tests).as_posix() for path in tests.rglob("test_*.py")}
    tops = {name.partition("/")[0] for name in files}
    assert tops <= QUICK | SEARCHING
    assert not QUICK & SEARCHING
    # A file is named only where it is otherwise than its folder.
    for named, others in ((QUICK, SEARCHING), (SEARCHING, QUICK)):
        assert {name for name in named - tops if name not in files or name.partition("/")[0] not in others} == set()


def test_the_version_is_in_the_changelog() -> None:
    from stepladder import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_who_cites_the_package_cites_this_version_under_its_licence() -> None:
    import tomllib

    import yaml

    from stepladder import __version__

    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (said["cff-version"], said["type"], said["title"]) == ("1.2.0", "software", project["name"])
    assert (said["version"], said["license"]) == (__version__, project["license"])
    assert (said["abstract"], said["keywords"]) == (project["description"], project["keywords"])
    assert said["authors"] == project["authors"]


#: Where words of proof stand that are no claim about a question: help, headings, what was not proved, and what an
#: exception says to who calls the library.
NO_CLAIM = {
    "analysis/replan.py": ("no plan keeps all the rules and moves no more than",),
    "cli/options.py": ("Stop when the plan is proved to be this close to the best",),
    "output/report/sections.py": ("Gap to the proved bound", "No plan can be below", "No plan can be above"),
    "output/verified.py": ("The bound and the gap are not re-proved",),
    "output/checked.py": ("Nothing that could be proved without a search",),
    "solution/plan.py": ("no plan can meet all the demands together: this is proved",),
    "solution/verify.py": ("a bound itself is proved by solving, not here",),
}
CLAIM = re.compile(
    r"\b[Pp]roved\b|\b[Nn]o (further )?(plan|money|budget) (can|meets|keeps|that keeps|allows|brings)\b|There is no"
    r" plan"
)


def sentences(tree: ast.Module) -> Iterator[str]:
    """What is written as text: every string but those that document something, and keys."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documents
            and " " in node.value.strip()
        ):
            yield node.value


def test_what_is_proved_is_said_in_one_room() -> None:
    found = {}
    for path in MODULES:
        name = str(path.relative_to(SOURCE))
        said = [
            text
            for text in sentences(parsed(path))
            if CLAIM.search(text) and not any(known in text for known in NO_CLAIM.get(name, ()))
        ]
        if said and not name.startswith("wording/claims"):
            found[name] = said
    assert found == {}
