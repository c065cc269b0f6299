"""What a reviewer looks at first: the answers that matter, each with the reasons why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.engine.record import AnswerRecord
from assessments.engine.shapes import LOWEST_GRADE, Results, Table
from frameworks.document.shapes import FrameworkSpec

HIGH_CLAIM = 4  # "measured and networked" and above
REASONS = ("load_bearing", "contradicting", "weak_evidence", "high_claim", "flagged")


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer that another one contradicts."""

    other: str  # code of the question of that answer
    is_claim: bool  # whether it claims what the other denies, or denies what the other claims


def what_matters_first(
    spec: FrameworkSpec, answers: Sequence[AnswerRecord], results: Results
) -> Table[str, tuple[str, ...]]:
    """By question code, why it matters; those with most reasons first, then in document order.

    load_bearing: one level less changes a level or a verdict (Method, section 9). contradicting: a rule
    of the content is met by this answer (section 9). weak_evidence: the level claimed is above what its
    grade carries (section 2). high_claim: level 4 or 5. flagged: somebody at the site set it aside.
    A question with none of them has no entry. An unknown counts as level 0, so it can only contradict.
    """
    falling = {row.question for row in results.load_bearing if row.direction == "down"}
    contradicting = find_clashes(spec, answers, results)
    found = {}
    for answer in answers:
        level = answer.level
        tests = {
            "load_bearing": answer.question in falling,
            "contradicting": answer.question in contradicting,
            "weak_evidence": level is not None and level > spec.support[answer.grade or LOWEST_GRADE],
            "high_claim": level is not None and level >= HIGH_CLAIM,
            "flagged": answer.flagged,
        }
        reasons = tuple(reason for reason in REASONS if tests[reason])
        if reasons:
            found[answer.question] = reasons
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))  # stable: document order within
    return Table(dict(ranked))


def find_clashes(
    spec: FrameworkSpec, answers: Sequence[AnswerRecord], results: Results
) -> dict[str, tuple[Clash, ...]]:
    """By question code, the answers that it contradicts by a rule that is met (Method, section 9)."""
    rules = {rule.code: rule for rule in spec.flags}
    levels = {row.question: 0 if row.state == "unknown" else row.level for row in answers}
    found: dict[str, list[Clash]] = {}
    for flag in results.flags:
        rule = rules[flag.rule]
        for partner in rule.any_of:
            level = levels.get(partner.question)
            if level is not None and level <= partner.at_most:
                found.setdefault(rule.when.question, []).append(Clash(partner.question, is_claim=True))
                found.setdefault(partner.question, []).append(Clash(rule.when.question, is_claim=False))
    return {code: tuple(dict.fromkeys(rows)) for code, rows in found.items()}
