"""Five slides for a board, with charts and tables that people can change."""

from __future__ import annotations

import io
import re
import zipfile

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown

#: The day on which everything in an archive is written: no clock. Archives know none before.
DAY = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def pptx(plan: Breakdown) -> bytes:
    """The same bytes for the same plan."""
    # The library takes a while to import.
    from stepladder.exchange.slides.deck import Deck
    from stepladder.exchange.slides.pages import fill

    deck = Deck(plan.title)
    assert plan.road is not None
    fill(deck, plan, plan.road)
    memory = io.BytesIO()
    deck.file.save(memory)
    return still(memory.getvalue(), plan.stamp.strftime("%Y-%m-%dT%H:%M:%SZ").encode())


def still(archive: bytes, moment: bytes) -> bytes:
    """An archive, and the archives in it, with one moment in place of all at which they say that they were made.

    Parameters
    ----------
    archive
        Of Office, such as a deck, or a workbook in it.
    moment
        As ISO 8601 has it, in UTC.
    """
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = still(content, moment)
            elif entry.filename == "docProps/core.xml":
                content = _MOMENT.sub(moment, content)
            calm = zipfile.ZipInfo(entry.filename, DAY)
            calm.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(calm, content)
    return memory.getvalue()


FORMAT = Format("pptx", "PowerPoint, LibreOffice Impress", ".pptx", pptx, by_locale=True)
