"""The sample: a submitted assessment of an invented site, shipped as a file, read like any other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments.engine.evaluate import evaluate
from assessments.engine.record import AssessmentRecord, read_record
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from frameworks.queries import spec_for_version

RECORD = Path(__file__).resolve().parent / "sample" / "record.json"


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample's record, the content that it is judged by, and what follows from them."""

    record: AssessmentRecord
    spec: FrameworkSpec
    results: Results


def find_sample() -> Sample | None:
    """The sample, judged by its own version for life; None where that version is not installed."""
    record = sample_record()
    spec = spec_for_version(record.framework, record.version)
    if spec is None or spec.content_digest != record.content_digest:
        return None
    return Sample(record, spec, evaluate(spec, record.inputs()))


@cache
def sample_record() -> AssessmentRecord:
    """What the shipped file holds; it changes with a release only."""
    return read_record(json.loads(RECORD.read_text(encoding="utf-8")))
