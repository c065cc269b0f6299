"""Side by side: an assessment with an earlier state of its site, and the sites of an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import Organisation
from accounts.views.shared import find_organisation
from accounts.views.shared import frame as organisation_frame
from assessments.charts.changes import Side
from assessments.charts.comparison import compare
from assessments.charts.levels import Indexed
from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DimensionScore, Results
from assessments.models import Answer, Assessment, Snapshot
from assessments.results import (
    live_inputs,
    record_for,
    record_in,
    results_for,
    results_in,
    spec_of,
)
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec

STATES = 200  # earlier states that are offered


@dataclass(frozen=True, slots=True)
class State:
    """One state of a site that can be looked at: a draft as it stands, or a revision that was frozen."""

    assessment: Assessment
    snapshot: Snapshot | None  # None: as it stands
    at: datetime

    @property
    def key(self) -> str:
        """How the address names it."""
        kept = f".{self.snapshot.revision}.{self.snapshot.kind}" if self.snapshot else ""
        return f"{self.assessment.uuid}{kept}"

    def side(self) -> Side:
        if self.snapshot is None:
            return Side(spec_of(self.assessment), record_for(self.assessment), results_for(self.assessment))
        # Its two texts are long, so they are read only for what is looked at.
        whole_row = Snapshot.objects.of(self.assessment.organisation).get(pk=self.snapshot.pk)
        return Side(spec_of(self.assessment), record_in(whole_row), results_in(whole_row))


@require_GET
def comparison(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """This assessment as it stands beside another state of its site: `with`, or the latest before it."""
    assessment = find_assessment(request, uuid)
    states = _states(request, assessment)
    here = next(state for state in states if _stands(state, assessment))
    others = [state for state in states if state is not here]
    other = _asked(request.GET.get("with", ""), others) or _latest_before(here, others)
    context = {**frame(assessment, "results"), "states": others, "here": here, "other": other}
    if other:
        before, after = (other, here) if other.at <= here.at else (here, other)
        found = compare(before.side(), after.side())
        context |= {"found": found, "before": before, "after": after, "spec_before": found.before.spec}
        context["spec_after"] = found.after.spec
    return render(request, "assessments/compare.html", context)


def _states(request: SignedInRequest, assessment: Assessment) -> list[State]:
    """Every state of the site that this person may see, the latest first."""
    seen = Assessment.objects.visible_to(request.user).filter(site=assessment.site_id).for_page()
    held = {row.pk: row for row in seen.order_by("-changed_at")[:STATES]} | {assessment.pk: assessment}
    kept = Snapshot.objects.of(assessment.organisation).filter(assessment__in=held)
    found = [
        State(held[row.assessment_id], row, row.created_at)
        for row in kept.defer("record", "results").order_by("-created_at")[:STATES]
    ]
    found += [State(row, None, row.changed_at) for row in held.values() if row.is_draft]
    return sorted(found, key=lambda state: state.at, reverse=True)


def _stands(state: State, assessment: Assessment) -> bool:
    """Whether it is how this assessment stands today."""
    if state.assessment.pk != assessment.pk:
        return False
    if state.snapshot is None:
        return assessment.is_draft
    kind = Snapshot.Kind.REVIEWED if assessment.is_reviewed else Snapshot.Kind.SUBMITTED
    is_present = not assessment.is_draft and state.snapshot.revision == assessment.revision
    return is_present and state.snapshot.kind == kind


def _asked(key: str, others: Iterable[State]) -> State | None:
    """The state that the address names; 404 where there is none that this person may see."""
    if not key:
        return None
    found = next((state for state in others if state.key == key), None)
    if found is None:
        raise Http404
    return found


def _latest_before(here: State, others: list[State]) -> State | None:
    """The latest state before this one; of the same assessment first."""
    earlier = [state for state in others if state.at <= here.at] or others
    same = [state for state in earlier if state.assessment.pk == here.assessment.pk]
    return next(iter(same or earlier), None)


@dataclass(frozen=True, slots=True)
class SiteRow(Indexed):
    """One state of a site: the newest that was submitted, or the current draft."""

    state: State
    spec: FrameworkSpec
    results: Results
    cells: tuple[tuple[str, DimensionScore | None], ...]  # by the code of each dimension shown


@require_GET
def sites(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The sites of an organisation side by side: of each the newest submitted work and the current draft."""
    organisation = find_organisation(request, uuid)
    seen = Assessment.objects.visible_to(request.user).filter(organisation=organisation).current()
    held = list(seen.for_page().order_by("site__name", "site_id", "pk"))
    chosen = _newest_of_each_site(organisation, held)
    found = _results_of(organisation, chosen)
    specs = [spec_of(state.assessment) for state in chosen]
    dimensions = {code: dimension for spec in specs for code, dimension in spec.dimension_by_code.items()}
    rows = [
        SiteRow(
            state,
            spec,
            results,
            tuple((code, results.readings.claimed.dimensions.get(code)) for code in dimensions),
        )
        for state, spec, results in zip(chosen, specs, found, strict=True)
    ]
    by_site = [
        (site, list(group)) for site, group in groupby(rows, key=lambda row: row.state.assessment.site)
    ]
    context = {**organisation_frame(organisation, "sites"), "sites": by_site, "dimensions": dimensions}
    return render(request, "assessments/sites.html", context)


def _newest_of_each_site(organisation: Organisation, held: list[Assessment]) -> list[State]:
    """Of each site what was submitted or reviewed last, then the draft that was changed last."""
    kept = Snapshot.objects.of(organisation).filter(assessment__in=held).defer("record", "results")
    latest = {row.assessment_id: row for row in kept.order_by("created_at", "pk")}
    found: list[State] = []
    for _site, group in groupby(held, key=lambda row: row.site_id):
        rows = list(group)
        frozen = [State(row, latest[row.pk], latest[row.pk].created_at) for row in rows if row.pk in latest]
        drafts = [State(row, None, row.changed_at) for row in rows if row.is_draft]
        found += [max(states, key=lambda state: state.at) for states in (frozen, drafts) if states]
    return found


def _results_of(organisation: Organisation, states: list[State]) -> list[Results]:
    """The results of all of them, in two statements however many they are."""
    frozen = [state.snapshot.pk for state in states if state.snapshot]
    kept = Snapshot.objects.of(organisation).filter(pk__in=frozen).defer("record")
    found = {row.pk: results_in(row) for row in kept}
    answers: dict[int, list[Answer]] = {state.assessment.pk: [] for state in states if not state.snapshot}
    for answer in Answer.objects.of(organisation).filter(assessment__in=answers):
        answers[answer.assessment_id].append(answer)
    return [
        found[state.snapshot.pk]
        if state.snapshot
        else evaluate(spec_of(state.assessment), live_inputs(state.assessment, answers[state.assessment.pk]))
        for state in states
    ]
