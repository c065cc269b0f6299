"""Words of what is different between two states of a site."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.templatetags.said.names import Values, Words, dimensions, level, listed, name_of, said
from frameworks.document.shapes import FrameworkSpec


def _level(spec: FrameworkSpec, found: Values) -> str:
    before, after, codes = found["before"], found["after"], found["dimensions"]
    if after is None:
        return _("The site has no level any more; it was %(before)s") % {"before": level(spec, before)}
    if before is None:
        return _("The site has a level now: %(after)s") % {"after": level(spec, after)}
    values = {"before": before, "after": level(spec, after), "names": dimensions(spec, codes)}
    if after > before:
        if not codes:
            return _("The level of the site rose from %(before)d to %(after)s") % values
        return _("The level of the site rose from %(before)d to %(after)s: %(names)s rose") % values
    if not codes:
        return _("The level of the site fell from %(before)d to %(after)s") % values
    return _("The level of the site fell from %(before)d to %(after)s: %(names)s fell") % values


def _index(spec: FrameworkSpec, found: Values) -> str:
    if found["before"] == found["after"]:
        return _("The index moved by less than one point and stays at %(after)d of 100") % found
    if found["after"] > found["before"]:
        return _("The index rose from %(before)d to %(after)d of 100") % found
    return _("The index fell from %(before)d to %(after)d of 100") % found


def _index_follows(spec: FrameworkSpec, found: Values) -> str:
    if found["held_before"] == found["held_after"]:
        return _("The digital plant holds back %(held_after)d, as before.") % found
    return _("The digital plant holds back %(held_after)d instead of %(held_before)d.") % found


def _scored(spec: FrameworkSpec, found: Values) -> str:
    values = {"name": spec.dimension_by_code[found["dimension"]].short_name}
    if found["after"] is not None:
        return _("%(name)s has a level now: %(level)s") % {**values, "level": level(spec, found["after"])}
    if found["is_left_out"]:
        return _("%(name)s is left out now: no question of it applies") % values
    return _("%(name)s has no level any more") % values


def _moved(spec: FrameworkSpec, found: Values, is_up: bool) -> str:
    values = {
        "name": spec.dimension_by_code[found["dimension"]].short_name,
        "before": found["before"],
        "after": found["after"],
        "cause": _cause(spec, found, is_up),
    }
    if is_up:
        return _("%(name)s counts %(after)d instead of %(before)d: %(cause)s") % values
    return _("%(name)s counts only %(after)d instead of %(before)d: %(cause)s") % values


def _cause(spec: FrameworkSpec, found: Values, is_up: bool) -> str:
    parts = []
    if found["by_answers"]:
        parts.append(_answers(spec, found, is_up))
    if found["by_ceiling"]:
        parts.append(_ceiling(found))
    return listed(parts)


def _answers(spec: FrameworkSpec, found: Values, is_up: bool) -> str:
    codes = found["answers"]
    if not codes:
        return _("other questions are asked or apply")
    names = listed([f"“{spec.questions[code].title}”" for code in codes])
    if is_up:
        return ngettext("%(names)s rose", "%(names)s rose", len(codes)) % {"names": names}
    return ngettext("%(names)s fell", "%(names)s fell", len(codes)) % {"names": names}


def _ceiling(found: Values) -> str:
    (was, now), (_held, dpmm) = found["ceilings"], found["dpmm"]
    if now is None:
        return _("no ceiling applies any more")
    if was is None:
        return _("a ceiling of %(now)d applies at DPMM %(dpmm)d") % {"now": now, "dpmm": dpmm}
    values = {"was": was, "now": now, "dpmm": dpmm}
    if now > was:
        return _("the ceiling rose from %(was)d to %(now)d at DPMM %(dpmm)d") % values
    return _("the ceiling fell from %(was)d to %(now)d at DPMM %(dpmm)d") % values


def verdict_name(verdict: str) -> str:
    names = {
        "ready": _("Ready"),
        "ready_bounded": _("Ready, bounded"),
        "near": _("Near"),
        "premature": _("Premature"),
    }
    return names[verdict]


def _use(spec: FrameworkSpec, found: Values) -> str:
    values = {
        "use": spec.use_case_by_code[found["use"]].name,
        "before": verdict_name(found["before"]),
        "after": verdict_name(found["after"]),
    }
    text = _("“%(use)s” went from %(before)s to %(after)s") % values
    if not found["causes"]:
        return text
    names = listed([_short(spec, kind, code) for kind, code in found["causes"]])
    if found["is_up"]:
        return _("%(text)s: less is short in %(names)s") % {"text": text, "names": names}
    return _("%(text)s: more is short in %(names)s") % {"text": text, "names": names}


def _short(spec: FrameworkSpec, kind: str, code: str) -> str:
    return _("the DPMM level") if kind == "dpmm" else name_of(spec, kind, code)


SENTENCES: dict[str, Words] = {
    "cmp_nothing": said(gettext_lazy("Nothing that counts is different")),
    "cmp_level": _level,
    "cmp_index": _index,
    "cmp_scored": _scored,
    "cmp_rose": lambda spec, found: _moved(spec, found, True),
    "cmp_fell": lambda spec, found: _moved(spec, found, False),
    "cmp_use": _use,
}
FOLLOWS: dict[str, Words] = {
    "cmp_nothing": said(gettext_lazy("Level, index, dimensions and verdicts are the same on both sides.")),
    "cmp_index": _index_follows,
}
