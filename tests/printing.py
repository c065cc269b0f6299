"""Reports drawn in tests: from a record to the file, with the renderer's warnings."""

from __future__ import annotations

import logging
import re
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string

from assessments.engine.evaluate import evaluate
from assessments.engine.record import AssessmentRecord
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import build_document
from reports.models import Report
from reports.pdf import html_to_pdf
from reports.rendering import TEMPLATES
from tests.builders import bami_spec

DIGEST = "4c1e90ab77f2" + "0" * 52


@dataclass
class Drawn:
    """A finished report: the file, its pages, what the renderer warned of, and what it was made from."""

    content: bytes
    pages: int
    warnings: list[str]
    results: Results
    html: str

    def text(self, folder: Path, *options: str) -> str:
        """The text as a reader gets it, pages parted by form feeds."""
        path = folder / "report.pdf"
        path.write_bytes(self.content)
        command = ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()


class Kept(logging.Handler):
    """Keeps what the renderer warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def printed(
    record: AssessmentRecord,
    spec: FrameworkSpec | None = None,
    paper: str = "A4",
    stances: tuple[StanceRecord, ...] = (),
    kind: str = "full",
) -> tuple[str, Results]:
    """The page that is drawn, and the results that it tells of."""
    spec = spec or bami_spec()
    results = evaluate(spec, record.inputs())
    asked_at = "2026-12-02T13:02:00+00:00"
    document = build_document(spec, record, results, digest=DIGEST, asked_at=asked_at, stances=stances)
    return render_to_string(TEMPLATES[Report.Kind(kind)], {"document": document, "paper": paper}), results


def draw(
    record: AssessmentRecord,
    spec: FrameworkSpec | None = None,
    paper: str = "A4",
    stances: tuple[StanceRecord, ...] = (),
    kind: str = "full",
) -> Drawn:
    """The report or the brief of a record, drawn as the worker draws it."""
    html, results = printed(record, spec, paper, stances, kind)
    kept, logger = Kept(), logging.getLogger("weasyprint")
    logger.addHandler(kept)
    try:
        file = html_to_pdf(html)
    finally:
        logger.removeHandler(kept)
    return Drawn(file.content, file.pages, kept.messages, results, html)


def plain(text: str) -> str:
    """Words as they compare across line breaks: single spaces, no hyphens (readers may drop one)."""
    return re.sub(r"-\s*", "", " ".join(text.split()))


def inflated(content: bytes) -> bytes:
    """The file with each of its streams unpacked behind it."""
    parts = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)
