"""What OWASP DSOMM's files have in common, read or written: their keys, and the team of who names none."""

from __future__ import annotations

import re

#: The key of an activity; the published model has some with a word behind the digits.
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-\w+)*", re.IGNORECASE)
#: The only team of who names none.
DEFAULT = "Default"
