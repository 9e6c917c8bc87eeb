"""The trend: how the score moved over the period, and what happened on the way."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from metrics.buckets import Bucket
from metrics.charts import Annotation, Figure, trend
from metrics.charts import Bucket as Point
from metrics.dashboard.changes import Mark, marks_of
from metrics.dashboard.choices import Choices
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.small import NOTHING_HIDDEN, Small
from metrics.dashboard.words import (
    SCALES,
    answers_words,
    bucket_label,
    bucket_words,
    change_of,
    count_words,
    margin_words,
    value_words,
)
from metrics.measures import Figure as Score
from metrics.measures import Instrument, Measure
from metrics.statistics.sizes import ENOUGH_TO_COMPARE
from metrics.statistics.smoothing import ENOUGH_FOR_A_POINT, Window, smoothed
from metrics.tally import Tally
from metrics.targets.aim import Aim
from surveys.models import SurveyVersion
from surveys.scoring import Group

HIDDEN = "hidden"
UNIT_WORDS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}


@dataclass(frozen=True)
class Step:
    """One bucket: what was heard in it, and the window that ends with it, whose score is drawn there.

    From strangers is hidden what was heard in a small bucket (`is_hidden`), and the score of a window that reaches one
    (`is_line_hidden`), since its neighbours could be taken away from it.
    """

    measure: Measure
    bucket: Bucket
    tally: Tally
    window: Window
    is_hidden: bool = False
    is_line_hidden: bool = False

    @cached_property
    def score(self) -> Score:
        return self.measure.figure(self.tally if self.is_alone else Tally.of(self.window.counts))

    @property
    def is_drawn(self) -> bool:
        return self.window.n >= ENOUGH_TO_COMPARE and not self.is_line_hidden

    @property
    def is_alone(self) -> bool:
        """Whether the window is the bucket itself."""
        return self.window.first == self.window.last


def trend_figure(
    choices: Choices,
    numbers: Numbers,
    notes: Sequence[Annotation],
    csv_url: str,
    aim: Aim | None = None,
    *,
    small: Small = NOTHING_HIDDEN,
    is_still: bool = False,
) -> Figure:
    """The picture with its finding and its table, and with the way to the target where there is one.

    Without what is too `small`; `is_still` where no script runs.
    """
    instrument = choices.instrument
    steps = steps_of(instrument, numbers.buckets, numbers.tallies, hidden=small.buckets)
    # Levels are figures of many buckets together, hidden ones among them.
    marks = {} if small.buckets else marks_of(instrument.headline, numbers)
    finding = " ".join([_finding(instrument, steps), *(mark.sentence for mark in marks.values())])
    points = [
        _point(instrument, step, marks.get(at), is_first=at == 0, is_last=at == len(steps) - 1)
        for at, step in enumerate(steps)
    ]
    unit = UNIT_WORDS[choices.bucket_unit]
    way = aim.places(numbers.buckets) if aim else []
    is_on_its_way = any(place is not None for place in way)
    extra: dict[str, Callable[[int, Step], str]] = {}
    if aim and is_on_its_way:
        extra["Target"] = lambda at, step: aim.words(step.bucket)
    if marks:
        extra["Change"] = lambda at, step: marks[at].words if at in marks else ""
    is_running = bool(steps) and steps[-1].bucket.last >= choices.ground.today
    svg = trend(
        points,
        scale=SCALES[instrument.headline.unit],
        label=finding,
        chart_id="trend",
        guide=way,
        annotations=[*notes, *(mark.annotation for mark in marks.values())],
        partial_word="so far" if is_running else "cut",
        is_still=is_still,
    )
    return Figure(
        title=f"{instrument.label} by {unit}",
        finding=finding,
        svg=svg,
        columns=(unit.title(), "Answers", instrument.label, "±", "n of the line", *extra),
        rows=[row_of(instrument, step, *(cell(at, step) for cell in extra.values())) for at, step in enumerate(steps)],
        csv_url=csv_url,
        resting=points[-1].say if points and not is_still else "",
        legend=[("guide", aim.legend)] if aim and is_on_its_way else [],
    )


def steps_of(
    instrument: Instrument, buckets: Sequence[Bucket], tallies: Sequence[Tally], *, hidden: Set[int] = frozenset()
) -> list[Step]:
    """Thin buckets are drawn from windows that look back until they hold a hundred answers; thick ones alone.

    `hidden` are the places of the buckets that strangers must not see.
    """
    counts = [tally.by_score for tally in tallies]
    if is_thin(buckets, tallies):
        windows = smoothed(counts, at_least=ENOUGH_FOR_A_POINT)
    else:
        windows = [Window(at, at, each, is_full=True) for at, each in enumerate(counts)]
    return [
        Step(
            instrument.headline,
            bucket,
            tally,
            window,
            is_hidden=place in hidden,
            is_line_hidden=not hidden.isdisjoint(range(window.first, window.last + 1)),
        )
        for place, (bucket, tally, window) in enumerate(zip(buckets, tallies, windows, strict=True))
    ]


def is_thin(buckets: Sequence[Bucket], tallies: Sequence[Tally]) -> bool:
    """Whether most of the whole buckets have fewer answers than a point needs."""
    whole = [tally.n for bucket, tally in zip(buckets, tallies, strict=True) if not bucket.is_partial]
    return 2 * sum(n < ENOUGH_FOR_A_POINT for n in whole) >= len(whole)


def annotations_of(choices: Choices, buckets: Sequence[Bucket]) -> list[Annotation]:
    """Where the wording of a survey changed: from there on the line speaks of another question. One query."""
    if not buckets:
        return []
    surveys = [choices.survey] if choices.survey else choices.ground.surveys_of(choices.instrument)
    names = {survey.id: survey.name for survey in surveys}
    reworded = SurveyVersion.objects.filter(
        survey__in=list(names),
        number__gt=1,
        published_at__gte=buckets[0].start,
        published_at__lt=buckets[-1].end,
    ).values_list("survey_id", "published_at")
    at = {
        next(place for place, bucket in enumerate(buckets) if moment < bucket.end): survey_id
        for survey_id, moment in reworded.order_by("published_at")
    }
    return [
        Annotation(place, "New wording" if len(names) == 1 else f"New wording: {names[survey_id]}")
        for place, survey_id in at.items()
    ]


def row_of(instrument: Instrument, step: Step, *more: str) -> tuple[str, ...]:
    """The cells of one bucket; `more` are those of columns that only some tables have."""
    measure = instrument.headline
    name = bucket_words(step.bucket)
    if step.is_line_hidden:
        return name, HIDDEN if step.is_hidden else count_words(step.tally.n), HIDDEN, "", HIDDEN, *more
    if not step.is_drawn:
        return name, count_words(step.tally.n), "too few", "", count_words(step.window.n), *more
    return (
        name,
        count_words(step.tally.n),
        value_words(measure, step.score.value, 1),
        margin_words(measure, step.score, 1).removeprefix("±"),
        count_words(step.window.n),
        *more,
    )


def _point(instrument: Instrument, step: Step, mark: Mark | None, *, is_first: bool, is_last: bool) -> Point:
    scale, score = instrument.scale, step.score if step.is_drawn else None
    tally = Tally() if step.is_hidden else step.tally
    detractors, passives, promoters = (
        sum(tally.counts[each] for each in scale.scores_in(group))
        for group in (Group.DETRACTOR, Group.PASSIVE, Group.PROMOTER)
    )
    return Point(
        label=bucket_label(step.bucket, is_first=is_first),
        say=_say(instrument, step) + (f"; {mark.words} from here on" if mark else ""),
        value=float(score.value) if score and score.value is not None else None,
        low=score.interval.low if score and score.interval else None,
        high=score.interval.high if score and score.interval else None,
        detractors=detractors,
        passives=passives,
        promoters=promoters,
        is_partial=is_last and step.bucket.is_partial,
    )


def _say(instrument: Instrument, step: Step) -> str:
    name = bucket_words(step.bucket)
    if step.is_hidden:
        return f"{name}: hidden"
    heard = answers_words(step.tally.n)
    if not step.is_drawn:
        return f"{name}: {heard}, too few for a score"
    measure = instrument.headline
    score = f"{value_words(measure, step.score.value)} {margin_words(measure, step.score)}"
    if step.is_alone:
        return f"{name}: {score}, n = {count_words(step.window.n)}"
    over = f"{step.window.last - step.window.first + 1} {UNIT_WORDS[step.bucket.unit]}s"
    return f"{name}: {score} over {over} (n = {count_words(step.window.n)}), {heard} in this one"


def _finding(instrument: Instrument, steps: Sequence[Step]) -> str:
    """The last point against the earliest one that shares no answers with it."""
    drawn = [step for step in steps if step.is_drawn]
    if not drawn:
        total = sum(step.tally.n for step in steps)
        if any(step.is_line_hidden for step in steps):
            return f"{answers_words(total)}: too few at a time for a line."
        return f"{answers_words(total)}: too few for a line, which needs {ENOUGH_TO_COMPARE}."
    measure = instrument.headline
    first, last = drawn[0], drawn[-1]
    now = f"{value_words(measure, last.score.value)} {margin_words(measure, last.score)}"
    smooth = _smoothing_note(steps)
    change = (
        change_of(measure, measure.difference(last.score, first.score))
        if first.window.last < last.window.first
        else None
    )
    if change is None or change.is_few:
        return f"{instrument.label} stands at {now}.{smooth}"
    then = value_words(measure, first.score.value)
    return f"From {then} to {now}: {change.verdict}.{smooth}"


def _smoothing_note(steps: Sequence[Step]) -> str:
    if all(step.is_alone for step in steps if step.is_drawn):
        return ""
    return f" Each point is drawn from the last {ENOUGH_FOR_A_POINT} answers or more."
