"""What people see: answers on stdout, everything else on stderr, colour only where it shows."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

import typer

from stepladder.errors import StepladderError

if TYPE_CHECKING:
    from stepladder.optimise import Progress
    from stepladder.wording.page import Style

#: Seconds between two progress lines where a line cannot be rewritten.
EVERY = 10.0
#: No line of ours is indented by more.
INDENT = 12


class _Aside(io.TextIOWrapper):
    """A stream for remarks: where nobody can read them, the work goes on all the same."""

    #: What it took the place of: when that goes, the file beneath both is closed.
    before: TextIO | None = None

    def write(self, text: str, /) -> int:
        """Write, as any stream does; the number of characters, also where nobody can read them."""
        try:
            return super().write(text)
        except OSError:
            forget(self)
            return len(text)

    def flush(self) -> None:
        """Flush, as any stream does, and forget what nobody can read."""
        try:
            super().flush()
        except OSError:
            forget(self)


def open_streams() -> None:
    """Make the streams of this process what the functions here expect; once, as the program begins."""
    if sys.stderr is None:
        # Closed when the program began; what libraries say there is for nobody.
        sys.stderr = _Aside(io.FileIO(2, "w", closefd=False), "utf-8", "replace", line_buffering=True)
    elif hasattr(sys.stderr, "buffer"):
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        aside = _Aside(sys.stderr.buffer, sys.stderr.encoding, "replace", line_buffering=True)
        aside.before, sys.stderr = sys.stderr, aside
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that cannot show a character shows a question mark, not a traceback.
        sys.stdout.reconfigure(errors="replace")


def forget(stream: TextIO) -> None:
    """Nobody reads it any more; without this what is still to be written would be tried again at the end of the
    program, which would fail there.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def answer(result: str | bytes) -> None:
    """Write a result to stdout.

    Raises
    ------
    StepladderError
        When stdout is closed, or takes no more.
    """
    if sys.stdout is None:
        raise StepladderError("there is nowhere to write the answer to: stdout is closed")
    try:
        typer.echo(result, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        forget(sys.stdout)
        raise StepladderError(f"cannot write the answer to stdout: {error.strerror}") from None


def note(text: str) -> None:
    """Write a remark to stderr, without anything that a terminal would act on. What a line is indented by stays: it may
    be a piece of a file to be copied.
    """
    from stepladder.wording.text import clean

    for line in text.splitlines():
        _aside(f"{' ' * min(INDENT, len(line) - len(line.lstrip(' ')))}{clean(line)}\n")


def _aside(text: str) -> None:
    typer.echo(text, err=True, nl=False)


def notes(lines: Iterable[str]) -> None:
    """Write several remarks to stderr, each wrapped as the pages are."""
    from stepladder.wording.text import clean, wrap

    for line in lines:
        for part in wrap(clean(line), _width(sys.stderr), "", "  "):
            _aside(f"{part}\n")


def changes(lines: Iterable[str]) -> None:
    """Write what an override or ``--set`` changed, old -> new, to stderr, a line each."""
    for line in lines:
        note(f"changed {line}")


def style(width: int | None = None) -> Style:
    """Width and colour of stdout: 80 columns unless told otherwise, fewer on a narrower terminal."""
    from stepladder.wording.page import Style

    terminal = _terminal(sys.stdout)
    if width is None:
        width = _width(sys.stdout)
    return Style(width, colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def _width(stream: TextIO | None) -> int:
    """Columns of a page: 80, fewer on a narrower terminal."""
    return max(40, min(80, typer.get_terminal_size().columns)) if _terminal(stream) else 80


def _terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


class Reporter:
    """Progress of a search on stderr: one line rewritten on a terminal, else a line every ten seconds.

    Use it as a context, so that the line is gone afterwards.
    """

    def __init__(self) -> None:
        self.terminal = _terminal(sys.stderr)
        self.last = 0.0
        self.shown = False

    def __enter__(self) -> Callable[[Progress], None]:
        return self.report

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            _aside("\r\x1b[K")

    def report(self, progress: Progress) -> None:
        """Show how far the search is."""
        if self.terminal:
            from stepladder.wording.text import cut

            width = max(20, typer.get_terminal_size().columns - 1)
            _aside(f"\r{cut(progress_line(progress), width)}\x1b[K")
            self.shown = True
        elif progress.seconds - self.last >= EVERY:
            self.last = progress.seconds
            _aside(f"{progress_line(progress)}\n")


def progress_line(progress: Progress) -> str:
    """``12 s: best plan 1,234,567, proved no better than 1,200,000, gap 2.80 %``."""
    from stepladder.data.objective import OBJECTIVES
    from stepladder.wording.numbers import gap, money, money_down, money_up

    aim = OBJECTIVES[progress.objective]
    unit, farthest = aim.unit(""), money_up if aim.points else money_down
    parts = ["no plan yet" if progress.value is None else f"best plan {money(aim.shown(progress.value), unit)}"]
    if progress.bound is not None:
        parts.append(f"none better than {farthest(aim.shown(progress.bound), unit)}")
    if progress.gap is not None:
        parts.append(f"gap {gap(progress.gap)}")
    return f"{progress.seconds:,.0f} s: {', '.join(parts)}"


class Counter:
    """How much of the work is done, on stderr, in the same way; and at the end how fast it went."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.begun = self.last = time.monotonic()
        self.terminal = _terminal(sys.stderr)
        self.shown = False

    def __enter__(self) -> Callable[[int, int], None]:
        return self.report

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            _aside("\r\x1b[K")

    def report(self, done: int, of: int) -> None:
        """Show how far the work is."""
        now = time.monotonic()
        line = f"{now - self.begun:,.0f} s: {done:,} of {of:,} {self.noun}"
        if self.terminal:
            _aside(f"\r{line}\x1b[K")
            self.shown = True
        elif now - self.last >= EVERY:
            self.last = now
            _aside(f"{line}\n")

    def speed(self, count: int) -> str:
        """``100 futures in 71 s: 84 a minute``."""
        seconds = time.monotonic() - self.begun
        return f"{count:,} {self.noun} in {seconds:,.0f} s: {count / max(seconds, 1e-9) * 60:,.0f} a minute"
