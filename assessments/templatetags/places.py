"""Where a question, a use case, an action or the file of a chart is: in its assessment, or public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.urls import reverse

from assessments.charts.rules import Evidence
from frameworks.document.shapes import FrameworkSpec

register = template.Library()


@register.simple_tag(takes_context=True)
def question_url(context: Any, code: str) -> str:
    """The question of this assessment or, on the page of a revision, its answer further down; without an
    assessment, its text among the public pages."""
    if context.get("snapshot"):
        return f"#a-{code}"
    dimension = context["spec"].dimension_of[code]
    if assessment := context.get("assessment"):
        return reverse("assessments:question", args=[assessment.uuid, dimension, code])
    return f"{reverse('framework:dimension', args=[dimension])}#{code}"


@register.simple_tag(takes_context=True)
def use_case_url(context: Any, code: str) -> str:
    """The use case of this assessment with what blocks it; without one, its public text."""
    if assessment := context.get("assessment"):
        return f"{reverse('assessments:use_cases', args=[assessment.uuid])}#{code}"
    return f"{reverse('framework:use_cases')}#{code}"


@register.simple_tag(takes_context=True)
def figure_url(context: Any, figure: str, ending: str) -> str:
    """The file of a chart: of this assessment, of the revision that the page shows, or of the sample."""
    assessment, snapshot = context.get("assessment"), context.get("snapshot")
    if assessment is None:
        return reverse("sample_report_figure", args=[figure, ending])
    if snapshot is None:
        return reverse("reports:figure", args=[assessment.uuid, figure, ending])
    kept = (assessment.uuid, snapshot.revision, snapshot.kind)
    return reverse("reports:revision_figure", args=[*kept, figure, ending])


@register.simple_tag(takes_context=True)
def evidence_url(context: Any, evidence: Evidence) -> str:
    """Where a piece of evidence is read; empty for what has no place on this page."""
    if evidence.kind == "question":
        return question_url(context, evidence.code)
    if evidence.kind == "use_case":
        return "" if context.get("snapshot") else use_case_url(context, evidence.code)
    if evidence.kind == "dimension":
        return f"#why-{evidence.code}"
    if evidence.kind == "action" and (assessment := context.get("assessment")):
        return f"{reverse('assessments:roadmap', args=[assessment.uuid])}#{evidence.code}"
    return "#s-areas" if evidence.kind == "area" else ""


@register.filter
def status_date(spec: FrameworkSpec) -> date:
    """The day whose regulatory status the content describes."""
    return date.fromisoformat(spec.status_as_of)
