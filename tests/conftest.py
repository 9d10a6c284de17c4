"""Which tests are quick; and which were skipped, as a file, so that they can be run again where what they need has
been installed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: Folders and files whose tests ask for no search that takes time: with them ``make check`` ends soon. Of a folder and
#: a file in it the file's word counts.
QUICK = frozenset(
    {
        *("data", "evaluate", "exchange", "output", "project", "solution", "test_graph.py"),
        *("analysis/test_chain.py", "analysis/test_comparison.py", "analysis/test_most.py"),
        *("analysis/test_front.py", "analysis/test_omitted.py"),
        *("cli/test_catalogue.py", "cli/test_schema_of_a_catalogue.py"),
        "optimise/test_golden_lp.py",
    }
)
#: Those that let a solver search, or try so many problems, plans, files or connections that it takes as long.
SEARCHING = frozenset(
    {
        *("analysis", "api", "benchmarks", "cli", "docs", "optimise", "workflow", "test_cases.py"),
        *("data/test_derived.py", "data/test_mutations.py", "data/test_reading_fuzz.py"),
        "evaluate/test_draft.py",
        *("exchange/test_clients.py", "exchange/test_formats.py", "exchange/test_languages.py"),
        *("exchange/test_network.py", "exchange/test_the_way_there.py"),
        *("output/test_browser.py", "output/test_front_page.py", "output/test_report.py", "output/test_spoken.py"),
        *("solution/test_left_out.py", "solution/test_tampered.py"),
    }
)


class Skipped:
    """Adds the ids of skipped tests, and of files skipped as a whole, to a file: one a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: set[str] = set()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.ids.add(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.ids.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in sorted(self.ids))


def pytest_configure(config: pytest.Config) -> None:
    path = os.environ.get("STEPLADDER_SKIPPED")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skipped(Path(path)), "skipped")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no single worker is left with it at the end; what searches is marked. Of
    the ids in the file that STEPLADDER_ONLY names, those that there are: given as arguments, one that is not would keep
    all from running.
    """
    if only := os.environ.get("STEPLADDER_ONLY"):
        named = set(Path(only).read_text(encoding="utf-8").splitlines())
        chosen = [bool({item.nodeid, item.nodeid.partition("::")[0]} & named) for item in items]
        config.hook.pytest_deselected(items=[item for item, wanted in zip(items, chosen, strict=True) if not wanted])
        items[:] = [item for item, wanted in zip(items, chosen, strict=True) if wanted]
    for item in items:
        file = item.path.relative_to(HERE).as_posix()
        if file in SEARCHING or (file not in QUICK and file.partition("/")[0] in SEARCHING):
            item.add_marker("search")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
