"""Which tests were skipped, as a file, so that they can be run again where what they need has been installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class Skipped:
    """Adds the ids of skipped tests, and of files skipped as a whole, to a file: one a line, as ``pytest @FILE``
    reads them.
    """

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no single worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
