"""The report as PDF, without a browser."""

from __future__ import annotations

from stepladder.errors import UsageError
from stepladder.output.report.document import Document
from stepladder.output.report.html import html
from stepladder.wording.paper import Paper

#: What only paper has: its size, what stands above and below each page, and what stays together. The title above is
#: the page's own, taken from it as text.
_PAPER = """
@page {
  size: %s; margin: 20mm 14mm 18mm;
  @top-left { content: string(plan); font: 7.5pt sans-serif; color: #59636e; height: 8mm; overflow: hidden; }
  @bottom-left { content: string(horizon); font: 7.5pt sans-serif; color: #59636e; height: 8mm; overflow: hidden; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 7.5pt sans-serif; color: #59636e; }
}
@page :first { @top-left { content: none; } }
h1 { string-set: plan content(text); }
.sub { string-set: horizon content(text); }
h1, h2, h3, h4, figcaption, caption, summary, .group { break-after: avoid; }
h2 + p, p:has(+ .scroll), p:has(+ figure) { break-after: avoid; }
p, li, dd { orphans: 3; widows: 3; }
figure, details { break-inside: auto; }
.draw, .keep { break-inside: avoid; }
.draw svg { max-height: 190mm; }
.heat { break-inside: auto !important; }
tbody tr:first-child, tbody tr:nth-child(2), li:first-child { break-after: avoid; }
tbody tr:last-child, tbody tr:nth-last-child(2), li:last-child { break-before: avoid; }
body > footer { break-before: avoid; }
"""


def pdf(document: Document, paper: Paper = "A4") -> bytes:
    """The page on paper, its parts tagged for screen readers (PDF/UA).

    Raises
    ------
    UsageError
        When WeasyPrint, or the library that it draws with, is not installed.
    """
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:
        raise UsageError(
            f"a PDF needs WeasyPrint: pip install 'stepladder[pdf]' (it says: {str(error).splitlines()[0]})"
        ) from None
    # No time and no random id in it: the same plan gives the same file.
    content: bytes = HTML(string=html(document, paper=True), url_fetcher=_nothing).write_pdf(
        stylesheets=[CSS(string=_PAPER % paper)], pdf_identifier=b"stepladder", pdf_variant="pdf/ua-1"
    )
    return content


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Nothing is fetched for a page, whatever stands in it."""
    raise ValueError(f"{url} is not fetched")
