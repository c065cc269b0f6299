"""Assessments, their answers, the snapshots that stand for ever, and their reviews."""

from assessments.models.assessment import Answer, Assessment, BriefAnswer, Snapshot
from assessments.models.limits import OWN_WORDS, REASON_LEAST
from assessments.models.review import Decision, Inquiry, Review, Stance

__all__ = [
    "OWN_WORDS",
    "REASON_LEAST",
    "Answer",
    "Assessment",
    "BriefAnswer",
    "Decision",
    "Inquiry",
    "Review",
    "Snapshot",
    "Stance",
]
