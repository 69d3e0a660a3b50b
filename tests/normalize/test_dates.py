"""DATE mentions and their EDTF values: annotation guide, sections 1 and 2. All organisations are invented."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dossier.errors import DateError
from dossier.normalize.dates import DateSpan, bounds, find_dates, parse_date

edtf = pytest.importorskip("edtf")

REPORTS = Path(__file__).parents[3] / "shared" / "reports"
NO_VALUE = "calendar|may come first|ends before|no year after|a year has"  # why a found date may have no value


def unmark(marked: str) -> tuple[str, list[str]]:
    """Split `in ⟦2012⟧` into the text and the marked words."""
    return marked.replace("⟦", "").replace("⟧", ""), re.findall("⟦(.*?)⟧", marked, re.DOTALL)


def found_in(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_dates(text)]


SENTENCES = [
    "The Lanternists were founded on ⟦3 May 2016⟧ and split in ⟦late 2012 or early 2013⟧.",
    "On ⟦June 30, 2018⟧, the Red Heron Front (RHF) bombed a depot; by ⟦30 June 2018⟧ it had fled.",
    "The fighting began on ⟦April 11 2007⟧, ⟦28 Apr. 2014⟧ and ⟦2018-06-30⟧.",
    "Dorje Lhamo (⟦1998-August 2003⟧): led the Snow Column until ⟦August 2003⟧.",
    "Ilse Brandt (⟦August 2003-June 20, 2004⟧), Nuno Faria (⟦June 2004-Present⟧)",
    "Tarek Olum (⟦1998- December 2012⟧, ⟦December 2015- unknown⟧); Ana Rui (⟦Unknown-February 2013⟧)",
    "- Ministry of Home Affairs list: ⟦October 6, 2001 to Present⟧ [2]",
    "- Kingdom of Vestmark: ⟦March 2001 - Present⟧.[6]",
    "It renamed itself in ⟦2006-2007⟧, or ⟦2006-07⟧ by another count.",
    "The truce held ⟦between 2009 and 2011⟧ and again from ⟦March to June 2012⟧.",
    "Raids in ⟦March-April 2012⟧ and on ⟦March 3-5, 2012⟧ and ⟦3–5 March 2012⟧ cost it dear.",
    "Formed in ⟦mid-2015⟧, it grew in ⟦early 2016⟧ and waned from ⟦mid- to late 2017⟧.",
    "An amnesty in ⟦the early 2000s⟧; roots in ⟦the 1980s⟧, or ⟦late 1990s⟧, or the ⟦20th century⟧.",
    "It armed ⟦circa 2015⟧ or ⟦around 2016⟧; in ⟦spring 2014⟧ and the ⟦summer of 2014⟧ it marched.",
    "Profits rose in the ⟦first quarter of 2015⟧, the ⟦first half of 2016⟧ and ⟦Q3 2016⟧.",
    "A court ruled on ⟦Tuesday, 3 May 2016⟧; an appeal came on the ⟦3rd of May 2017⟧ and ⟦May 3rd, 2018⟧.",
    "The raid of ⟦3 May⟧ was answered on ⟦July 14⟧ of that summer.",
    "Twin bombings hit the port in ⟦the same year⟧; the name changed ⟦the following year⟧.",
    "It kept the name until ⟦January of the next year⟧, and ⟦the following month⟧ it dissolved.",
    "In ⟦November\n2015⟧ and ⟦October 4,\u00a02017⟧ the Marsh League struck.",
    "After the ⟦2009⟧ murder and the ⟦2015⟧ peace agreement (⟦2016⟧) it disarmed.",
    "UN Security Council Resolution 2085 (⟦2012⟧) and resolutions 1267 (⟦1999⟧), 1989 (⟦2011⟧) apply.",
    "See Resolutions 1970, 1973 and 2085, pp. 477–84, section 1998, note 2011 and Flight 1943.",
    "The league has 1998 fighters, 1,998 rifles, some 2000 members and 1500 to 2000 men.",
    "It may march on the town; May and March are names; we march 12 miles.",
    "Marta May, 12, and General March met. May 2,000 flowers bloom.",
    "It has fought for six years, recently in three weeks, and for the past 24 hours.",
    "Call +49 30 2015 1999 or see https://x.org/2015/03/a-2016.html, ISBN 978-0-2013-1234-5, A/RES/2015.",
    "At 2015 hours and 1900 GMT the convoy left; it cost $2015, 2016 dollars and 2000 km of road.",
    "[7] Sahel.[20] F2000 rifles, AK-1974, serial 2011/A and order ID-2015-77.",
    "It was the post-⟦2011⟧ order of a ⟦2003⟧-era militia; ⟦2014⟧'s peak; ⟦2013⟧: 300 (Yearbook).",
    "DOB: ⟦14 Dec. 1972⟧; ⟦circa 1964⟧; Listed on: ⟦25 Jan. 2001⟧ (amended on ⟦28 Mar. 2003⟧, ⟦20 Dec. 2005⟧)",
    "Born ⟦30.06.1968⟧, passport 1985 issued ⟦2001/07/15⟧.",
    "From ⟦September 2012 – present⟧ she led; from ⟦2004 to the present⟧ he did.",
    "He was at large in ⟦2012 or 2013⟧, then jailed in ⟦June 2014 until August 2015⟧.",
    "They met on ⟦12 and 15 May 2012⟧, in ⟦March and April 2013⟧ and at the ⟦end of 2014⟧.",
    "The ⟦2003⟧ war: in ⟦2003⟧ U.S. troops came; since ⟦2004⟧ insurgents fought.",
    "IN ⟦MAY 2016⟧ AND ON ⟦3 JUNE 2016⟧ THE FRONT MET; in ⟦may 2017⟧ too.",
    "In ⟦July⟧ it regrouped; by ⟦late May⟧ it was gone, as in ⟦March⟧.",
    "The Council met ⟦last year⟧ and will meet in ⟦June⟧; the last year of the war was hard.",
    "It marched ⟦last July⟧ and at the ⟦end of last year⟧; this march on the capital failed.",
    "Resources of ⟦the late 1990s⟧, ⟦the mid-1990s⟧ and the ⟦first decade of the 2000s⟧.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_every_date_of_a_sentence_is_found_and_nothing_else(marked):
    text, dates = unmark(marked)

    assert found_in(text) == dates


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("June 30, 2018", "2018-06-30"),
        ("30 June 2018", "2018-06-30"),
        ("April 11 2007", "2007-04-11"),
        ("28 Apr. 2014", "2014-04-28"),
        ("28-Apr-2014", "2014-04-28"),
        ("2018-06-30", "2018-06-30"),
        ("30.06.2018", "2018-06-30"),
        ("6/30/2018", "2018-06-30"),
        ("03.04.2018", "2018-04-03"),
        ("Tuesday, 3 May 2016", "2016-05-03"),
        ("3rd of May 2016", "2016-05-03"),
        ("the 3rd of May, 2016", "2016-05-03"),
        ("May 3rd, 2016", "2016-05-03"),
        ("JUNE 2018", "2018-06"),
        ("Sept. 2018", "2018-09"),
        ("November\n2015", "2015-11"),
        ("October 4,\u00a02017", "2017-10-04"),
        ("2013", "2013"),
        ("2006-2007", "2006/2007"),
        ("2006–07", "2006/2007"),
        ("2006-07", "2006/2007"),
        ("1998–02", "1998/2002"),
        ("2012-03", "2012-03"),
        ("2015/16", "2015/2016"),
        ("1998-August 2003", "1998/2003-08"),
        ("August 2003-June 20, 2004", "2003-08/2004-06-20"),
        ("June 2004-Present", "2004-06/.."),
        ("October 6, 2001 to Present", "2001-10-06/.."),
        ("March 2001 - Present", "2001-03/.."),
        ("September 2012 – present", "2012-09/.."),
        ("2004–", "2004/.."),
        ("2013 onwards", "2013/.."),
        ("Unknown-February 2013", "/2013-02"),
        ("December 2015- unknown", "2015-12/"),
        ("between 2009 and 2011", "2009/2011"),
        ("from March to June 2012", "2012-03/2012-06"),
        ("March-April 2012", "2012-03/2012-04"),
        ("December–February 2013", "2012-12/2013-02"),
        ("March 3-5, 2012", "2012-03-03/2012-03-05"),
        ("3—5 March 2012", "2012-03-03/2012-03-05"),
        ("3 March-5 April 2012", "2012-03-03/2012-04-05"),
        ("March 3 through April 5, 2012", "2012-03-03/2012-04-05"),
        ("between 3 and 5 May 2012", "2012-05-03/2012-05-05"),
        ("mid-2015", "2015-05/2015-08"),
        ("early 2012", "2012-01/2012-03"),
        ("late 2012", "2012-10/2012-12"),
        ("early in 2012", "2012-01/2012-03"),
        ("the end of 2012", "2012-10/2012-12"),
        ("early to mid-2015", "2015-01/2015-08"),
        ("late 2012 to early 2014", "2012-10/2014-03"),
        ("late 2012 or early 2013", "2012-10/2013-03"),
        ("2012 or 2013", "2012/2013"),
        ("the early 2000s", "2000/2003"),
        ("the mid-1990s", "1994/1996"),
        ("late 1990s", "1997/1999"),
        ("the 1980s", "198X"),
        ("the ’90s", "199X"),
        ("1980s–1990s", "1980/1999"),
        ("first decade of the 2000s", "200X"),
        ("the 20th century", "19XX"),
        ("nineteenth century", "18XX"),
        ("the early 20th century", "1900/1939"),
        ("the 1800s", "18XX"),
        ("circa 2015", "2015~"),
        ("around 2015", "2015~"),
        ("c. 2015", "2015~"),
        ("circa 2009-2011", "2009~/2011~"),
        ("around spring 2014", "2014~"),
        ("spring 2014", "2014-21"),
        ("the summer of 2014", "2014-22"),
        ("fall 2014", "2014-23"),
        ("winter of 2014-15", "2014-24"),
        ("first quarter of 2015", "2015-01/2015-03"),
        ("last quarter of 2015", "2015-10/2015-12"),
        ("first half of 2015", "2015-01/2015-06"),
        ("second half of the 1990s", "1995/1999"),
        ("Q3 2016", "2016-07/2016-09"),
        ("2016 Q3", "2016-07/2016-09"),
        ("FY 2015", "2015~"),
        ("late May 2015", "2015-05-21/2015-05-31"),
    ],
)
def test_words_have_their_normal_form(words, value):
    assert parse_date(words) == value


@pytest.mark.parametrize(
    ("words", "anchor", "value"),
    [
        ("the same year", "2013-12", "2013"),
        ("that year", "2013-12-04", "2013"),
        ("the following year", "2006", "2007"),
        ("the following year", "2006/2007", "2008"),
        ("the previous year", "2006-09-11", "2005"),
        ("the following month", "2006-12", "2007-01"),
        ("that month", "2006-09-11", "2006-09"),
        ("January of the next year", "2006-09-11", "2007-01"),
        ("3 May of the same year", "2006-09-11", "2006-05-03"),
        ("the following June", "2006-09", "2007-06"),
        ("the following December", "2006-09", "2006-12"),
        ("two years later", "2004", "2006"),
        ("a month earlier", "2004-01", "2003-12"),
        ("the next day", "2004-02-28", "2004-02-29"),
        ("3 May", "2016", "2016-05-03"),
        ("July 14", "2016-02", "2016-07-14"),
        ("3-5 May", "2016", "2016-05-03/2016-05-05"),
        ("June", "2016", "2016-06"),
        ("late that year", "2016", "2016-10/2016-12"),
    ],
)
def test_relative_words_take_the_year_of_the_anchor(words, anchor, value):
    assert parse_date(words, anchor=anchor) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("last year", "2017"),
        ("this month", "2018-07"),
        ("last July", "2017-07"),
        ("end of last year", "2017-10/2017-12"),
    ],
)
def test_words_of_the_report_take_its_date(words, value):
    assert parse_date(words, report_date="2018-07-09") == value


@pytest.mark.parametrize(
    "words", ["the same year", "the following year", "3 May", "July 14", "that month", "last year"]
)
def test_relative_words_without_an_anchor_are_no_guess(words):
    with pytest.raises(DateError, match=re.escape(words)):
        parse_date(words)


@pytest.mark.parametrize("anchor", ["2006/2007", "2004/..", "/2013-02", "198X"])
def test_the_same_year_needs_an_anchor_of_one_year(anchor):
    with pytest.raises(DateError, match="one year"):
        parse_date("the same year", anchor=anchor)


@pytest.mark.parametrize(
    "words",
    ["February 30, 2012", "31 April 2015", "29 February 2015", "2015-13-01", "2015-2012", "03/04/2015", "n.d.", "", "May",
     "recently", "six years", "2012-05-03/x", "x" * 500, "2085-84"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_the_words(words):
    with pytest.raises(DateError, match=re.escape(repr(words[:40])[:-1])):
        parse_date(words)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2018-06-30", ("2018-06-30", "2018-06-30")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2013", ("2013-01-01", "2013-12-31")),
        ("2015~", ("2015-01-01", "2015-12-31")),
        ("198X", ("1980-01-01", "1989-12-31")),
        ("19XX", ("1900-01-01", "1999-12-31")),
        ("2006/2007", ("2006-01-01", "2007-12-31")),
        ("2004-06/..", ("2004-06-01", None)),
        ("/2013-02", (None, "2013-02-28")),
        ("2015-12/", ("2015-12-01", None)),
        ("../..", (None, None)),
        ("2014-21", ("2014-03-01", "2014-05-31")),
        ("2014-24", ("2014-01-01", "2015-02-28")),
    ],
)
def test_bounds_are_the_first_and_last_day_a_value_can_mean(value, days):
    assert bounds(value) == days


@pytest.mark.parametrize("value", ["", "/", "n.d.", "2012-02-30", "2012-13", "198X-05", "2012/2013/2014", "Present"])
def test_bounds_refuse_what_is_no_value(value):
    with pytest.raises(DateError):
        bounds(value)


# --- properties ---

DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2099, 12, 31))
FORMS = ["{d.day} {d:%B} {d.year}", "{d:%B} {d.day}, {d.year}", "{d:%A}, {d.day} {d:%b} {d.year}", "{d:%Y-%m-%d}"]
WORDS = "1980s 20th century Q3 first half quarter Present unknown 30.06.2015 's 2085 resolution fighters in "
WORDS += "spring 3rd \n"
PIECES = st.sampled_from(WORDS.split(" "))


@given(DAYS, st.sampled_from(FORMS))
def test_a_written_day_is_found_whole_and_reads_back(day, form):
    words = form.format(d=day)
    text = f"The league split on {words}; it had few men."

    assert found_in(text) == [words]
    assert parse_date(words) == day.isoformat()
    assert bounds(parse_date(words)) == (day.isoformat(), day.isoformat())


@given(DAYS, DAYS, st.sampled_from(["-", " - ", "–", " to ", " until "]))
def test_two_months_make_an_interval(first, last, join):
    first, last = sorted((first, last))
    words = f"{first:%B} {first.year}{join}{last:%B} {last.year}"
    value = parse_date(words)

    assert found_in(f"({words})") == [words]
    assert value == (f"{first:%Y-%m}/{last:%Y-%m}" if f"{first:%Y-%m}" != f"{last:%Y-%m}" else f"{first:%Y-%m}")


def value_or_why(words: str) -> tuple[str, str]:
    try:
        return parse_date(words, anchor="2014-06-30", report_date="2018-07-09"), ""
    except DateError as error:
        return "", str(error)


def check_spans(text: str) -> None:
    spans = find_dates(text)
    assert all(isinstance(span, DateSpan) and 0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for span in spans:
        words = text[span.start : span.end]
        value, why = value_or_why(words)
        assert value or re.search(NO_VALUE, why), words
        if value:
            edtf.parse_edtf(value)
            bounds(value)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from([" ", "", "-"]))
@example(["3", "and", "12", "May", "1998"], " ")
def test_spans_of_date_like_text_are_disjoint_and_parse(pieces, glue):
    check_spans(glue.join(pieces))


@settings(max_examples=300)
@given(st.text())
def test_any_text_is_read_without_an_error(text):
    check_spans(text)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join)), st.booleans())
def test_a_value_is_always_one_that_edtf_reads(words, anchored):
    try:
        value = parse_date(words, anchor="2014-06" if anchored else None)
    except DateError:
        return
    edtf.parse_edtf(value)
    bounds(value)


HOSTILE = [
    "1",
    "- ",
    "a",
    "2015 ",
    "2015-",
    "May ",
    "March 3-",
    "3 and ",
    "the same ",
    "between 3 ",
    "resolution 1970, ",
    "\u00a0",
    "\n",
    "mid-",
    "first half of the ",
    "12/",
    "Jan. ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_the_text(piece):
    text = (piece * 200_000)[:200_000]
    begin = time.process_time()
    find_dates(text)

    assert time.process_time() - begin < 4  # seconds; 1.2 at worst on an idle core


@pytest.mark.skipif(not REPORTS.exists(), reason="the sample reports are not here")
def test_the_reference_annotation_is_met():
    folder = REPORTS / "aqim-crs-brief.gold"
    gold = [json.loads(line) for line in (folder / "mentions.jsonl").read_text("utf-8").splitlines()]
    dates = [mention for mention in gold if mention["label"] == "DATE"]
    text = (REPORTS / "aqim-crs-brief.txt").read_text("utf-8")

    assert [(span.start, span.end) for span in find_dates(text)] == [(m["start"], m["end"]) for m in dates]
    assert [parse_date(mention["text"]) for mention in dates] == [mention["norm"] for mention in dates]


def test_a_start_of_two_points_and_an_end_are_one_mark():
    text = "Oskar (late 1992 or early 1993-October 3, 2004): he led it"
    (span,) = find_dates(text)

    assert text[span.start : span.end] == "late 1992 or early 1993-October 3, 2004"
    assert parse_date(text[span.start : span.end]) == "1992-10/2004-10-03"


def test_a_day_with_a_year_of_two_figures_is_marked_but_not_guessed():
    assert [(span.start, span.end) for span in find_dates("On 12.05.98 they met.")] == [(3, 11)]
    with pytest.raises(DateError, match=r"12\.05\.98"):
        parse_date("12.05.98")
