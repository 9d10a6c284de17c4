"""The report: one document of plain data, and the ways to show it: HTML, PDF, Markdown, text, pictures."""
