"""The report as PDF, without a browser."""

from __future__ import annotations

from stepladder.errors import UsageError
from stepladder.output.report.document import Document
from stepladder.output.report.html import html


def pdf(document: Document) -> bytes:
    """The page on A4 paper.

    Raises
    ------
    UsageError
        When WeasyPrint, or the library that it draws with, is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise UsageError(
            f"a PDF needs WeasyPrint: pip install 'stepladder[pdf]' (it says: {str(error).splitlines()[0]})"
        ) from None
    # No time and no random id in it: the same plan gives the same file.
    content: bytes = HTML(string=html(document, paper=True), url_fetcher=_nothing).write_pdf(
        pdf_identifier=b"stepladder"
    )
    return content


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Nothing is fetched for a page, whatever stands in it."""
    raise ValueError(f"{url} is not fetched")
