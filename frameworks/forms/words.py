"""What the parts and fields of a framework are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Kind of item, of document/difference.py and document/mending.py → one of them, and several.
KINDS = {
    "framework": (_("Framework"), _("The framework itself")),
    "question": (_("Question"), _("Questions")),
    "dimension": (_("Dimension"), _("Dimensions")),
    "level": (_("Level"), _("Levels")),
    "ceiling": (_("Ceiling"), _("Crosswalk")),
    "ceilings": (_("Crosswalk"), _("Crosswalk")),
    "use_case": (_("Use case"), _("Use cases")),
    "action": (_("Action"), _("Actions")),
    "flag": (_("Consistency rule"), _("Consistency rules")),
    "reference": (_("Reference"), _("References")),
    "dpmm_level": (_("DPMM level"), _("DPMM levels")),
    "impact_class": (_("Impact class"), _("Impact classes")),
    "evidence_grade": (_("Evidence grade"), _("Evidence grades")),
    "grade": (_("Evidence grade"), _("Evidence grades")),
    "area": (_("Area"), _("Areas")),
    "role": (_("Role"), _("Roles")),
    "term": (_("Term"), _("Glossary")),
    "proxies": (_("Derived DPMM level"), _("Derived DPMM level")),
}
# Key of the document → what it is called; codes and numbers between are put beside it.
KEYS = {
    "title": _("Title"),
    "text": pgettext_lazy("of a question", "Question"),
    "why": _("Why it matters"),
    "weight": _("Weight"),
    "gate": _("Gate question"),
    "quick": _("In the ten-question check"),
    "not_applicable": _("Not applicable when"),
    "areas": _("Areas"),
    "roles": _("Roles"),
    "anchors": _("Anchor"),
    "evidence": _("What an inspector would ask for"),
    "references": _("References"),
    "dimension": _("Dimension"),
    "question": _("Question"),
    "questions": _("Questions"),
    "name": _("Name"),
    "short_name": _("Short name"),
    "summary": _("Summary"),
    "headlines": _("Headline"),
    "framework": _("Code of the framework"),
    "version": _("Number"),
    "notice": _("Notice"),
    "status_as_of": _("Status as of"),
    "policy": _("Scoring"),
    "threshold": _("Share that a level needs"),
    "gate_slack": _("Slack of a gate"),
    "not_applicable_cap": _("Highest level with a question left out"),
    "reading_rules": _("Reading rules"),
    "dpmm": _("DPMM minimum"),
    "owner": _("Owner"),
    "proxies": _("Questions it is derived from"),
    "sustained": _("Across the site"),
    "ring_fenced": _("One line"),
    "because": _("Reason"),
    "reading": _("Reading"),
    "meaning": _("Meaning"),
    "view": _("View"),
    "impact_class": _("Impact class"),
    "caveat": _("Caveat"),
    "minima": _("Minimum"),
    "critical": _("Critical question"),
    "bounded": _("One line"),
    "site_wide": _("Across the site"),
    "level": _("Level"),
    "from": _("From level"),
    "to": _("To level"),
    "task": _("Task"),
    "deliverable": _("Deliverable"),
    "effort": _("Effort"),
    "weeks": _("Weeks"),
    "prerequisites": _("Prerequisites"),
    "area": _("Area"),
    "raises": _("Raises"),
    "raised_by": _("Actions that raise it"),
    "when": _("When"),
    "any_of": _("While any of"),
    "at_least": _("At least"),
    "at_most": _("At most"),
    "issuer": _("Issuer"),
    "status": _("Status"),
    "status_text": _("Status in words"),
    "requirement": _("Requirement"),
    "supports": _("Highest level it carries"),
}


# Keys whose first step means something else there.
WHOLE = {
    "dpmm/name": _("Name of the digital plant model"),
    "dpmm/owner": _("Owner of the digital plant model"),
    "dpmm/version": _("Version of the digital plant model"),
    "dpmm/proxies": _("Questions that the DPMM level is derived from"),
}


# Lists of codes and numbers: where in them something stands tells nobody anything.
LISTS = ("areas", "roles", "references", "prerequisites", "raises", "proxies", "weeks", "reading_rules")


def label_of(key: str) -> str:
    """What a field is called: `minima/D1/level` is "Minimum D1, level"; unknown keys stand as they are."""
    if key in WHOLE:
        return str(WHOLE[key])
    parts: list[str] = []
    is_open = False  # whether a code may follow
    steps = key.split("/")
    for step in [step for before, step in zip(["", *steps], steps, strict=False) if before not in LISTS]:
        word = str(KEYS.get(step, step))
        if is_open and step not in KEYS:
            parts[-1] += f" {step}"
        else:
            parts.append(word if not parts or word[1:2].isupper() else word[:1].lower() + word[1:])
        is_open = step in KEYS
    return ", ".join(parts)
