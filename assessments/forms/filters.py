"""Which questions are shown while answering: the filter that an address names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from frameworks.document.shapes import FrameworkSpec, QuestionSpec

STATES = {
    "unanswered": _("Unanswered"),
    "unknown": _("Don’t know"),
    "without-evidence": _("Without evidence"),
    "flagged": _("Flagged"),
    "contradicting": _("Contradicting"),
    "to-confirm": _("To confirm"),
}
GATES = "yes"


@dataclass(frozen=True, slots=True)
class Filter:
    """Role, gap area and gates say which part of the questions; the state narrows it further.

    An empty value lets everything through; so does one that the content does not have.
    """

    state: str = ""  # one of STATES
    role: str = ""  # code of a role
    area: str = ""  # code of a gap area
    gates: bool = False

    @property
    def given(self) -> dict[str, str]:
        """What an address or a form names of the filter."""
        parts = {
            "show": self.state,
            "role": self.role,
            "area": self.area,
            "gates": GATES if self.gates else "",
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def query(self) -> str:
        """What follows an address to keep the filter: "?role=qa", or an empty text."""
        return f"?{urlencode(self.given)}" if self.given else ""

    @property
    def part(self) -> Filter:
        """The part of the questions alone, whatever their state."""
        return replace(self, state="")

    @property
    def is_of_part(self) -> bool:
        """Whether only a part of the questions is asked for, whatever their state."""
        return bool(self.role or self.area or self.gates)

    def with_state(self, state: str) -> Filter:
        return replace(self, state=state)

    def covers(self, question: QuestionSpec) -> bool:
        """Whether a question belongs to the part that is asked for."""
        return (
            (not self.role or self.role in question.roles)
            and (not self.area or self.area in question.areas)
            and (not self.gates or question.gate)
        )


def read_filter(query: Mapping[str, str], spec: FrameworkSpec) -> Filter:
    """The filter that a query string names; what the content does not have is left out."""
    state, role, area = query.get("show", ""), query.get("role", ""), query.get("area", "")
    return Filter(
        state=state if state in STATES else "",
        role=role if role in {known.code for known in spec.roles} else "",
        area=area if area in {known.code for known in spec.areas} else "",
        gates=query.get("gates") == GATES,
    )
