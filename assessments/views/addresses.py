"""Where questions are answered, with the filter in use; and the way back there from the pages beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from accounts.middleware import SignedInRequest
from assessments.forms.filters import Filter, read_filter
from assessments.models import Assessment
from assessments.results import spec_of


@dataclass(frozen=True, slots=True)
class WayBack:
    """A question, or a whole dimension, with the filter in use; without either, where a person left off."""

    assessment: Assessment
    filter: Filter
    question: str = ""
    dimension: str = ""

    @property
    def place(self) -> dict[str, str]:
        """What a form names of it, without the filter."""
        named = {"question": self.question, "dimension": self.dimension}
        return {name: code for name, code in named.items() if code}

    @property
    def given(self) -> dict[str, str]:
        """What an address or a form names of it."""
        return self.place | self.filter.given

    @property
    def query(self) -> str:
        """What follows the address of a page beside the questions."""
        return f"?{urlencode(self.given)}" if self.given else ""

    @property
    def address(self) -> str:
        if self.question:
            return page_address(self.assessment, self.question, self.filter, whole_dimension=False)
        if self.dimension:
            return dimension_address(self.assessment, self.dimension, self.filter)
        return reverse("assessments:answers", args=[self.assessment.uuid]) + self.filter.query


def read_way_back(named: Mapping[str, str], assessment: Assessment) -> WayBack:
    """The way back that an address or a form names; what the content does not have is left out."""
    spec = spec_of(assessment)
    question, dimension = named.get("question", ""), named.get("dimension", "")
    return WayBack(
        assessment,
        read_filter(named, spec),
        question=question if question in spec.questions else "",
        dimension=dimension if dimension in spec.dimension_by_code else "",
    )


def within(request: SignedInRequest, assessment: Assessment) -> Filter:
    """The filter of the page that a form was sent from."""
    return read_filter(QueryDict(request.POST.get("within", "").lstrip("?")), spec_of(assessment))


def page_address(assessment: Assessment, code: str, chosen: Filter, *, whole_dimension: bool) -> str:
    """Where a question is answered, alone or in its dimension, with the filter kept."""
    dimension = spec_of(assessment).dimension_of[code]
    if whole_dimension:
        return f"{dimension_address(assessment, dimension, chosen)}#q-{code}"
    return question_address(assessment.uuid, dimension, code) + chosen.query


@lru_cache(maxsize=4096)
def question_address(uuid: UUID, dimension: str, code: str) -> str:
    """Where a question is answered; kept, since every save leads to a dozen of them."""
    return reverse("assessments:question", args=[uuid, dimension, code])


def dimension_address(assessment: Assessment, dimension: str, chosen: Filter) -> str:
    """Where the questions of a dimension are answered as rows, with the filter kept."""
    return reverse("assessments:dimension", args=[assessment.uuid, dimension]) + chosen.query
