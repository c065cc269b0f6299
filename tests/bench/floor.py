"""The floor: bare signed-in views of this same project, which do the least that each page must."""

from __future__ import annotations

from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from assessments.models import Answer
from bami_site.urls import handler400, handler403, handler404, handler500  # noqa: F401
from bami_site.urls import urlpatterns as real

OPEN = """{% for row in rows %}<form><h2>{{ row.question_code }}</h2>{% for level in "012345" %}
<label><input type="radio" name="{{ row.question_code }}" value="{{ level }}">{{ level }}</label>{% endfor %}
<textarea>{{ row.comment }}</textarea></form>{% endfor %}"""


def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Upsert one row."""
    answers = Answer.objects.unscoped("the bench")
    answers.filter(pk=pk).update(comment=request.POST.get("comment", ""))
    return HttpResponse("saved")


def open_dimension(request: HttpRequest, pk: int) -> HttpResponse:
    """A bare template of ten questions."""
    rows = Answer.objects.unscoped("the bench").filter(assessment_id=pk)[:10]
    return HttpResponse(engines["django"].from_string(OPEN).render({"rows": rows}))


def results(request: HttpRequest, pk: int) -> HttpResponse:
    """A grouped average."""
    answers = Answer.objects.unscoped("the bench").filter(assessment_id=pk)
    rows = answers.values("state").annotate(mean=Avg("level"), count=Count("pk"))
    return HttpResponse(str(list(rows)))


urlpatterns = [
    path("floor/save/<int:pk>/", save),
    path("floor/open/<int:pk>/", open_dimension),
    path("floor/results/<int:pk>/", results),
    *real,
]
