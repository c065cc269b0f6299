"""From the method's JSON to shapes: an input, with every fault of it at once, and stored results."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import Any

from assessments.engine.input_checks import InputChecks
from assessments.engine.shapes import (
    DEFAULT_CAPACITY,
    DPMM_SOURCES,
    LOWEST_GRADE,
    REASON_CHARACTERS,
    AnchorTask,
    Blocker,
    Completeness,
    DimensionScore,
    DpmmLevel,
    DpmmStatement,
    Flag,
    FoundationGap,
    Gap,
    Gaps,
    Inputs,
    LevelReply,
    LoadBearing,
    Need,
    NotApplicable,
    PlanSettings,
    ProjectionPoint,
    Reading,
    Readings,
    Reply,
    Results,
    Roadmap,
    Step,
    Table,
    Unknown,
    Verdict,
)
from assessments.engine.strict_json import InputFaults, parse_json
from frameworks.document.faults import inside, shown
from frameworks.document.shapes import FrameworkSpec

Document = Mapping[str, Any]  # an object of our own JSON
Lookup = Callable[[str, str], FrameworkSpec | None]

GRADES = ("E0", "E1", "E2", "E3")
KINDS = ("level", "not_applicable", "unknown")
NEEDED = ("framework", "version", "replies")
OPTIONAL = ("dpmm", "validated", "use_cases", "targets", "plan")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")  # what a framework or a version can be called


def read_input(source: str | bytes, spec_or_lookup: FrameworkSpec | Lookup) -> Inputs:
    """What one JSON text tells about an assessment (Method, section 10).

    The framework and version named must be those of the spec given, or known to the look-up. Raises
    InputFaults with all faults and their places, such as `replies.D1-INV.level: 0 to 5 expected, 7 found`.
    """
    return read_request(source, spec_or_lookup)[1]


def read_request(source: str | bytes, spec_or_lookup: FrameworkSpec | Lookup) -> tuple[FrameworkSpec, Inputs]:
    """`read_input`, together with the version of the framework that the text names."""
    checks = InputChecks()
    members = checks.members(parse_json(source), "", NEEDED, OPTIONAL)
    spec = _named_spec(checks, members, spec_or_lookup)
    inputs = _InputReader(checks, spec).inputs(members)
    if checks.faults or spec is None:
        raise InputFaults(checks.faults)
    return spec, inputs


def _named_spec(
    checks: InputChecks, members: Mapping[str, Any], spec_or_lookup: FrameworkSpec | Lookup
) -> FrameworkSpec | None:
    named = {
        key: checks.text(members[key], key) if key in members else None for key in ("framework", "version")
    }
    framework, version = named["framework"], named["version"]
    if isinstance(spec_or_lookup, FrameworkSpec):
        for key, given in (("framework", spec_or_lookup.framework), ("version", spec_or_lookup.version)):
            if named[key] is not None and named[key] != given:
                checks.expected(key, given, named[key])
        return spec_or_lookup
    if framework is None or version is None:
        return None
    # A name that no framework can have does not reach the look-up, which may be a database.
    is_name = _NAME.fullmatch(framework) and _NAME.fullmatch(version)
    spec = spec_or_lookup(framework, version) if is_name else None
    if spec is None:
        checks.fault("version", f"{shown(version)} of the framework {shown(framework)} is not installed")
    return spec


class _InputReader:
    """Reads an input part by part; without a spec it checks all but the codes."""

    def __init__(self, checks: InputChecks, spec: FrameworkSpec | None) -> None:
        self.checks = checks
        self.spec = spec

    def inputs(self, members: Mapping[str, Any]) -> Inputs:
        replies = self.replies(members["replies"]) if "replies" in members else {}
        validated = None
        if "validated" in members:
            validated = self.validated(members["validated"], replies)
        return Inputs(
            replies={code: reply for code, reply in replies.items() if reply is not None},
            dpmm=self.dpmm(members.get("dpmm")),
            validated=validated,
            use_cases=self.use_cases(members["use_cases"]) if "use_cases" in members else (),
            targets=self.targets(members["targets"]) if "targets" in members else {},
            plan=self.plan(members["plan"]) if "plan" in members else PlanSettings(),
        )

    def replies(self, value: object) -> dict[str, Reply | None]:
        """The replies by question code; None where one has a fault."""
        replies: dict[str, Reply | None] = {}
        for code, held in self.checks.pairs(value, "replies").items():
            place = inside("replies", code)
            self.known(code, place, "question")
            replies[code] = self.reply(held, code, place)
        return replies

    def reply(self, value: object, code: str, place: str) -> Reply | None:
        """One reply: a level with an evidence grade, not applicable with its reason, or unknown."""
        before = len(self.checks.faults)
        members = self.checks.members(value, place, (), (*KINDS, "evidence"))
        kinds = [kind for kind in KINDS if kind in members]
        if len(kinds) != 1 and len(self.checks.faults) == before:
            found = " and ".join(kinds) or "none"
            self.checks.fault(place, f"one of level, not_applicable and unknown expected, {found} found")
        reply: Reply | None = None
        if "level" in members:
            reply = self.level_reply(members, place)
        elif "evidence" in members:
            self.checks.fault(inside(place, "evidence"), "only a level has an evidence grade")
        if "not_applicable" in members:
            reply = self.not_applicable(members["not_applicable"], code, inside(place, "not_applicable"))
        if "unknown" in members:
            reply = Unknown()
            if members["unknown"] is not True:
                self.checks.expected(inside(place, "unknown"), "true", members["unknown"])
        return reply if len(self.checks.faults) == before else None

    def level_reply(self, members: Mapping[str, Any], place: str) -> LevelReply | None:
        level = self.checks.whole(members["level"], inside(place, "level"), 0, 5)
        evidence: str | None = LOWEST_GRADE
        if "evidence" in members:
            evidence = self.checks.choice(
                members["evidence"], inside(place, "evidence"), GRADES, "E0, E1, E2 or E3"
            )
        return None if level is None or evidence is None else LevelReply(level, evidence)

    def not_applicable(self, value: object, code: str, place: str) -> NotApplicable | None:
        question = self.spec.questions.get(code) if self.spec else None
        if question is not None and question.not_applicable is None:
            self.checks.fault(place, "not allowed for this question")
        reason = self.checks.text(value, place)
        if reason is None:
            return None
        if len(reason.strip()) < REASON_CHARACTERS:
            self.checks.fault(place, f"a reason of at least {REASON_CHARACTERS} characters expected")
        if any("\ud800" <= character <= "\udfff" for character in reason):
            self.checks.fault(place, "half of a surrogate pair is no character")
        return NotApplicable(reason)

    def dpmm(self, value: object) -> DpmmStatement | None:
        if value is None:
            return None
        members = self.checks.members(value, "dpmm", ("level", "source"))
        level = self.checks.whole(members["level"], "dpmm.level", 1, 5) if "level" in members else None
        source = None
        if "source" in members:
            source = self.checks.choice(
                members["source"], "dpmm.source", DPMM_SOURCES, "assessed or estimated"
            )
        return None if level is None or source is None else DpmmStatement(level, source)

    def validated(self, value: object, replies: Mapping[str, Reply | None]) -> dict[str, int]:
        levels = {}
        for code, held in self.checks.pairs(value, "validated").items():
            place = inside("validated", code)
            is_known = self.known(code, place, "question")
            # Where the reply itself has a fault, nothing is said about whether it is scored.
            if is_known and (code not in replies or isinstance(replies[code], NotApplicable)):
                self.checks.fault(place, "only a scored question has a reviewer's level")
            level = self.checks.whole(held, place, 0, 5)
            if level is not None:
                levels[code] = level
        return levels

    def use_cases(self, value: object) -> tuple[str, ...]:
        codes: list[str] = []
        for place, held in self.checks.entries(value, "use_cases"):
            code = self.checks.text(held, place)
            if code is None:
                continue
            if code in codes:
                self.checks.fault(place, f"{shown(code)} is given more than once")
            elif self.known(code, place, "use case"):
                codes.append(code)
        return tuple(codes)

    def targets(self, value: object) -> dict[str, int]:
        targets = {}
        for code, held in self.checks.pairs(value, "targets").items():
            place = inside("targets", code)
            self.known(code, place, "dimension")
            level = self.checks.whole(held, place, 0, 5)
            if level is not None:
                targets[code] = level
        return targets

    def plan(self, value: object) -> PlanSettings:
        members = self.checks.members(value, "plan", (), ("capacity", "blackout_weeks"))
        capacity: int | None = DEFAULT_CAPACITY
        if "capacity" in members:
            capacity = self.checks.whole(members["capacity"], "plan.capacity", 1)
        weeks: list[int] = []
        seen: set[int] = set()
        if "blackout_weeks" in members:
            for place, held in self.checks.entries(members["blackout_weeks"], "plan.blackout_weeks"):
                week = self.checks.whole(held, place, 0)
                if week is None:
                    continue
                if week in seen:
                    self.checks.fault(place, f"week {week} is given more than once")
                seen.add(week)
                weeks.append(week)
        return PlanSettings(capacity or DEFAULT_CAPACITY, tuple(weeks))

    def known(self, code: str, place: str, kind: str) -> bool:
        """Whether the version has this code; without a spec any will do."""
        if self.spec is None:
            return True
        codes: dict[str, Collection[str]] = {
            "question": self.spec.questions,
            "use case": self.spec.use_case_by_code,
            "dimension": self.spec.dimension_by_code,
        }
        if code in codes[kind]:
            return True
        self.checks.fault(place, f"{shown(code)} is no {kind} of {self.spec.framework} {self.spec.version}")
        return False


def read_results(document: Document) -> Results:
    """The results that `results_document` made this document from (Method, section 10).

    For documents of our own making, such as a snapshot's: a key that lacks is a KeyError.
    """
    readings = document["readings"]
    validated = readings["validated"]
    return Results(
        engine=document["engine"],
        framework=document["framework"],
        version=document["version"],
        content_digest=document["content_digest"],
        completeness=_completeness(document["completeness"]),
        dpmm=None if document["dpmm"] is None else DpmmLevel(**document["dpmm"]),
        readings=Readings(
            claimed=_reading(readings["claimed"]),
            evidenced=_reading(readings["evidenced"]),
            validated=None if validated is None else _reading(validated),
        ),
        use_cases=Table({code: _verdict(verdict) for code, verdict in sorted(document["use_cases"].items())}),
        targets=_by_code(document["targets"]),
        gaps=_gaps(document["gaps"]),
        roadmap=_roadmap(document["roadmap"]),
        load_bearing=tuple(
            LoadBearing(found["question"], found["direction"], tuple(found["changes"]))
            for found in document["load_bearing"]
        ),
        flags=tuple(Flag(**flag) for flag in document["flags"]),
    )


def _by_code(values: Document) -> Table[str, Any]:
    return Table(dict(sorted(values.items())))


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _completeness(document: Document) -> Completeness:
    return Completeness(
        replied=document["replied"],
        asked=document["asked"],
        unknown=tuple(document["unknown"]),
        not_applicable=tuple(document["not_applicable"]),
    )


def _reading(document: Document) -> Reading:
    return Reading(
        level=document["level"],
        index=_exact(document["index"]),
        index_without_ceilings=_exact(document["index_without_ceilings"]),
        held_back=_exact(document["held_back"]),
        dimensions=Table(
            {code: _dimension(code, held) for code, held in sorted(document["dimensions"].items())}
        ),
        areas=Table({area: _exact(mean) for area, mean in sorted(document["areas"].items())}),
    )


def _dimension(code: str, document: Document) -> DimensionScore:
    return DimensionScore(
        code=code,
        replied=document["replied"],
        asked=document["asked"],
        score=_exact(document["score"]),
        level=document["level"],
        sustained=document["sustained"],
        ring_fenced=document["ring_fenced"],
        effective_level=document["effective_level"],
        effective_score=_exact(document["effective_score"]),
        standing=document["standing"],
        why=tuple(Need(**need) for need in document["why"]),
    )


def _verdict(document: Document) -> Verdict:
    return Verdict(
        verdict=document["verdict"],
        blockers=tuple(
            Blocker(blocker["kind"], blocker.get("code"), blocker["have"], blocker["need"])
            for blocker in document["blockers"]
        ),
    )


def _gaps(document: Document) -> Gaps:
    return Gaps(
        foundation=tuple(FoundationGap(**gap) for gap in document["foundation"]),
        questions=tuple(Gap(**gap) for gap in document["questions"]),
        unanswered=tuple(document["unanswered"]),
        areas=_by_code(document["areas"]),
    )


def _roadmap(document: Document) -> Roadmap:
    return Roadmap(
        actions=tuple(_step(step) for step in document["actions"]),
        anchor_tasks=tuple(
            AnchorTask(task["question"], task["from"], task["to"]) for task in document["anchor_tasks"]
        ),
        waived=tuple(document["waived"]),
        critical_path=tuple(document["critical_path"]),
        projection=tuple(
            ProjectionPoint(
                point["week"], _exact(point["index"]), point["level"], _by_code(point["verdicts"])
            )
            for point in document["projection"]
        ),
    )


def _step(document: Document) -> Step:
    return Step(
        action=document["action"],
        start=document["start"],
        end=document["end"],
        wave=document["wave"],
        rate=Fraction(document["rate"]),
        because=tuple(document["because"]),
    )
