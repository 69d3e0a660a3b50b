"""Notes into works: their parts, and one record a work."""

import pytest

from dossier.ingest.citation_parts import read_parts
from dossier.ingest.citations import cite, split_works
from dossier.records import Note


@pytest.mark.parametrize(
    ("words", "author", "title", "publisher", "date", "accessed"),
    [
        (
            "Laub, Zachary and Jonathan Masters. “Al-Qaeda (AQIM).” Council on Foreign Relations, 27 March 2015. Web. "
            "21 Oct. 2015.",
            "Laub, Zachary and Jonathan Masters", "Al-Qaeda (AQIM)", "Council on Foreign Relations", "2015-03-27", "2015-10-21",
        ),
        ("“Profile: X.” BBC News, 17 Jan. 2013. Web. 27 Oct. 2015", None, "Profile: X", "BBC News", "2013-01-17", "2015-10-27"),
        (
            "US Department of State. Country Reports on Terrorism 2002, 2003. Country Reports on Terrorism. Washington, DC: US "
            "Department of State.",
            "US Department of State", "Country Reports on Terrorism 2002", "US Department of State", "2003", None,
        ),
        (
            "Clark, Robert P. The Basque Insurgents: ETA, 1952-1980. University of Wisconsin Press, 1984.",
            "Clark, Robert P.", "The Basque Insurgents: ETA, 1952-1980", "University of Wisconsin Press", "1984", None,
        ),
        (
            "Some Consortium (START). (2016). Global Terrorism Database [Data file]. Retrieved from https://www.start.umd.edu/gtd.",
            "Some Consortium (START)", "Global Terrorism Database", None, "2016", None,
        ),
        ("“Groups.” TRAC, Date unknown. Web. 27 Oct. 2015.", None, "Groups", "TRAC", None, "2015-10-27"),
        ("Smith, “On War,” The Review, May 3, 2016, accessed 4 June 2016.",
         "Smith", "On War", "The Review", "2016-05-03", "2016-06-04"),
        ("John Smith, On War (London: Hurst, 2014), 23.", "John Smith", "On War", "Hurst", "2014", None),
        ("https://example.org/profiles/x", None, None, None, None, None),
    ],
)  # fmt: skip
def test_parts_of_a_citation(words, author, title, publisher, date, accessed):
    parts = read_parts(words)

    assert parts[1:] == (author, title, publisher, date, accessed)


def works_of(*notes):
    cited, works = cite([Note(1, n, 0, 0, words) for n, words in enumerate(notes, 1)])
    return [note.works for note in cited], works


@pytest.mark.parametrize(
    "again",
    [
        "Smith, Ann. “The Group’s War.” News, 2013. Web. 3 May 2016.",
        'SMITH, Ann. "The Group\'s War." News, 2013. Web. 6 June 2017. ',
        "Smith, Ann. “The Group’s War”. News, 2013",
        "Ibid.",
        "Ibid., p. 4",
        "Smith, 2013",
        "Smith 2013, 12",
    ],
)
def test_one_work_under_several_wordings(again):
    cited, works = works_of("Smith, Ann. “The Group’s War.” News, 2013. Web. 3 May 2016.", again)

    assert len(works) == 1
    assert cited[0] == cited[1]


def test_a_short_form_that_fits_two_works_is_its_own():
    _, works = works_of("Smith, Ann. “A.” News, 2013.", "Smith, Ann. “B.” News, 2013.", "Smith, 2013")

    assert len(works) == 3


def test_semicolons_inside_a_title_split_nothing():
    words = "Smith. “War; Peace.” News, 2013; Brown. “It.” Press (Paris; Rome), 2014; and others"

    assert split_works(words) == [
        "Smith. “War; Peace.” News, 2013",
        "Brown. “It.” Press (Paris; Rome), 2014; and others",
    ]


def test_a_note_that_explains_cites_nothing():
    cited, works = works_of("Spellings of names differ between sources; this brief keeps its own.")

    assert (cited, works) == ([()], [])
