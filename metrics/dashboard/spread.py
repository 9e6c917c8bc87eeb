"""The distribution: how often each score was given."""

from collections.abc import Callable

from metrics.charts import Figure, ScoreBar, distribution
from metrics.dashboard.choices import Choices
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.words import answers_words, count_words, share_words
from metrics.measures import Instrument
from metrics.tally import Tally
from surveys.scoring import NPS, Group, group_word


def spread_figure(
    choices: Choices, numbers: Numbers, *, answers_url: Callable[[dict[str, str]], str], csv_url: str
) -> Figure:
    """A bar a score; each leads to its answers."""
    instrument, tally = choices.instrument, numbers.now.whole
    scale = instrument.scale
    bars = [
        ScoreBar(
            score,
            tally.counts[score],
            scale.group_of(score).value,
            f"Score {score}: {answers_words(tally.counts[score])}, {share_words(tally.counts[score], tally.n)}",
            answers_url({"score": str(score)}) if tally.counts[score] else "",
        )
        for score in scale.scores
    ]
    finding = _finding(instrument, tally)
    return Figure(
        title="Scores",
        finding=finding,
        svg=distribution(bars, label=finding, chart_id="scores"),
        columns=("Score", "Answers", "Share", "Group"),
        rows=[
            (
                str(bar.score),
                count_words(bar.count),
                share_words(bar.count, tally.n),
                group_word(instrument.measure, bar.group),
            )
            for bar in bars
        ],
        csv_url=csv_url,
    )


def groups_of(instrument: Instrument, tally: Tally) -> list[tuple[str, str, str, str]]:
    """(group, its word, answers, share), worst first."""
    counted = [(group, in_group(instrument, tally, group)) for group in reversed(Group)]
    return [
        (group.value, group_word(instrument.measure, group), count_words(count), share_words(count, tally.n))
        for group, count in counted
    ]


def in_group(instrument: Instrument, tally: Tally, group: Group) -> int:
    return sum(tally.counts[score] for score in instrument.scale.scores_in(group))


def _finding(instrument: Instrument, tally: Tally) -> str:
    if not tally.n:
        return "No answers."
    best, worst = (
        f"{share_words(in_group(instrument, tally, group), tally.n)} {_people(instrument, group)}"
        for group in (Group.PROMOTER, Group.DETRACTOR)
    )
    commonest = max(instrument.scale.scores, key=tally.counts.__getitem__)
    return f"{best}, {worst}; the most frequent score is {commonest}."


def _people(instrument: Instrument, group: Group) -> str:
    """ "promoters", but "satisfied"."""
    word = group_word(instrument.measure, group).lower()
    return f"{word}s" if instrument.measure == NPS else word
