"""Words of the rules on what a result rests on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from assessments.templatetags.said.names import (
    Values,
    Words,
    clauses,
    dimensions,
    level,
    listed,
    name_of,
    said,
)
from frameworks.document.shapes import FrameworkSpec


def _incomplete(spec: FrameworkSpec, found: Values) -> str:
    return (
        ngettext(
            "%(n)d of %(asked)d questions has no reply",
            "%(n)d of %(asked)d questions have no reply",
            found["n"],
        )
        % found
    )


def _answer_rest_follows(spec: FrameworkSpec, found: Values) -> str:
    if not found["replied"]:
        return _("Levels, gaps and the plan follow from the replies.")
    return _("Level, gaps and plan rest on %(replied)d of %(asked)d replies.") % found


def _rests_on_unknown_follows(spec: FrameworkSpec, found: Values) -> str:
    return ngettext(
        "It counts as level 0 until someone can say; levels, gaps and the plan rest on that.",
        "Each counts as level 0 until someone can say; levels, gaps and the plan rest on that.",
        found["n"],
    )


def _unknown_follows(spec: FrameworkSpec, found: Values) -> str:
    return ngettext(
        "It counts as level 0 until someone can say.",
        "Each counts as level 0 until someone can say.",
        found["n"],
    )


def _left_out(spec: FrameworkSpec, found: Values) -> str:
    codes = found["dimensions"]
    return ngettext(
        "%(names)s is left out: no question of it applies",
        "%(names)s are left out: no question of theirs applies",
        len(codes),
    ) % {"names": dimensions(spec, codes)}


def _evidence_short_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("%(name)s claims %(claims)d, evidenced %(carried)d")
        % {"name": spec.dimension_by_code[code].short_name, "claims": claims, "carried": carried}
        for code, claims, carried in found["rows"]
    ]
    return clauses(rows) + "."


def _evidence_carries_follows(spec: FrameworkSpec, found: Values) -> str:
    if not found["n"]:
        return ""
    return ngettext(
        "%(n)d answer claims more than its evidence carries; the level of its dimension does not need it.",
        "%(n)d answers claim more than their evidence carries; the levels of their dimensions do not need"
        " them.",
        found["n"],
    ) % {"n": found["n"]}


def _without_evidence_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        (
            _("“%(title)s” is claimed at level %(level)d: grade %(grade)s carries %(carries)d")
            if grade
            else _("“%(title)s” is claimed at level %(level)d: no grade is given, which carries %(carries)d")
        )
        % {"title": spec.questions[code].title, "level": claimed, "grade": grade, "carries": carries}
        for code, claimed, grade, carries in found["rows"]
    ]
    return clauses(rows) + "."


def _reviewed(spec: FrameworkSpec, found: Values) -> str:
    if not found["n"]:
        return _("The review accepted every answer as evidenced")
    return ngettext("The review changed %(n)d level", "The review changed %(n)d levels", found["n"]) % found


def _reviewed_follows(spec: FrameworkSpec, found: Values) -> str:
    text = ngettext(
        "It decided on %(n)d answer", "It decided on %(n)d answers", found["decided"]
    ) % {"n": found["decided"]}  # fmt: skip
    if not found["disputed"]:
        return text + "."
    disputes = ngettext(
        "the site disagrees with %(n)d change", "the site disagrees with %(n)d changes", found["disputed"]
    ) % {"n": found["disputed"]}
    return f"{text}; {disputes}."


def _validated_apart_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("%(name)s was evidenced at %(before)d and stands validated at %(after)d")
        % {"name": spec.dimension_by_code[code].short_name, "before": before, "after": after}
        for code, before, after in found["rows"]
    ]
    return clauses(rows) + "."


def _review_below_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("%(code)s at %(have)d of %(need)d") % {"code": code, "have": have, "need": need}
        for code, have, need in found["rows"]
    ]
    return _("Validated: %(rows)s.") % {"rows": listed(rows)}


def _review_undone_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("“%(action)s” would reach %(need)d, %(code)s stands validated at %(have)d")
        % {"action": spec.action_by_code[action].title, "need": need, "code": code, "have": have}
        for action, code, have, need in found["rows"]
    ]
    return clauses(rows) + "."


def _load_bearing_follows(spec: FrameworkSpec, found: Values) -> str:
    text = ngettext(
        "One level less there would change a level or a verdict",
        "One level less in any of them would change a level or a verdict",
        found["n"],
    )
    if not found["level"]:
        return text + "."
    hangs = ngettext(
        "the level of the site hangs on %(n)d", "the level of the site hangs on %(n)d of them", found["level"]
    )
    if found["n"] == 1:
        return _("%(text)s, the level of the site among them.") % {"text": text}
    return f"{text}; {hangs % {'n': found['level']}}."


def _highest_answers(spec: FrameworkSpec, found: Values) -> str:
    values = {"n": found["n"], "of": found["of"], "level": level(spec, found["level"])}
    if found["level"] == len(spec.levels) - 1:
        return (
            ngettext(
                "%(n)d of %(of)d answers stands at level %(level)s",
                "%(n)d of %(of)d answers stand at level %(level)s",
                found["n"],
            )
            % values
        )
    return (
        ngettext(
            "%(n)d of %(of)d answers stands at level %(level)s, none above",
            "%(n)d of %(of)d answers stand at level %(level)s, none above",
            found["n"],
        )
        % values
    )


def _lowest_area(spec: FrameworkSpec, found: Values) -> str:
    if found["is_all"]:
        return _("Every area stands at %(mean)s of 5") % found
    names = listed([name_of(spec, "area", code) for code in found["areas"]])
    return ngettext(
        "%(names)s is the lowest area, %(mean)s of 5",
        "%(names)s are the lowest areas, %(mean)s of 5",
        len(found["areas"]),
    ) % {"names": names, "mean": found["mean"]}


SENTENCES: dict[str, Words] = {
    "incomplete": _incomplete,
    "answer_rest": said(
        ngettext_lazy(
            "Answer the question that has no reply", "Answer the %(n)d questions that have no reply", "n"
        )
    ),
    "gates_unanswered": said(
        ngettext_lazy("%(n)d gate question has no reply", "%(n)d gate questions have no reply", "n")
    ),
    "rests_on_unknown": said(
        ngettext_lazy(
            "%(n)d of %(replied)d replies is “don’t know”",
            "%(n)d of %(replied)d replies are “don’t know”",
            "n",
        )
    ),
    "unknown": said(
        ngettext_lazy("%(n)d question could not be answered", "%(n)d questions could not be answered", "n")
    ),
    "left_out": _left_out,
    "evidence_short": said(
        ngettext_lazy(
            "%(n)d dimension claims more than its evidence carries",
            "%(n)d dimensions claim more than their evidence carries",
            "n",
        )
    ),
    "evidence_carries": said(gettext_lazy("The evidence carries the level of every dimension")),
    "evidence_holds": said(
        ngettext_lazy(
            "Better evidence for %(n)d answer would raise what is evidenced",
            "Better evidence for %(n)d answers would raise what is evidenced",
            "n",
        )
    ),
    "without_evidence": said(
        ngettext_lazy(
            "%(n)d answer stands above what its evidence carries",
            "%(n)d answers stand above what their evidence carries",
            "n",
        )
    ),
    "reviewed": _reviewed,
    "validated_apart": said(
        ngettext_lazy(
            "The review moved the level of %(n)d dimension",
            "The review moved the levels of %(n)d dimensions",
            "n",
        )
    ),
    "review_below": said(
        ngettext_lazy(
            "The review puts %(n)d answer below its target, and the plan does not bring it there",
            "The review puts %(n)d answers below their target, and the plan does not bring them there",
            "n",
        )
    ),
    "review_undone": said(
        ngettext_lazy(
            "%(n)d action is taken as done by the claims, not by the review",
            "%(n)d actions are taken as done by the claims, not by the review",
            "n",
        )
    ),
    "contradictions": said(
        ngettext_lazy("%(n)d contradiction between answers", "%(n)d contradictions between answers", "n")
    ),
    "load_bearing": said(
        ngettext_lazy("%(n)d answer carries the result", "%(n)d answers carry the result", "n")
    ),
    "highest_answers": _highest_answers,
    "lowest_area": _lowest_area,
}
FOLLOWS: dict[str, Words] = {
    "answer_rest": _answer_rest_follows,
    "incomplete": said(
        gettext_lazy("Levels and index follow the replies given; the rest counts nowhere yet.")
    ),
    "gates_unanswered": said(
        gettext_lazy("A gate without a reply holds nothing back; a low reply may lower a level.")
    ),
    "rests_on_unknown": _rests_on_unknown_follows,
    "unknown": _unknown_follows,
    "left_out": said(
        ngettext_lazy(
            "It counts nowhere: not in level, index, verdicts or gaps.",
            "They count nowhere: not in level, index, verdicts or gaps.",
            "n",
        )
    ),
    "evidence_short": _evidence_short_follows,
    "evidence_carries": _evidence_carries_follows,
    "without_evidence": _without_evidence_follows,
    "evidence_holds": said(
        ngettext_lazy(
            "Its level suffices already; what is missing is a higher evidence grade.",
            "Their levels suffice already; what is missing is a higher evidence grade.",
            "n",
        )
    ),
    "reviewed": _reviewed_follows,
    "validated_apart": _validated_apart_follows,
    "review_below": _review_below_follows,
    "review_undone": _review_undone_follows,
    "contradictions": said(gettext_lazy("Rules of the framework flag them; they never change a number.")),
    "load_bearing": _load_bearing_follows,
}
