"""What anybody may read of the framework: its newest published version, level by level and rule by rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frameworks.document.shapes import FrameworkSpec
from frameworks.queries import newest_spec

PUBLIC = "bami"  # the framework of the public pages


@login_not_required
@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    """Six levels and the dimensions, and whose content this is."""
    return render(request, "frameworks/levels.html", {"spec": public_spec()})


@login_not_required
@require_safe
def dimension(request: HttpRequest, code: str) -> HttpResponse:
    """One dimension: its levels, and every question with its anchors."""
    spec = public_spec()
    if code not in spec.dimension_by_code:
        raise Http404
    order = [row.code for row in spec.dimensions]
    at = order.index(code)
    context = {
        "spec": spec,
        "dimension": spec.dimension_by_code[code],
        "before": spec.dimensions[at - 1] if at else None,
        "after": spec.dimensions[at + 1] if at + 1 < len(order) else None,
    }
    return render(request, "frameworks/dimension.html", context)


@login_not_required
@require_safe
def crosswalk(request: HttpRequest) -> HttpResponse:
    """What each level of the digital plant can carry, with every reason."""
    return render(request, "frameworks/crosswalk.html", {"spec": public_spec()})


@login_not_required
@require_safe
def use_cases(request: HttpRequest) -> HttpResponse:
    """Uses of AI by impact class, with what each needs."""
    spec = public_spec()
    groups = [
        (impact, [use for use in spec.use_cases if use.impact_class == impact.code])
        for impact in spec.impact_classes
    ]
    return render(request, "frameworks/use_cases.html", {"spec": spec, "groups": groups})


@login_not_required
@require_safe
def references(request: HttpRequest) -> HttpResponse:
    """The texts that the content rests on, each with its status."""
    return render(request, "frameworks/references.html", {"spec": public_spec()})


@login_not_required
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Reading rules, evidence grades, and the words with a fixed meaning."""
    return render(request, "frameworks/glossary.html", {"spec": public_spec()})


def public_spec() -> FrameworkSpec:
    """The newest published version; 404 where none is installed yet."""
    spec = newest_spec(PUBLIC)
    if spec is None:
        raise Http404
    return spec
