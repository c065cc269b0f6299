"""Findings in words: one sentence and, where it helps, what follows from it, for pages and paper alike."""

from __future__ import annotations

from typing import Any

from django import template

from assessments.charts.rules import Evidence, Finding
from assessments.engine.moves import Move
from assessments.templatetags.said import actions, compare, ground, ladder, moves, plan, review, standing
from assessments.templatetags.said.names import Words, name_of
from frameworks.document.shapes import FrameworkSpec

register = template.Library()
register.filter("levels_told", ladder.levels)  # {{ ladder|levels_told }}
register.filter("ladder_told", ladder.ladder)
register.filter("early_told", actions.early)  # {{ early|early_told }}
register.filter("reach_told", actions.reach)  # {{ work|reach_told }}
register.filter("own_steps_told", actions.own_steps)  # {{ row.steps|own_steps_told }}
register.filter("accepted_told", review.accepted)  # {{ decision.kind|accepted_told:answer.state }}
SENTENCES: dict[str, Words] = {
    **standing.SENTENCES,
    **ground.SENTENCES,
    **plan.SENTENCES,
    **compare.SENTENCES,
}
FOLLOWS: dict[str, Words] = {**standing.FOLLOWS, **ground.FOLLOWS, **plan.FOLLOWS, **compare.FOLLOWS}


@register.simple_tag(takes_context=True)
def sentence(context: Any, finding: Finding) -> str:
    """What was found, without a full stop, so that it can be a heading: `{% sentence finding %}`."""
    return sentence_of(context["spec"], finding)


@register.simple_tag(takes_context=True)
def follows(context: Any, finding: Finding) -> str:
    """What follows from it, as whole sentences; empty where the finding says it all."""
    return follows_of(context["spec"], finding)


@register.simple_tag(takes_context=True)
def evidence_name(context: Any, evidence: Evidence) -> str:
    """What a piece of evidence is called."""
    return name_of(context["spec"], evidence.kind, evidence.code)


@register.filter
def told(move: Move, spec: FrameworkSpec) -> str:
    """What an answer moved, as a sentence: `{{ move|told:spec }}`."""
    return moves.MOVES[move.kind](spec, move)


def sentence_of(spec: FrameworkSpec, finding: Finding) -> str:
    """The sentence of a finding in the language of the moment."""
    return SENTENCES[finding.code](spec, finding.values)


def follows_of(spec: FrameworkSpec, finding: Finding) -> str:
    """What follows from a finding; empty where nothing is to be added."""
    words = FOLLOWS.get(finding.code)
    return words(spec, finding.values) if words else ""
