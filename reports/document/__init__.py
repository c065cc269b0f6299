"""What a report prints, decided before any template sees it: plain values, findings as codes, drawings."""

from reports.document.build import build_document
from reports.document.shapes import Document

__all__ = ["Document", "build_document"]
