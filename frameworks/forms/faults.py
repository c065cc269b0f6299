"""What the parser finds in a draft, in the words of an editor: one sentence for each fault's code."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frameworks.document.mending import Mend
from frameworks.forms.words import KINDS, label_of

# Each stands under the name of the thing or at its field: %(field)s is the field, %(what)s the thing.
# All else is named by the fault.
SENTENCES = {
    "empty": gettext_lazy("%(field)s is still to be written."),
    "missing": gettext_lazy("%(field)s is missing."),
    "not_text": gettext_lazy("%(field)s has to be a text."),
    "not_code": gettext_lazy("%(field)s does not have the form that it needs. It is %(expected)s"),
    "not_choice": gettext_lazy("%(field)s is none of the choices. It is %(expected)s."),
    "not_whole": gettext_lazy("%(field)s is not a number that can stand here. It is %(expected)s."),
    "not_yes_no": gettext_lazy("%(field)s has to be yes or no."),
    "not_date": gettext_lazy("%(field)s has to be a day, such as 2026-09-30."),
    "not_share": gettext_lazy("%(field)s has to be a share, above 0 and at most 1, such as 3/4."),
    "not_list": gettext_lazy("%(field)s has to be a list."),
    "not_part": gettext_lazy("%(field)s does not have the parts that it needs."),
    "text": gettext_lazy("%(field)s cannot be kept as it is written: %(wrong)s."),
    "count": gettext_lazy("%(field)s: %(wanted)s are needed and %(found)s are there."),
    "few": gettext_lazy("%(field)s: at least %(wanted)s is needed."),
    "unknown_key": gettext_lazy("%(what)s holds something that the format does not know."),
    "too_many": gettext_lazy("There are more faults than can be shown; these are the first."),
    "given_twice": gettext_lazy("The code %(given)s is given twice. Each has its own."),
    "named_twice": gettext_lazy("%(field)s: %(given)s is named twice."),
    "not_there": gettext_lazy("%(field)s: this draft has no %(given)s."),
    "circle": gettext_lazy("The prerequisites lead round in a circle: %(circle)s."),
    "order": gettext_lazy("%(found)s stands where %(wanted)s belongs: they stand in order."),
    "grade_falls": gettext_lazy(
        "%(what)s carries level %(found)s, and a grade before it carries %(least)s: no grade carries less."
    ),
    "quick": gettext_lazy("%(wanted)s questions are in the ten-question check, here %(found)s."),
    "odd": gettext_lazy("The DPMM level is derived from an odd number of questions; these are %(found)s."),
    "row_twice": gettext_lazy("The crosswalk has two rows for DPMM level %(dpmm)s and %(dimension)s."),
    "row_missing": gettext_lazy("The crosswalk has no row for DPMM level %(dpmm)s and %(dimension)s."),
    "ceiling_falls": gettext_lazy(
        "%(field)s falls to %(found)s, below the %(least)s of DPMM level %(dpmm)s: it never falls."
    ),
    "line_below_site": gettext_lazy(
        "One line carries %(found)s, less than the %(least)s across the site: it carries as much at least."
    ),
    "top_ceiling": gettext_lazy(
        "At the highest DPMM level the ceiling across the site is %(wanted)s, not %(found)s."
    ),
    "minimum_missing": gettext_lazy("%(what)s has no minimum for the dimension %(dimension)s."),
    "site_below_line": gettext_lazy(
        "%(what)s asks for DPMM level %(found)s across the site, less than the %(least)s on one line."
    ),
    "not_carried": gettext_lazy(
        "%(field)s: %(found)s is more than the %(most)s that DPMM level %(dpmm)s carries across the site."
    ),
    "not_carried_on_line": gettext_lazy(
        "%(field)s: %(found)s is more than the %(most)s that DPMM level %(dpmm)s carries on one line."
    ),
    "no_step_up": gettext_lazy("%(what)s leads from level %(low)s to %(found)s: an action leads up."),
    "weeks_turned": gettext_lazy("%(what)s takes %(high)s to %(low)s weeks: the lower number comes first."),
}


def sentence_of(mend: Mend) -> str:
    """What is wrong with the field, or with the thing; the parser's words for what has no code."""
    fault = mend.fault
    if fault.code not in SENTENCES:
        return fault.message
    kind = str(KINDS[mend.kind][0]) if mend.kind in KINDS else mend.kind
    named = " ".join(part for part in (mend.code, mend.name) if part)
    words = {
        "field": label_of(mend.key) if mend.key else kind,
        "what": f"{kind} {named}" if named else _("the framework itself"),
        **dict(fault.about),
    }
    said = str(SENTENCES[fault.code]) % words
    return said[:1].upper() + said[1:]
