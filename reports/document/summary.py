"""The summary of a report: its drawings, and which of the findings it tells, each with where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from assessments.charts.findings import headline, is_without_evidence
from assessments.charts.levels import LadderRow
from assessments.charts.rules import Finding, decisions_of, findings_of, limits_of, strengths_of
from assessments.charts.rules.shapes import FACT
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import levels
from reports.document.shapes import ChosenUse, ReviewPart, Summary, Told

FOUND, DECIDED = 5, 3  # how many findings and decisions the summary tells
# What the heading, the lead, the figures above and the decisions say already.
SAID_ABOVE = (
    "level",
    "readings",
    "index",
    "verdicts",
    "chosen_ready",
    "plan",
    "plan_reaches",
    "review_below",
    "no_action",
    "projected",
    "nothing_answered",
)
# What a leadership has to hear first; other findings follow in the order of the rules.
FIRST = (
    "incomplete",
    "rests_on_unknown",
    "no_level",
    "all_left_out",
    "no_plant",
    "plant_limits",
    "above_plant",
    "reviewed",
    "by_claims",
    "review_undone",
    "next_level",
    "capped",
    "evidence_short",
    "contradictions",
    "unknown",
)
PARTS = {"standing": "profile"}  # the section of a part, where it has another name
PLACES = {
    "contradictions": "contradictions",
    "load_bearing": "hangs-on",
    "reviewed": "review",
    "validated_apart": "review",
    "review_undone": "roadmap",
    "foundation": "plant",
}


def summary(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    rows: Sequence[LadderRow],
    review: ReviewPart | None,
) -> Summary:
    """The finding page: headline, ladder, what was found and what there is to decide."""
    claimed = results.readings.claimed
    stand = [row.level for row in claimed.dimensions.values() if row.level is not None]
    found = findings_of(spec, record, results, review.disputed if review else 0)
    return Summary(
        headline=headline(spec, results),
        plant_limits=claimed.level is not None and min(stand) > claimed.level,
        index_bar=levels.index_bar(claimed),
        ladder=levels.ladder(rows),
        said={row.code: row for row in found},
        findings=tuple(map(told, chosen_findings(found))),
        decisions=tuple(map(told, decisions_of(found)[:DECIDED])),
        without_evidence=without_evidence(spec, record),
    )


def chosen_findings(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the summary tells: what limits the site, each dimension that sets its level among it, then facts
    while there is room, and at the end what speaks for it; nothing that stands above the findings."""
    untold = [row for row in found if row.code not in SAID_ABOVE]
    setting = [row for row in untold if row.code == "next_level"]
    strengths = sorted(strengths_of(untold), key=urgency)[:1]
    room = max(FOUND - len(setting) - len(strengths), 1)
    limits = sorted((row for row in limits_of(untold) if row not in setting), key=urgency)
    facts = [row for row in untold if row.tone == FACT]
    return (*sorted([*limits[:room], *setting], key=urgency), *facts[: room - len(limits[:room])], *strengths)


def urgency(finding: Finding) -> int:
    return FIRST.index(finding.code) if finding.code in FIRST else len(FIRST)


def told(finding: Finding) -> Told:
    """A finding with the anchor of the page that shows it, and its evidence as the summary names it."""
    place = PLACES.get(finding.code) or PARTS.get(finding.part, finding.part)
    if finding.code == "next_level":
        place = f"part-{finding.values['dimension']}"
    return Told(finding, place)


def without_evidence(spec: FrameworkSpec, record: AssessmentRecord) -> int:
    """Answers above what their evidence grade carries."""
    return sum(is_without_evidence(spec, row.level, row.grade) for row in record.answers)


def hanging(results: Results, direction: str) -> int:
    """Answers of which one level less ("down") or more ("up") changes a level or a verdict."""
    return sum(row.direction == direction for row in results.load_bearing)


def chosen_uses(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> tuple[ChosenUse, ...]:
    """The chosen uses in document order, with the weeks in which the plan changes their verdict."""
    changes: dict[str, list[tuple[str, int]]] = {code: [] for code in record.use_cases}
    for point in results.roadmap.projection:
        for code, verdict in point.verdicts.items():
            if code in changes:
                changes[code].append((verdict, point.week))
    return tuple(
        ChosenUse(use_case, results.use_cases[use_case.code].verdict, tuple(changes[use_case.code]))
        for use_case in spec.use_cases
        if use_case.code in changes
    )


def seal(digest: str) -> str:
    """The first twelve digits of a digest, in groups of four: "4c1e 90ab 77f2"."""
    digits = "".join(takewhile(str.isalnum, digest.removeprefix("sha256:")))[:12]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
