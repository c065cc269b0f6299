"""Words of what is different between two states of a site."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.templatetags.said.names import Values, Words, dimensions, level, listed, name_of, said
from frameworks.document.shapes import FrameworkSpec


def _level(spec: FrameworkSpec, found: Values) -> str:
    before, after = found["before"], found["after"]
    if after is None:
        return _("The site has no level any more; it was %(before)s") % {"before": level(spec, before)}
    if before is None:
        return _("The site has a level now: %(after)s") % {"after": level(spec, after)}
    values = {"before": before, "after": level(spec, after)}
    if after > before:
        text = _("The level of the site rose from %(before)d to %(after)s") % values
    else:
        text = _("The level of the site fell from %(before)d to %(after)s") % values
    causes = _level_causes(spec, found, is_up=after > before)
    return _("%(text)s: %(causes)s") % {"text": text, "causes": listed(causes)} if causes else text


def _level_causes(spec: FrameworkSpec, found: Values, *, is_up: bool) -> list[str]:
    """The dimensions that moved it, then those that one side leaves out."""
    causes = []
    if codes := found["dimensions"]:
        way = (
            ngettext("%(names)s rose", "%(names)s rose", len(codes))
            if is_up
            else ngettext("%(names)s fell", "%(names)s fell", len(codes))
        )
        causes.append(way % {"names": dimensions(spec, codes)})
    if codes := found["apart"]:
        apart = (
            ngettext("%(names)s is left out now", "%(names)s are left out now", len(codes))
            if is_up
            else ngettext(
                "%(names)s is not left out any more", "%(names)s are not left out any more", len(codes)
            )
        )
        causes.append(apart % {"names": dimensions(spec, codes)})
    return causes


def _reading_level(spec: FrameworkSpec, found: Values) -> str:
    before, after, is_evidenced = found["before"], found["after"], found["reading"] == "evidenced"
    if after is None:
        text = (
            _("The site has no evidenced level any more; it was %(before)s")
            if is_evidenced
            else _("The site has no validated level any more; it was %(before)s")
        )
        return text % {"before": level(spec, before)}
    if before is None:
        text = (
            _("The site has an evidenced level now: %(after)s")
            if is_evidenced
            else _("The site has a validated level now: %(after)s")
        )
    elif after > before:
        text = (
            _("The evidenced level of the site rose from %(before)d to %(after)s")
            if is_evidenced
            else _("The validated level of the site rose from %(before)d to %(after)s")
        )
    else:
        text = (
            _("The evidenced level of the site fell from %(before)d to %(after)s")
            if is_evidenced
            else _("The validated level of the site fell from %(before)d to %(after)s")
        )
    return text % {"before": before, "after": level(spec, after)}


def _reading_index(spec: FrameworkSpec, found: Values) -> str:
    before, after, is_evidenced = found["before"], found["after"], found["reading"] == "evidenced"
    if after is None:
        return (
            _("There is no evidenced index any more; it was %(before)d of 100")
            if is_evidenced
            else _("There is no validated index any more; it was %(before)d of 100")
        ) % found
    if before is None:
        return (
            _("There is an evidenced index now: %(after)d of 100")
            if is_evidenced
            else _("There is a validated index now: %(after)d of 100")
        ) % found
    if before == after:
        return (
            _("The evidenced index moved by less than one point and stays at %(after)d of 100")
            if is_evidenced
            else _("The validated index moved by less than one point and stays at %(after)d of 100")
        ) % found
    if after > before:
        return (
            _("The evidenced index rose from %(before)d to %(after)d of 100")
            if is_evidenced
            else _("The validated index rose from %(before)d to %(after)d of 100")
        ) % found
    return (
        _("The evidenced index fell from %(before)d to %(after)d of 100")
        if is_evidenced
        else _("The validated index fell from %(before)d to %(after)d of 100")
    ) % found


def _reading_dimensions(spec: FrameworkSpec, found: Values) -> str:
    names = {way: dimensions(spec, found[way]) for way in ("rose", "fell")}
    is_evidenced = found["reading"] == "evidenced"
    if names["rose"] and names["fell"]:
        text = (
            _("What is evidenced rose in %(rose)s and fell in %(fell)s")
            if is_evidenced
            else _("What is validated rose in %(rose)s and fell in %(fell)s")
        )
    elif names["rose"]:
        text = (
            _("What is evidenced rose in %(rose)s")
            if is_evidenced
            else _("What is validated rose in %(rose)s")
        )
    else:
        text = (
            _("What is evidenced fell in %(fell)s")
            if is_evidenced
            else _("What is validated fell in %(fell)s")
        )
    return text % names


def _claims(spec: FrameworkSpec, found: Values) -> str:
    rows = []
    if codes := found["rose"]:
        rows.append(
            ngettext("%(names)s claims more", "%(names)s claim more", len(codes))
            % {"names": dimensions(spec, codes)}
        )
    if codes := found["fell"]:
        rows.append(
            ngettext("%(names)s claims less", "%(names)s claim less", len(codes))
            % {"names": dimensions(spec, codes)}
        )
    return _("%(rows)s; what counts stays the same") % {"rows": listed(rows)}


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
    if found["was_left_out"]:
        if found["after"] is None:
            return _("%(name)s is not left out any more, and has no level yet") % values
        return _("%(name)s is not left out any more: it counts %(after)d") % {**values, **found}
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
    codes, parts = found["answers"], []
    if codes:
        way = (
            ngettext("%(names)s rose", "%(names)s rose", len(codes))
            if is_up
            else ngettext("%(names)s fell", "%(names)s fell", len(codes))
        )
        parts.append(way % {"names": _titles(spec, codes)})
    for state in dict.fromkeys(state for _code, state in found["states"]):
        turned = [code for code, other in found["states"] if other == state]
        parts.append(_turned(state, len(turned)) % {"names": _titles(spec, turned)})
    return listed(parts) if parts else _("other questions are asked or apply")


def _turned(state: str, n: int) -> str:
    """What has become of answers that are not scored on one side."""
    words = {
        "not_applicable": ngettext(
            "%(names)s became not applicable", "%(names)s became not applicable", n
        ),
        "unanswered": ngettext(
            "%(names)s has no reply any more", "%(names)s have no reply any more", n
        ),
        "was_not_applicable": ngettext("%(names)s applies now", "%(names)s apply now", n),
        "was_unanswered": ngettext("%(names)s has a reply now", "%(names)s have a reply now", n),
    }  # fmt: skip
    return words[state]


def _titles(spec: FrameworkSpec, codes: Sequence[str]) -> str:
    return listed([f"“{spec.questions[code].title}”" for code in codes])


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
    """A verdict in words, as sentences and tables say it."""
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
    "cmp_asked": said(gettext_lazy("What is asked is different; what both have stands the same")),
    "cmp_level": _level,
    "cmp_index": _index,
    "cmp_reading_level": _reading_level,
    "cmp_reading_index": _reading_index,
    "cmp_reading_dimensions": _reading_dimensions,
    "cmp_claims": _claims,
    "cmp_scored": _scored,
    "cmp_rose": lambda spec, found: _moved(spec, found, True),
    "cmp_fell": lambda spec, found: _moved(spec, found, False),
    "cmp_use": _use,
}
FOLLOWS: dict[str, Words] = {
    "cmp_nothing": said(
        gettext_lazy("In every reading level, index and dimensions are the same, and so are the verdicts.")
    ),
    "cmp_index": _index_follows,
}
