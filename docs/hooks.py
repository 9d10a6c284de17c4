"""What makes the site whole: files that live beside docs/ and are linked from it become part of it.

Links are written as they lead in a checkout, ``../examples/bottling_line.md``; in the site the same files stand one
folder nearer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).parents[1]
#: What the theme would fetch to search without a server; assets/worker.js does the same.
SHIM = "https://unpkg.com/iframe-worker/shim"
#: Whatever a browser would fetch by itself.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?(?:https?:)?//|<link[^>]*\shref=["']?(?:https?:)?//"""
)
BESIDE = (
    "examples/*",
    "scenarios/*.yaml",
    "models/*.yaml",
    "tests/benchmarks/full.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)


def on_files(files: Any, config: Any) -> Any:
    """Add what stands beside docs/."""
    for pattern in BESIDE:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".py":
                files.append(File.generated(config, str(path.relative_to(ROOT)), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links to files beside docs/ lead to where these are in the site."""
    if page.file.src_uri in ("CONTRIBUTING.md", "CHANGELOG.md"):
        return markdown.replace("](docs/", "](")
    if not page.file.src_uri.startswith(("examples/", "tests/")):
        up = "../" * page.file.src_uri.count("/")
        markdown = re.sub(rf"\]\({up}\.\./(?!\.\./)", f"]({up}", markdown)
    return markdown


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Let nothing be fetched from anywhere."""
    output = output.replace(SHIM, get_relative_url("assets/worker.js", page.url))
    if found := FETCHED.search(output):
        raise PluginError(f"{page.file.src_uri} would fetch something: {output[found.start() : found.end() + 60]}")
    return output


def on_post_template(output_content: str, template_name: str, config: Any) -> str:
    """The same of the page for what is not there."""
    return output_content.replace(SHIM, "/assets/worker.js")
