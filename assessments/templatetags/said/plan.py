"""Words of the rules on AI uses, gaps and the plan."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from assessments.templatetags.said.names import (
    Values,
    Words,
    clauses,
    dimensions,
    end_of,
    level,
    listed,
    name_of,
    said,
    start_of,
)
from frameworks.document.shapes import FrameworkSpec


def _verdicts(spec: FrameworkSpec, found: Values) -> str:
    text = _verdicts_told(found)
    return _("By the claims, %(text)s") % {"text": text} if found["by_claims"] else text


def _verdicts_told(found: Values) -> str:
    ready, bounded = found["ready"], found["ready_bounded"]
    if ready and bounded:
        site = ngettext(
            "%(n)d AI use can run across the site today", "%(n)d AI uses can run across the site today", ready
        ) % {"n": ready}
        line = ngettext("%(n)d more on one line", "%(n)d more on one line", bounded) % {"n": bounded}
        return f"{site}, {line}"
    if ready:
        return ngettext(
            "%(n)d AI use can run across the site today", "%(n)d AI uses can run across the site today", ready
        ) % {"n": ready}
    if bounded:
        return ngettext(
            "%(n)d AI use can run on one line today, none across the site",
            "%(n)d AI uses can run on one line today, none across the site",
            bounded,
        ) % {"n": bounded}
    return _("No AI use is ready today")


def _verdicts_follows(spec: FrameworkSpec, found: Values) -> str:
    near = ngettext("%(n)d is near", "%(n)d are near", found["near"]) % {"n": found["near"]}
    far = ngettext("%(n)d is premature", "%(n)d are premature", found["premature"]) % {
        "n": found["premature"]
    }
    if not found["near"] + found["premature"]:
        return ""
    if not found["premature"]:
        return _("%(near)s.") % {"near": near}
    if not found["near"]:
        return _("%(far)s.") % {"far": far}
    return _("%(near)s, %(far)s.") % {"near": near, "far": far}


def _one_step_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("“%(use)s” needs %(what)s at %(need)d")
        % {
            "use": spec.use_case_by_code[use].name,
            "what": _("DPMM") if kind == "dpmm" else f"“{name_of(spec, kind, code)}”",
            "need": need,
        }
        for use, kind, code, need in found["rows"]
    ]
    return clauses(rows) + "."


def _chosen_ready(spec: FrameworkSpec, found: Values) -> str:
    text = _chosen_told(found)
    if found["by_claims"]:
        return _("By the claims, %(text)s") % {"text": text[:1].lower() + text[1:]}
    return text


def _chosen_told(found: Values) -> str:
    if found["ready"] == found["n"]:
        return (
            ngettext("The chosen AI use is ready", "All %(n)d chosen AI uses are ready", found["n"]) % found
        )
    if not found["ready"] + found["bounded"]:
        return (
            ngettext(
                "The chosen AI use is not ready yet",
                "None of the %(n)d chosen AI uses is ready yet",
                found["n"],
            )
            % found
        )
    if found["n"] == 1:
        return _("The chosen AI use is ready for one line, suite or product")
    parts = []
    if found["ready"]:
        parts.append(
            ngettext("%(ready)d is ready", "%(ready)d are ready", found["ready"]) % {"ready": found["ready"]}
        )
    if found["bounded"]:
        parts.append(
            ngettext("%(n)d is ready for one line", "%(n)d are ready for one line", found["bounded"])
            % {"n": found["bounded"]}
        )
    return _("Of %(n)d chosen AI uses %(parts)s") % {"n": found["n"], "parts": listed(parts)}


def _blocks_most(spec: FrameworkSpec, found: Values) -> str:
    what = _("The DPMM level") if found["kind"] == "dpmm" else name_of(spec, found["kind"], found["code"])
    values = {"what": what, "n": found["n"], "of": found["of"]}
    if found["is_chosen"]:
        return _("%(what)s blocks %(n)d of the %(of)d chosen AI uses") % values
    return _("%(what)s blocks %(n)d of %(of)d AI uses") % values


def _keep_bounded(spec: FrameworkSpec, found: Values) -> str:
    names = listed([f"“{spec.use_case_by_code[code].name}”" for code in found["uses"]])
    return _("Keep %(names)s to one line, suite or product") % {"names": names}


def _keep_bounded_follows(spec: FrameworkSpec, found: Values) -> str:
    if found["by_claims"]:
        return ngettext(
            "It is credible there by the claims, not by the review.",
            "By the claims they are credible there; by the review not each of them is.",
            found["n"],
        )
    return ngettext(
        "It is credible there, not across the site.",
        "They are credible there, not across the site.",
        found["n"],
    )


def _by_claims_follows(spec: FrameworkSpec, found: Values) -> str:
    rows = [
        _("“%(use)s” has %(short)s")
        % {
            "use": spec.use_case_by_code[use].name,
            "short": listed(
                [
                    _("“%(what)s” at %(have)s of %(need)d")
                    % {"what": name_of(spec, kind, code), "have": "–" if have is None else have, "need": need}
                    for kind, code, have, need in short
                ],
                most=1,
            ),
        }
        for use, short in found["rows"]
    ]
    return _("Validated, %(rows)s.") % {"rows": clauses(rows, most=2)}


def _gaps_follows(spec: FrameworkSpec, found: Values) -> str:
    return _("First comes “%(title)s”, from %(have)d to %(target)d, priority %(priority)d.") % {
        **found,
        "title": spec.questions[found["question"]].title,
    }


def _firm_follows(spec: FrameworkSpec, found: Values) -> str:
    codes = found["dimensions"]
    met = ngettext(
        "%(names)s meets its target already", "%(names)s meet their targets already", len(codes)
    ) % {"names": dimensions(spec, codes)}  # fmt: skip
    if len(codes) > 1:
        return _("%(met)s; closing them makes those hold question by question.") % {"met": met}
    return ngettext(
        "%(met)s; closing it makes that hold question by question.",
        "%(met)s; closing them makes that hold question by question.",
        found["n"],
    ) % {"met": met}


def _weeks(number: int) -> str:
    return ngettext("%(n)d week", "%(n)d weeks", number) % {"n": number}


def _plan(spec: FrameworkSpec, found: Values) -> str:
    values = {"n": found["n"], "weeks": _weeks(found["week"])}
    if not found["is_raised"]:
        return (
            ngettext(
                "%(n)d action over %(weeks)s leaves the index where it is",
                "%(n)d actions over %(weeks)s leave the index where it is",
                found["n"],
            )
            % values
        )
    if found["from"] == found["to"]:
        return (
            ngettext(
                "%(n)d action over %(weeks)s raises the index by less than one point",
                "%(n)d actions over %(weeks)s raise the index by less than one point",
                found["n"],
            )
            % values
        )
    return ngettext(
        "%(n)d action over %(weeks)s raises the index %(span)s",
        "%(n)d actions over %(weeks)s raise the index %(span)s",
        found["n"],
    ) % {**values, "span": _span(found)}


def _span(found: Values) -> str:
    """From where to where, on one line: a heading must not break between the two numbers."""
    span = _("from %(from)d to %(to)d") % {"from": found["from"], "to": found["to"]}
    return span.replace(" ", "\N{NO-BREAK SPACE}")


def _plan_follows(spec: FrameworkSpec, found: Values) -> str:
    if found["level"] is None or found["to_level"] is None:
        return ""
    if found["level"] == found["to_level"]:
        return _("The level of the site stays at %(level)s.") % {"level": level(spec, found["level"])}
    return _("The level of the site goes from %(level)d to %(to)s.") % {
        "level": found["level"],
        "to": level(spec, found["to_level"]),
    }


def _largest_step(spec: FrameworkSpec, found: Values) -> str:
    names = listed([f"“{spec.action_by_code[code].title}”" for code in found["actions"]], 2)
    return _("Commit to %(names)s") % {"names": names}


def _projected(spec: FrameworkSpec, found: Values) -> str:
    values = {"rise": found["rise"], "week": found["week"]}
    if found["week"] is None:
        return _("The index stays where it is")
    if not found["rise"]:
        return _("The largest step of the index, less than one point, comes at the end of week %(week)d") % (
            values
        )
    return (
        ngettext(
            "The largest step of the index, %(rise)d point, comes at the end of week %(week)d",
            "The largest step of the index, %(rise)d points, comes at the end of week %(week)d",
            found["rise"],
        )
        % values
    )


def _largest_step_follows(spec: FrameworkSpec, found: Values) -> str:
    text = _projected(spec, found)
    if found["dpmm"] is not None:
        reaches = _("the digital plant reaches DPMM %(dpmm)d then") % {"dpmm": found["dpmm"]}
        text = f"{text}: {reaches}"
        if found["lifts"]:
            text += _(", and its ceilings rise")
    starts = ngettext(
        "It starts in %(week)s.", "The first of them starts in %(week)s.", len(found["actions"])
    ) % {"week": start_of(found["start"], found["start_on"])}  # fmt: skip
    return f"{text}. {starts}"


def _plan_reaches(spec: FrameworkSpec, found: Values) -> str:
    """The best news of a plan: the next level, and the chosen uses."""
    parts = []
    if found["week"] is not None:
        parts.append(
            _("the plan reaches level %(level)s at %(when)s")
            % {"level": level(spec, found["level"]), "when": end_of(found["week"], found["start_on"])}
        )
    if found["by"] is not None:
        when = {"uses": _uses_ready(found), "when": end_of(found["by"], found["start_on"])}
        parts.append(_("%(uses)s by %(when)s") % when)
        if found["week"] is None:
            parts = [_("with the plan %(uses)s by %(when)s") % when]
    text = "; ".join(parts)
    if found["replied"] < found["asked"]:
        return _("Reckoned from %(replied)d of %(asked)d replies, %(text)s") % {**found, "text": text}
    return text[:1].upper() + text[1:]


def _uses_ready(found: Values) -> str:
    """How many of the chosen uses are ready when the plan has ended."""
    ready, bounded = found["ready"], found["bounded"]
    if found["n"] == 1:
        return (
            _("the chosen AI use is ready")
            if ready
            else _("the chosen AI use is ready for one line, suite or product")
        )
    if not ready:
        return ngettext(
            "%(n)d of %(all)d chosen AI uses is ready on one line",
            "%(n)d of %(all)d chosen AI uses are ready on one line",
            bounded,
        ) % {"n": bounded, "all": found["n"]}
    text = ngettext(
        "%(n)d of %(all)d chosen AI uses is ready", "%(n)d of %(all)d chosen AI uses are ready", ready
    ) % {"n": ready, "all": found["n"]}
    if not bounded:
        return text
    return text + _(", %(n)d more on one line,") % {"n": bounded}


def _longest_chain(spec: FrameworkSpec, found: Values) -> str:
    values = {"title": spec.action_by_code[found["first"]].title, "start": found["start"]}
    if found["n"] == 1:
        return _("Begin “%(title)s” in week %(start)d: no chain of actions is longer") % values
    return _("Begin “%(title)s” in week %(start)d: it opens the longest chain") % values


def _longest_chain_follows(spec: FrameworkSpec, found: Values) -> str:
    values = {"n": found["n"], "weeks": _weeks(found["weeks"]), "week": found["week"]}
    text = _("%(n)d actions that follow one another, %(weeks)s of work, until week %(week)d.") % values
    if found["n"] == 1:
        text = _("%(weeks)s of work, until week %(week)d.") % values
    if found["largest"] is None:
        return text
    if found["largest"] == found["week"]:
        return text + " " + _("The index makes its largest step at its end.")
    return (
        text
        + " "
        + _("The index makes its largest step on the way, at the end of week %(week)d.")
        % {"week": found["largest"]}
    )


SENTENCES: dict[str, Words] = {
    "verdicts": _verdicts,
    "by_claims": said(
        ngettext_lazy(
            "%(n)d AI use is ready by the claims only", "%(n)d AI uses are ready by the claims only", "n"
        )
    ),
    "one_step_away": said(
        ngettext_lazy("%(n)d AI use is one step away", "%(n)d AI uses are one step away", "n")
    ),
    "chosen_ready": _chosen_ready,
    "blocks_most": _blocks_most,
    "keep_bounded": _keep_bounded,
    "no_targets": said(gettext_lazy("Choose the AI uses that are wanted")),
    "gaps": said(
        ngettext_lazy(
            "%(n)d gap to the targets",
            "%(n)d gaps to the targets",
            "n",
        )
    ),
    "gaps_unknown": said(
        ngettext_lazy(
            "No gap is known: %(n)d question has no reply yet",
            "No gap is known: %(n)d questions have no reply yet",
            "n",
        )
    ),
    "targets_met": said(gettext_lazy("Every answer stands at its target")),
    "firm": said(
        ngettext_lazy("%(n)d gap lies where the target is met", "%(n)d gaps lie where the target is met", "n")
    ),
    "plan": _plan,
    "no_action": said(gettext_lazy("No action is needed for these targets")),
    "plan_reaches": _plan_reaches,
    "projected": _projected,
    "largest_step": _largest_step,
    "longest_chain": _longest_chain,
    "anchor_tasks": said(
        ngettext_lazy("%(n)d step has no action of its own", "%(n)d steps have no action of their own", "n")
    ),
}
FOLLOWS: dict[str, Words] = {
    "verdicts": _verdicts_follows,
    "one_step_away": _one_step_follows,
    "keep_bounded": _keep_bounded_follows,
    "by_claims": _by_claims_follows,
    "no_targets": said(gettext_lazy("Targets, gaps and the plan follow from them.")),
    "gaps": _gaps_follows,
    "gaps_unknown": said(ngettext_lazy("It may hide a gap.", "Each of them may hide a gap.", "n")),
    "firm": _firm_follows,
    "plan": _plan_follows,
    "largest_step": _largest_step_follows,
    "longest_chain": _longest_chain_follows,
    "anchor_tasks": said(
        ngettext_lazy(
            "The text of the level to reach is the task; it has no schedule.",
            "The text of the level to reach is the task; these have no schedule.",
            "n",
        )
    ),
}
