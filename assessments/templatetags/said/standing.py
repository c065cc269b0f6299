"""Words of the rules on where the site stands and on the digital plant."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.templatetags.said.names import (
    Values,
    Words,
    clauses,
    dimensions,
    dpmm,
    end_of,
    level,
    listed,
    points,
    said,
)
from frameworks.document.shapes import FrameworkSpec


def _level(spec: FrameworkSpec, found: Values) -> str:
    codes, everything = found["dimensions"], found["all"]
    if len(codes) == everything:
        who = ngettext("its one dimension stands there", "every dimension stands there", everything)
    elif len(codes) > 2:
        who = _("%(n)d of %(all)d dimensions set it") % {"n": len(codes), "all": everything}
    else:
        who = ngettext("%(names)s sets it", "%(names)s set it", len(codes)) % {
            "names": dimensions(spec, codes)
        }
    return _("Level %(level)s: %(who)s") % {"level": level(spec, found["level"]), "who": who}


def _readings(spec: FrameworkSpec, found: Values) -> str:
    if found["validated"] is None:
        return _("Level %(claimed)d claimed, %(evidenced)d evidenced") % found
    return _("Level %(claimed)d claimed, %(evidenced)d evidenced, %(validated)d validated") % found


def _index(spec: FrameworkSpec, found: Values) -> str:
    if not found["is_held"]:
        text = _("Index %(index)s of 100, nothing held back by the digital plant") % found
    else:
        text = _("Index %(index)s of 100, %(held_back)s held back by the digital plant") % found
    return _("%(text)s, provisional") % {"text": text} if found["is_provisional"] else text


def _index_follows(spec: FrameworkSpec, found: Values) -> str:
    values = {"without": found["without"], "evidenced": found["evidenced"]}
    text = _("%(without)s without ceilings, %(evidenced)s evidenced.") % values
    if found["is_provisional"]:
        text += " " + _("It lacks a dimension that has no scored answer yet.")
    return text


def _no_level(spec: FrameworkSpec, found: Values) -> str:
    codes = found["dimensions"]
    return ngettext(
        "No level yet: %(names)s has no scored answer",
        "No level yet: %(names)s have no scored answer",
        len(codes),
    ) % {"names": dimensions(spec, codes)}


def _plant_limits(spec: FrameworkSpec, found: Values) -> str:
    return _(
        "The digital plant sets the limit: without its ceilings the site would stand at level %(level)s"
    ) % {"level": level(spec, found["without"])}


def _next_level(spec: FrameworkSpec, found: Values) -> str:
    name = spec.dimension_by_code[found["dimension"]].short_name
    return ngettext(
        "%(n)d answer holds %(name)s back from level %(next)s",
        "%(n)d answers hold %(name)s back from level %(next)s",
        found["n"],
    ) % {"n": found["n"], "name": name, "next": level(spec, found["next"])}


def _next_level_follows(spec: FrameworkSpec, found: Values) -> str:
    if found["is_capped"]:
        return _(
            "So does a question that is not applicable: with one the dimension stands at %(cap)d at most."
        ) % {"cap": spec.policy.not_applicable_cap}
    if found["n"] == 1:
        short = ngettext("It is %(n)d level short", "It is %(n)d levels short", found["steps"]) % {
            "n": found["steps"]
        }
        return (
            _("%(short)s, and it is a gate question.") % {"short": short} if found["gates"] else short + "."
        )
    text = _how_many(found)
    if not found["low_gates"] or found["least"] == found["n"]:
        return text
    gates = ngettext(
        "The gate question %(names)s must stand at level %(level)d at least.",
        "The gate questions %(names)s must stand at level %(level)d at least.",
        len(found["low_gates"]),
    ) % {
        "names": listed([f"“{spec.questions[code].title}”" for code in found["low_gates"]]),
        "level": found["floor"],
    }
    return f"{text} {gates}"


def _how_many(found: Values) -> str:
    """How many of several answers have to reach the level that they need."""
    if found["need"] < found["next"]:
        if found["n"] == 2:
            return _("Both are gate questions and must reach level %(need)d.") % found
        return _("All %(n)d are gate questions and must reach level %(need)d.") % found
    if found["least"] == found["n"]:
        if found["n"] == 2:
            return _("Both must reach level %(need)d.") % found
        return _("All %(n)d must reach level %(need)d.") % found
    if found["enough"] == 1:
        return _("Any one of them at level %(need)d is enough.") % found
    if found["least"] == found["enough"]:
        return _("Any %(enough)d of them at level %(need)d are enough, fewer are not.") % found
    if found["enough"] == found["n"]:
        return (
            _("At least %(least)d of them must reach level %(need)d; which, depends on their weights.")
            % found
        )
    return _("At least %(least)d of them must reach level %(need)d; any %(enough)d are enough.") % found


def _capped(spec: FrameworkSpec, found: Values) -> str:
    codes = found["dimensions"]
    return ngettext(
        "Only a question that is not applicable holds %(names)s at level %(level)s",
        "Only questions that are not applicable hold %(names)s at level %(level)s",
        len(codes),
    ) % {"names": dimensions(spec, codes), "level": level(spec, found["level"])}


def _capped_follows(spec: FrameworkSpec, found: Values) -> str:
    return _("A dimension with a question that is not applicable stands at %(cap)d at most.") % {
        "cap": spec.policy.not_applicable_cap
    }


def _no_plant_follows(spec: FrameworkSpec, found: Values) -> str:
    text = _("No ceiling applies, and no AI use can be ready.")
    if found["n"]:
        text += " " + ngettext(
            "It can be stated, or derived once %(n)d more question has a scored answer.",
            "It can be stated, or derived once %(n)d more questions have a scored answer.",
            found["n"],
        ) % {"n": found["n"]}
    return text


def _above_plant(spec: FrameworkSpec, found: Values) -> str:
    return ngettext(
        "%(n)d of %(all)d dimensions claims more than the digital plant carries",
        "%(n)d of %(all)d dimensions claim more than the digital plant carries",
        found["n"],
    ) % {"n": found["n"], "all": found["all"]}


def _above_plant_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("%(name)s claims %(claims)d and counts %(counts)d")
        % {"name": spec.dimension_by_code[code].short_name, "claims": claims, "counts": counts}
        for code, claims, counts in found["rows"]
    ]
    return _("At %(dpmm)s %(rows)s.") % {"dpmm": dpmm(spec, found["dpmm"]), "rows": clauses(rows)}


def _ahead(spec: FrameworkSpec, found: Values) -> str:
    codes = found["dimensions"]
    return ngettext(
        "%(names)s is ahead of the digital plant: not even one line carries the claim",
        "%(names)s are ahead of the digital plant: not even one line carries their claims",
        len(codes),
    ) % {"names": dimensions(spec, codes)}


def _plant_carries(spec: FrameworkSpec, found: Values) -> str:
    if found["is_held"]:
        return _("The digital plant lowers no level but holds back %(points)s") % {
            "points": points(found["held_back"])
        }
    if not found["is_claimed"]:
        return _("No dimension claims more than level %(level)s") % {"level": level(spec, 0)}
    return _("The digital plant carries every level that is claimed")


def _plant_carries_follows(spec: FrameworkSpec, found: Values) -> str:
    values = {"dpmm": dpmm(spec, found["dpmm"])}
    if not found["is_held"]:
        return _("At %(dpmm)s no level is lowered.") % values
    return _("A score counts only up to its ceiling at %(dpmm)s.") % values


def _plant_spans(spec: FrameworkSpec, found: Values) -> str:
    values = {**found, "dpmm": dpmm(spec, found["dpmm"])}
    if found["lowest"] == found["highest"]:
        return _("%(dpmm)s carries level %(lowest)d in every dimension") % values
    return _("%(dpmm)s carries level %(lowest)d to %(highest)d, depending on the dimension") % values


def _plant_step(spec: FrameworkSpec, found: Values) -> str:
    codes = [code for code, _have, _after in found["rows"]]
    return _("%(dpmm)s lifts %(names)s") % {
        "dpmm": dpmm(spec, found["dpmm"]),
        "names": dimensions(spec, codes),
    }


def _plant_step_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("%(name)s counts %(after)d instead of %(have)d")
        % {"name": spec.dimension_by_code[code].short_name, "after": after, "have": have}
        for code, have, after in found["rows"]
    ]
    text = clauses(rows)
    if found["still"]:
        return ngettext(
            "%(rows)s; %(n)d claim stays above its ceiling.",
            "%(rows)s; %(n)d claims stay above their ceilings.",
            found["still"],
        ) % {"rows": text, "n": found["still"]}
    return _("%(rows)s; no claim is lowered then.") % {"rows": text}


def _foundation(spec: FrameworkSpec, found: Values) -> str:
    return _("Raise the digital plant from DPMM %(have)d to %(need)s") % {
        "have": found["have"],
        "need": dpmm(spec, found["need"]),
    }


def _foundation_follows(spec: FrameworkSpec, found: Values) -> str:
    (first, codes), *others = found["steps"]
    brings = ngettext(
        "DPMM %(dpmm)d brings the target of %(names)s within reach",
        "DPMM %(dpmm)d brings the targets of %(names)s within reach",
        len(codes),
    ) % {"dpmm": first, "names": dimensions(spec, codes)}
    rows = [
        ngettext("DPMM %(dpmm)d that of %(names)s", "DPMM %(dpmm)d those of %(names)s", len(codes))
        % {"dpmm": level, "names": dimensions(spec, codes)}
        for level, codes in others
    ]
    text = ", ".join([brings, *rows]) + ". " + _plan_reaches(spec, found)
    if not found["is_held"]:
        return text
    return text + " " + _("Today its ceilings hold back %(points)s.") % {"points": points(found["held_back"])}


def _plan_reaches(spec: FrameworkSpec, found: Values) -> str:
    """When the plan reaches the DPMM levels that targets ask for, and which it leaves out of reach."""
    by_week = {week: level for level, week in found["reached"]}  # the highest of those reached together
    weeks = [
        _("DPMM %(dpmm)d at %(when)s") % {"dpmm": level, "when": end_of(week, found["start_on"])}
        for week, level in by_week.items()
    ]
    out = [code for level, codes in found["steps"] if level > found["end"] for code in codes]
    stays = ngettext(
        "the target of %(names)s stays out of reach",
        "the targets of %(names)s stay out of reach",
        len(out),
    ) % {"names": dimensions(spec, out)}
    if not found["is_planned"]:
        return _("No action raises it: %(stays)s.") % {"stays": stays}
    if not weeks:
        values = {"dpmm": found["end"], "stays": stays}
        if found["end"] == found["have"]:
            return _("The plan leaves it at DPMM %(dpmm)d: %(stays)s.") % values
        return _("The plan ends at DPMM %(dpmm)d: %(stays)s.") % values
    values = {"weeks": listed(weeks), "dpmm": found["end"], "stays": stays}
    if not out:
        return _("The plan reaches %(weeks)s.") % values
    if found["end"] == found["reached"][-1][0]:
        return _("The plan reaches %(weeks)s and ends there: %(stays)s.") % values
    return _("The plan reaches %(weeks)s and ends at DPMM %(dpmm)d: %(stays)s.") % values


SENTENCES: dict[str, Words] = {
    "nothing_answered": said(gettext_lazy("No question has a reply yet")),
    "all_left_out": said(gettext_lazy("No level: every question is not applicable")),
    "no_level": _no_level,
    "level": _level,
    "readings": _readings,
    "index": _index,
    "plant_limits": _plant_limits,
    "next_level": _next_level,
    "capped": _capped,
    "no_plant": said(gettext_lazy("No DPMM level is known")),
    "state_plant": said(gettext_lazy("State the DPMM level of the site")),
    "plant_spans": _plant_spans,
    "above_plant": _above_plant,
    "ahead": _ahead,
    "plant_carries": _plant_carries,
    "plant_step": _plant_step,
    "foundation": _foundation,
}
FOLLOWS: dict[str, Words] = {
    "nothing_answered": said(
        gettext_lazy("Levels, gaps and the plan follow from the answers. Nothing is guessed in between.")
    ),
    "index": _index_follows,
    "next_level": _next_level_follows,
    "capped": _capped_follows,
    "no_plant": _no_plant_follows,
    "state_plant": said(gettext_lazy("Until then no ceiling applies and no AI use can be ready.")),
    "above_plant": _above_plant_follows,
    "plant_carries": _plant_carries_follows,
    "plant_step": _plant_step_follows,
    "foundation": _foundation_follows,
}
