"""Charts are well-formed, unique, readable in both directions and light."""

import gzip
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from metrics.charts import (
    CES,
    DARK,
    LIGHT,
    NPS,
    SHARE,
    WEB,
    Annotation,
    Bucket,
    ScoreBar,
    distribution,
    headline_bar,
    sparkline,
    trend,
)
from metrics.charts.frame import kept_labels

SVG = "{http://www.w3.org/2000/svg}"


def buckets(count: int = 26) -> list[Bucket]:
    return [
        Bucket(
            f"{index % 28 + 1} Mar",
            f"Week of {index % 28 + 1} March: +{20 + index} ±7, n = {40 + index}",
            20.0 + index,
            13.0 + index,
            27.0 + index,
            detractors=8,
            passives=12,
            promoters=20 + index,
            is_partial=index == count - 1,
        )
        for index in range(count)
    ]


def bars(href: str = "?score=1&group=a") -> list[ScoreBar]:
    groups = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    return [ScoreBar(at, 5 * at, group, f"Score {at}: {5 * at} <answers>", href) for at, group in enumerate(groups)]


def every_chart(palette=WEB, is_rtl: bool = False) -> dict[str, str]:
    how = {"palette": palette, "is_rtl": is_rtl}
    notes = [Annotation(3, "Release <4> & more"), Annotation(20, "Wording")]
    return {
        "trend": trend(buckets(), scale=NPS, label='A "finding" & more', chart_id="a", annotations=notes, **how),
        "distribution": distribution(bars(), label="Spread", chart_id="b", **how),
        "headline": headline_bar(42, low=35, high=49, previous=37, scale=NPS, label="NPS", chart_id="c", **how),
        "sparkline": sparkline([1, None, 3, 9], scale=NPS, **how),
    }


@pytest.mark.parametrize("palette", [WEB, LIGHT, DARK], ids=["web", "light", "dark"])
@pytest.mark.parametrize("name", every_chart())
def test_chart_is_well_formed_and_has_no_style_attribute(name, palette):
    svg = every_chart(palette)[name]
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not any("style" in element.attrib for element in root.iter())
    assert "<script" not in svg


def test_ids_are_unique_across_charts_of_a_page():
    ids = [found for svg in every_chart().values() for found in re.findall(r'\sid="([^"]+)"', svg)]
    assert sorted(ids) == ["a", "b", "c"]


@pytest.mark.parametrize("name", every_chart())
def test_chart_takes_at_most_4_kilobytes(name):
    assert len(gzip.compress(every_chart()[name].encode())) <= 4 * 1024


@pytest.mark.parametrize("name", every_chart())
def test_web_colours_are_classes_and_picture_colours_are_literal(name):
    assert "#" not in re.sub(r"&#\w+;", "", every_chart(WEB)[name])
    picture = every_chart(LIGHT)[name]
    assert "var(" not in picture
    assert re.search(r'(fill|stroke)="#[0-9A-F]{6}"', picture)


def xs(svg: str, tag: str, value: str = "x") -> list[float]:
    return [
        float(e.attrib[value].rstrip("%")) for e in ElementTree.fromstring(svg).iter(f"{SVG}{tag}") if value in e.attrib
    ]


