"""What results say in sentences: each rule's condition, its values and its evidence, as codes and numbers.

Words are put to them by `assessments.templatetags.sentences`, for pages and paper alike.
"""

from assessments.charts.rules.all import (
    decisions_of,
    findings_of,
    heads_of,
    limits_of,
    said_of,
    strengths_of,
)
from assessments.charts.rules.shapes import Evidence, Finding

__all__ = [
    "Evidence",
    "Finding",
    "decisions_of",
    "findings_of",
    "heads_of",
    "limits_of",
    "said_of",
    "strengths_of",
]
