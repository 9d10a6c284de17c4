"""Work that may never end, in a process of its own that is ended by force: an endless run is a failing test that
says what it was about.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


def watched(work: str, tasks: Sequence[str], seconds: float) -> dict[str, str]:
    """What is wrong, by task.

    Parameters
    ----------
    work
        ``module:function``; the function takes a task and gives what is wrong with it, or None.
    tasks
        Such as seeds.
    seconds
        The most that one task may take; the next one gets a new process then.
    """
    wrong: dict[str, str] = {}
    left = list(tasks)
    while left:
        done = 0
        for answer in _answers(work, left, seconds):
            if answer:
                wrong[left[done]] = answer
            done += 1
        left = left[done:]
    return wrong


def _answers(work: str, tasks: Sequence[str], seconds: float) -> Iterator[str]:
    """One answer for each task, in order, up to the first one without an answer in time."""
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    command = [sys.executable, "-m", "tests.support.watched", work, *tasks]
    # Errors go where pytest shows them.
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
    )
    assert child.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    reader.start()
    try:
        for _ in tasks:
            line = lines.get(timeout=seconds)
            if not line:
                yield "the process ended without an answer"
                return
            yield line.rstrip("\n").removeprefix("ok")
    except queue.Empty:
        yield f"not ended after {seconds:g} s"
    finally:
        child.kill()
        child.wait()
        reader.join()
        child.stdout.close()


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def _main() -> None:
    import importlib
    import traceback

    module, function = sys.argv[1].split(":")
    work = getattr(importlib.import_module(module), function)
    for task in sys.argv[2:]:
        try:
            answer = work(task)
        except Exception:  # noqa: BLE001
            answer = " | ".join(traceback.format_exc().splitlines()[-4:])
        sys.stdout.write(" ".join((answer or "ok").splitlines()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
