"""The pages of a draft that hold fields: each can show what stands, or what was typed and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from frameworks.document.editing import AS_ITS_DIMENSION, NOT_CRITICAL
from frameworks.document.parts import (
    Document,
    entries,
    entry_of,
    find_question,
    inner,
    named_by,
    questions_of,
    text_of,
)
from frameworks.document.shapes import DPMM_LEVELS, LEVELS
from frameworks.forms.fields import NOTHING_TYPED, DraftFields, FieldView, Group, Option, Typed
from frameworks.models import FrameworkDraft
from frameworks.queries import open_notes
from frameworks.views.shared import Opened, codes_of, contents, frame, options_of

OWN_GROUP = 3  # references of one issuer that stand under a heading of their own
Page = Callable[[SignedInRequest, FrameworkDraft, str, Typed], HttpResponse]


def question_page(
    request: SignedInRequest, draft: FrameworkDraft, code: str, typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    """Every field of one question; 404 where the draft has no such question."""
    opened = Opened(draft)
    found = find_question(opened.document, code)
    if found is None:
        raise Http404
    dimension, question = found
    fields = DraftFields(opened.document, opened.faults, typed)
    named = named_by(opened.document, code)
    order = [asked for _, asked, _ in questions_of(opened.document)]
    place = order.index(code)
    context = {
        **page_context(opened, "questions", f"question:{code}", typed),
        **_question_fields(fields, f"questions/{code}"),
        "contents": contents(opened),
        "code": code,
        "title": text_of(question, "title") or code,
        "dimension": dimension,
        "dimension_name": _name(opened.document, dimension),
        "named": named,
        "notes": open_notes(draft.framework, code),
        "has_action": any(naming.kind == "action" for naming in named),
        "previous": order[place - 1] if place else "",
        "next": order[place + 1] if place + 1 < len(order) else "",
    }
    return render(request, "frameworks/editor/question.html", context, status=typed.status)


def dimension_page(
    request: SignedInRequest, draft: FrameworkDraft, code: str, typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    """The texts of one dimension and the order of its questions; 404 where the draft has none such."""
    opened = Opened(draft)
    dimension = entry_of(opened.document.get("dimensions"), code)
    if dimension is None:
        raise Http404
    fields = DraftFields(opened.document, opened.faults, typed)
    own = f"dimensions/{code}"
    context = {
        **page_context(opened, "questions", f"dimension:{code}", typed),
        "contents": contents(opened),
        "dimension": code,
        "dimension_name": _name(opened.document, code),
        "rows": _question_rows(opened, fields, dimension),
        "part_faults": opened.faults.get(f"{own}/questions", []),
        "name": fields.field(f"{own}/name", rows=1, hint=_("In full.")),
        "short_name": fields.field(f"{own}/short_name", rows=1, hint=_("As lists and charts name it.")),
        "weight": fields.field(f"{own}/weight", hint=_("Of this dimension in the index.")),
        "summary": fields.field(f"{own}/summary", rows=3),
        "headlines": _by_level(opened.document, fields, f"{own}/headlines"),
    }
    return render(request, "frameworks/editor/dimension.html", context, status=typed.status)


def levels_page(
    request: SignedInRequest, draft: FrameworkDraft, code: str = "", typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    """Names and summaries of the six levels."""
    opened = Opened(draft)
    fields = DraftFields(opened.document, opened.faults, typed)
    context = {
        **page_context(opened, "levels", "levels:", typed),
        "rows": [
            (
                level,
                fields.field(f"levels/{level}/name", rows=1),
                fields.field(f"levels/{level}/summary", rows=3),
            )
            for level in LEVELS
        ],
    }
    return render(request, "frameworks/editor/levels.html", context, status=typed.status)


def crosswalk_page(
    request: SignedInRequest, draft: FrameworkDraft, code: str = "", typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    """The crosswalk as a matrix: what each level of the digital plant carries in each dimension, and why."""
    opened = Opened(draft)
    fields = DraftFields(opened.document, opened.faults, typed)
    dimensions = _dimensions(opened.document)
    names = dict(options_of(inner(opened.document, "dpmm").get("levels"), "level"))
    context = {
        **page_context(opened, "crosswalk", "crosswalk:", typed),
        "dimensions": dimensions,
        "rows": [
            (dpmm, names.get(str(dpmm), ""), [_cell(fields, dpmm, *dimension) for dimension in dimensions])
            for dpmm in DPMM_LEVELS
        ],
        "part_faults": opened.faults.get("matrix", []),
    }
    return render(request, "frameworks/editor/crosswalk.html", context, status=typed.status)


def use_case_page(
    request: SignedInRequest, draft: FrameworkDraft, code: str, typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    """What one use case asks for: minima, critical questions, DPMM minima; 404 where there is none such."""
    opened = Opened(draft)
    use_case = entry_of(opened.document.get("use_cases"), code)
    if use_case is None:
        raise Http404
    fields = DraftFields(opened.document, opened.faults, typed)
    own, levels, order = (
        f"use_cases/{code}",
        _levels(opened.document),
        codes_of(entries(opened.document.get("use_cases"))),
    )
    place = order.index(code)
    plants = dict(options_of(inner(opened.document, "dpmm").get("levels"), "level"))
    dpmm = [(str(level), f"{level} {plants.get(str(level), '')}".strip()) for level in DPMM_LEVELS]
    context = {
        **page_context(opened, "use_cases", f"use_case:{code}", typed),
        "code": code,
        "use_case": use_case,
        "minima": [
            (
                dimension,
                name,
                fields.field(f"{own}/minima/{dimension}/level", label=_("Minimum"), options=levels),
                fields.field(f"{own}/minima/{dimension}/because", label=_("Reason"), rows=2),
            )
            for dimension, name in _dimensions(opened.document)
        ],
        "part_faults": opened.faults.get(f"{own}/minima", []),
        **_critical(opened.document, use_case, fields, own, levels),
        "bounded": fields.field(f"{own}/dpmm/bounded", options=dpmm, label=_("DPMM minimum, one line")),
        "site_wide": fields.field(
            f"{own}/dpmm/site_wide", options=dpmm, label=_("DPMM minimum, across the site")
        ),
        "because": fields.field(f"{own}/dpmm/because", rows=2),
        "previous": order[place - 1] if place else "",
        "next": order[place + 1] if place + 1 < len(order) else "",
    }
    return render(request, "frameworks/editor/use_case.html", context, status=typed.status)


def use_case_row(opened: Opened, code: str, use_case: Document) -> dict[str, Any]:
    """One use case in short: its minima by dimension, how many questions are critical, its DPMM minima."""
    minima = dict(entries(use_case.get("minima"), "dimension"))
    dpmm = inner(use_case, "dpmm")
    return {
        "code": code,
        "name": text_of(use_case, "name") or code,
        "impact_class": text_of(use_case, "impact_class"),
        "minima": [
            (name, minima.get(dimension, {}).get("level")) for dimension, name in _dimensions(opened.document)
        ],
        "critical": len(codes_of(entries(use_case.get("critical"), "question"))),
        "bounded": dpmm.get("bounded"),
        "site_wide": dpmm.get("site_wide"),
        "faults": opened.count("use_case", code),
    }


def page_context(opened: Opened, tab: str, page: str, typed: Typed) -> dict[str, Any]:
    """What every page with fields needs: its frame, its name for the save, and what went wrong."""
    return {
        **frame(opened, tab),
        "page": page,
        "op_id": uuid4(),
        "typed": typed,
        "wrong": len(typed.errors) + len(typed.contested),
    }


def _question_fields(fields: DraftFields, own: str) -> dict[str, Any]:
    document = fields.document
    return {
        "fields": [
            fields.field(f"{own}/title", rows=1, hint=_("As contents and reports name it.")),
            fields.field(f"{own}/text", rows=2, hint=_("As it is asked.")),
            fields.field(f"{own}/why", rows=2, hint=_("Stands under the question.")),
        ],
        "anchors": _by_level(document, fields, f"{own}/anchors"),
        "weight": fields.field(f"{own}/weight", hint=_("Of this question within its dimension.")),
        "gate": fields.field(f"{own}/gate", hint=_("It can hold the level of its dimension on its own.")),
        "quick": fields.field(f"{own}/quick", hint=_("Two questions of each dimension.")),
        "areas": fields.field(
            f"{own}/areas",
            options=options_of(document.get("areas")),
            hint=_("Where a gap here lies; the first is the primary one."),
        ),
        "roles": fields.field(
            f"{own}/roles", options=options_of(document.get("roles")), hint=_("Who can answer it.")
        ),
        "not_applicable": fields.field(
            f"{own}/not_applicable",
            rows=2,
            hint=_("The condition in words. Left empty, the question applies to every site."),
        ),
        "evidence": fields.field(f"{own}/evidence", rows=2),
        "raised_by": fields.field(
            f"{own}/raised_by",
            options=[
                (action, text_of(held, "title") or action)
                for action, held in entries(document.get("actions"))
            ],
            hint=_("What the roadmap takes to close a gap here; each action lists the questions it raises."),
        ),
        "references": fields.field(
            f"{own}/references",
            options=options_of(document.get("references")),
            groups=_by_issuer(document),
            hint=_("Standards and guidances behind it, as the page of the question names them."),
        ),
    }


def _by_issuer(document: Document) -> list[Group]:
    """The references under who issued them; issuers of one or two stand together at the end."""
    held: dict[str, list[Option]] = {}
    issuers = {code: text_of(row, "issuer") for code, row in entries(document.get("references"))}
    for option in options_of(document.get("references")):
        held.setdefault(issuers[option[0]], []).append(option)
    many = {issuer: tuple(options) for issuer, options in held.items() if len(options) >= OWN_GROUP}
    others = [option for issuer in sorted(held) if issuer not in many for option in held[issuer]]
    groups = sorted(many.items())
    return [*groups, (_("Other issuers"), tuple(others))] if others else groups


def _by_level(document: Document, fields: DraftFields, own: str) -> list[tuple[int, str, FieldView]]:
    """Six texts, one for each level, with its name."""
    names = dict(options_of(document.get("levels"), "level"))
    return [
        (level, name, fields.field(f"{own}/{level}", label=name or str(level), rows=2))
        for level in LEVELS
        for name in [names.get(str(level), "")]
    ]


def _question_rows(opened: Opened, fields: DraftFields, dimension: Document) -> list[dict[str, Any]]:
    """The questions of a dimension in order, each with the one it would stand before after a step."""
    held = list(entries(dimension.get("questions")))
    order = codes_of(held)
    return [
        {
            "code": code,
            "title": text_of(question, "title") or code,
            "weight": question.get("weight"),
            "gate": question.get("gate") is True,
            "quick": fields.field(f"questions/{code}/quick"),
            "faults": opened.count("question", code),
            "up": order[place - 1] if place else None,
            "down": "".join(order[place + 2 : place + 3]) if place + 1 < len(order) else None,
        }
        for place, (code, question) in enumerate(held)
    ]


def _cell(fields: DraftFields, dpmm: int, dimension: str, name: str) -> dict[str, Any]:
    own = f"ceilings/{dpmm}/{dimension}"
    levels = [(str(level), str(level)) for level in LEVELS]
    return {
        "name": name,
        "sustained": fields.field(f"{own}/sustained", options=levels, label=_("Site")),
        "ring_fenced": fields.field(f"{own}/ring_fenced", options=levels, label=_("One line")),
        "because": fields.field(f"{own}/because", rows=3),
    }


def _critical(
    document: Document, use_case: Document, fields: DraftFields, own: str, levels: list[Option]
) -> dict[str, Any]:
    """The questions that a use case names, those that are not there included, and all others by dimension."""
    choices = [(NOT_CRITICAL, _("not critical")), (AS_ITS_DIMENSION, _("as its dimension")), *levels]
    named = codes_of(entries(use_case.get("critical"), "question"))
    titles = {code: text_of(question, "title") or code for _, code, question in questions_of(document)}

    def field(code: str) -> tuple[str, str, FieldView]:
        label = _("%(code)s %(title)s") % {"code": code, "title": titles.get(code, _("not in this draft"))}
        return (
            code,
            titles.get(code, _("not in this draft")),
            fields.field(f"{own}/critical/{code}", label=label, options=choices),
        )

    return {
        "critical": [field(code) for code in dict.fromkeys(named)],
        "others": [
            (
                dimension,
                name,
                [
                    field(code)
                    for within, code, _question in questions_of(document)
                    if within == dimension and code not in named
                ],
            )
            for dimension, name in _dimensions(document)
        ],
    }


def _levels(document: Document) -> list[Option]:
    return [(code, f"{code} {name}") for code, name in options_of(document.get("levels"), "level")]


def _dimensions(document: Document) -> list[tuple[str, str]]:
    return [
        (code, text_of(dimension, "short_name") or code)
        for code, dimension in entries(document.get("dimensions"))
    ]


def _name(document: Document, dimension: str) -> str:
    return dict(_dimensions(document)).get(dimension, dimension)