def test_trend_runs_from_right_to_left_in_such_languages():
    ltr, rtl = every_chart()["trend"], every_chart(is_rtl=True)["trend"]
    boxes = [
        [rect for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect") if "data-say" in rect.attrib]
        for svg in (ltr, rtl)
    ]
    assert [box.attrib["data-say"] for box in boxes[0]] == [box.attrib["data-say"] for box in boxes[1]]
    for left, right in zip(*boxes, strict=True):
        wide = float(left.attrib["width"])
        assert float(right.attrib["x"]) == pytest.approx(600 - wide - float(left.attrib["x"]), abs=0.3)


def test_axis_words_change_sides_from_right_to_left():
    words = {}
    for is_rtl in (False, True):
        root = ElementTree.fromstring(every_chart(is_rtl=is_rtl)["trend"])
        axis = next(group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}text") is not None)
        words[is_rtl] = (axis.attrib["text-anchor"], axis[0].attrib["x"], axis[0].attrib["dx"])
    assert words == {False: ("end", "0%", "-8"), True: ("start", "100%", "8")}


def test_distribution_and_headline_are_mirrored():
    for name in ("distribution", "headline"):
        ltr, rtl = (xs(every_chart(is_rtl=is_rtl)[name], "text") for is_rtl in (False, True))
        assert rtl == pytest.approx([100 - x for x in ltr], abs=0.11)


def test_words_are_escaped():
    charts = every_chart()
    assert "Release &lt;4&gt; &amp; more" in charts["trend"]
    assert 'aria-label="A &quot;finding&quot; &amp; more"' in charts["trend"]
    assert 'href="?score=1&amp;group=a"' in charts["distribution"]


def test_labels_closer_than_40_px_are_skipped():
    shares = [index / 20 for index in range(20)]
    kept = sorted(kept_labels(shares, ["1"] * 20, width=300))
    assert kept[-1] == 19
    gaps = [300 * (shares[after] - shares[before]) for before, after in pairwise(kept)]
    assert min(gaps) >= 40


def test_long_labels_need_their_own_width():
    assert kept_labels([0.0, 0.25, 0.75], ["September 2026"] * 3, width=240) == {1, 2}
    assert kept_labels([0.0, 0.25, 0.75], ["Sep"] * 3, width=200) == {0, 1, 2}
    assert kept_labels([0.0, 0.25, 0.75], ["September 2026"] * 3, width=120) == {2}


def test_label_before_a_long_last_one_makes_room_for_it():
    shares, labels = [0.72, 0.98], ["1 Jun", "8 Jul (so far)"]
    assert kept_labels(shares, labels, width=260) == {1}
    assert kept_labels(shares, labels, width=900) == {0, 1}


def test_labels_without_room_on_a_phone_are_marked():
    svg = every_chart()["trend"]
    assert 0 < svg.count('class="wide-label"') < 26
    assert 'class="wide-label"' not in every_chart(LIGHT)["trend"]


def test_line_breaks_where_too_few_answered():
    given = buckets(5)
    given[2] = Bucket("3 Mar", "3 March: too few to compare", None)
    root = ElementTree.fromstring(trend(given, scale=NPS, label="x", chart_id="x", palette=LIGHT))
    line = next(path for path in root.iter(f"{SVG}path") if path.attrib.get("stroke-linecap"))
    assert line.attrib["d"].count("M") == 1  # two points before the gap; after it only the dashed step is left


def test_partial_bucket_is_dashed_and_named():
    svg = trend(buckets(4), scale=NPS, label="x", chart_id="x", partial_word="bis jetzt")
    assert "4 Mar (bis jetzt)" in svg
    assert 'stroke-dasharray="2 5"' in svg
    whole = trend(buckets(4)[:3], scale=NPS, label="x", chart_id="x")
    assert 'stroke-dasharray="2 5"' not in whole


def test_detractors_stand_at_the_bottom():
    root = ElementTree.fromstring(trend(buckets(1), scale=NPS, label="x", chart_id="x", palette=LIGHT))
    starts = {
        path.attrib["fill"]: float(path.attrib["d"].split()[1].split("h")[0])
        for path in root.iter(f"{SVG}path")
        if path.attrib.get("fill", "none") in ("#C8501E", "#8A8F98", "#0B4F6C")
    }
    assert starts["#C8501E"] > starts["#8A8F98"] > starts["#0B4F6C"]


@pytest.mark.parametrize("given", [[], [Bucket("1 Mar", "nothing yet", None)]])
def test_empty_trend_still_draws_its_axis(given):
    assert ElementTree.fromstring(trend(given, scale=NPS, label="x", chart_id="x")) is not None


@pytest.mark.parametrize(
    ("scale", "value", "words"),
    [(NPS, 42, "+42"), (NPS, -7, "−7"), (NPS, 0, "0"), (SHARE, 60, "60 %"), (CES, 5.5, "5.5"), (NPS, -0.3, "0")],
)
def test_scale_writes_its_values(scale, value, words):
    assert scale.words(value) == words


@pytest.mark.parametrize("scale", [NPS, SHARE, CES])
def test_window_stays_on_the_scale_and_holds_the_values(scale):
    for values in ([], [scale.low], [scale.high], [scale.low, scale.high], [(scale.low + scale.high) / 2]):
        low, high, ticks = scale.window(values)
        assert scale.low <= low < high <= scale.high
        assert all(low <= value <= high for value in values)
        assert 2 <= len(ticks) <= 8
        assert ticks[0] == pytest.approx(low)


def test_bar_without_address_is_no_link():
    svg = distribution(bars(href=""), label="x", chart_id="x")
    assert "<a " not in svg
    assert 'aria-label="Score 3: 15 &lt;answers&gt;"' in svg


def test_sparkline_of_one_value_is_empty():
    assert sparkline([None, 4], scale=NPS) == ""
