"""All in a row: from one document and one set of replies to readings, verdicts, gaps and the roadmap."""

from __future__ import annotations

from assessments.engine.gaps import find_gaps, find_targets
from assessments.engine.roadmap import plan_roadmap
from assessments.engine.score import claimed_ground, score_on
from assessments.engine.sensitivity import find_load_bearing, raise_flags
from assessments.engine.shapes import ENGINE_VERSION, BriefResults, Inputs, Results, Table
from assessments.engine.use_cases import demands_of, judge_use_cases, verdict_on
from frameworks.document.shapes import FrameworkSpec


def evaluate(spec: FrameworkSpec, inputs: Inputs) -> Results:
    """Everything that the method says about one assessment (Method, sections 1 to 9).

    Codes in `inputs` must be codes of `spec`, as `read_input` checks: a use case or a target that it does
    not have is a KeyError, a reply to a question that it does not have is not seen.
    """
    ground = claimed_ground(spec, inputs)
    scores = score_on(spec, inputs, ground)
    demands = demands_of(spec)
    verdicts = judge_use_cases(demands, ground)
    chosen = demands_of(spec, inputs.use_cases)
    targets = find_targets(chosen, inputs.targets)
    gaps = find_gaps(spec, ground, chosen, targets)
    return Results(
        engine=ENGINE_VERSION,
        framework=spec.framework,
        version=spec.version,
        content_digest=spec.content_digest,
        completeness=scores.completeness,
        dpmm=scores.dpmm,
        readings=scores.readings,
        use_cases=verdicts,
        targets=targets,
        gaps=gaps,
        roadmap=plan_roadmap(spec, ground, gaps.questions, inputs.plan, demands, verdicts),
        load_bearing=find_load_bearing(spec, ground, scores.dpmm, demands, verdicts),
        flags=raise_flags(spec, ground.levels),
    )


def evaluate_briefly(spec: FrameworkSpec, inputs: Inputs) -> BriefResults:
    """Readings and verdicts alone, equal to those of `evaluate`: what the reply to a save shows."""
    ground = claimed_ground(spec, inputs)
    scores = score_on(spec, inputs, ground)
    return BriefResults(
        completeness=scores.completeness,
        dpmm=scores.dpmm,
        readings=scores.readings,
        verdicts=Table({demand.use_case: verdict_on(demand, ground) for demand in demands_of(spec)}),
    )
