"""From a mapping to a checked FrameworkSpec: the one way in, which reports every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from frameworks.document.codes import check_codes
from frameworks.document.digest import content_digest
from frameworks.document.faults import Faults
from frameworks.document.fields import UNREAD
from frameworks.document.figures import check_figures
from frameworks.document.layout import DOCUMENT
from frameworks.document.reading import read_document
from frameworks.document.shapes import FrameworkSpec


def parse_framework(document: Mapping[str, Any]) -> FrameworkSpec:
    """The framework in a mapping as `read_document` or JSON gives it.

    Checks every key and everything across the whole that the framework document format lists. Raises
    DocumentFaults with all faults, each with its place: first those of single values in the order of the
    document, then those across it. What could not be read is passed over by the checks across.
    """
    faults = Faults()
    spec = DOCUMENT.read(document, "", faults)
    if spec is not UNREAD:
        check_codes(spec, faults)
        check_figures(spec, faults)
    faults.raise_any()
    # Of the document as dumped, so that 6/8 and 3/4, a date and its text have one digest.
    checked: FrameworkSpec = replace(spec, content_digest=content_digest(DOCUMENT.dump(spec)))
    return checked


def load_framework(text: str | bytes) -> FrameworkSpec:
    """Read and check the YAML of a framework document. Raises DocumentFaults, and nothing else."""
    return parse_framework(read_document(text))
