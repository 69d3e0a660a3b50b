"""Places to their normal form. The city table is a small one written here; one test reads the built one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import ConfigError, PlaceError
from dossier.normalize.gazetteer import CITIES, TABLES, read_table
from dossier.normalize.places import CityTable, PlaceNorm, Places, fold

TABLES_FOLDER = Path(__file__).parents[2] / "configs" / "gazetteer"
GOLD = Path("reports/aqim-crs-brief.gold/mentions.jsonl")
CITY_ROWS = [
    ("@ly", "Libya", 2215636, "LY", "", "", 6678567),
    ("@ml", "Mali", 2453866, "ML", "", "", 19077690),
    ("@us", "United States", 6252001, "US", "", "", 327167434),
    ("al bab", "Al Bāb", 175082, "SY", "36.371", "37.516", 130745),
    ("cairo", "Cairo", 360630, "EG", "30.063", "31.250", 9606916),
    ("cairo", "Cairo", 4186213, "US", "30.877", "-84.201", 9709),
    ("cordoba", "Córdoba", 2519240, "ES", "37.892", "-4.773", 328428),
    ("cordoba", "Córdoba", 3860259, "AR", "-31.406", "-64.189", 1428214),
    ("gao", "Gao", 2457163, "ML", "16.272", "-0.045", 108600),
    ("saint petersburg", "Saint Petersburg", 498817, "RU", "59.939", "30.314", 5351935),
    ("san jose", "San Jose", 5392171, "US", "37.339", "-121.895", 997368),
    ("san jose", "San José", 3621849, "CR", "9.934", "-84.085", 342188),
    ("timbuktu", "Timbuktu", 2449067, "ML", "16.774", "-3.007", 84208),
    ("tombouctou", "Timbuktu", 2449067, "ML", "16.774", "-3.007", 84208),
    ("tripoli", "Tripoli", 2210247, "LY", "32.887", "13.187", 1150989),
    ("tripoli", "Tripoli", 266826, "LB", "34.434", "35.844", 229398),
    ("tripoli", "Tripoli", 4879490, "US", "42.808", "-92.258", 1191),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("gazetteer")
    for name in TABLES:
        if (TABLES_FOLDER / name).is_file():
            (folder / name).write_bytes((TABLES_FOLDER / name).read_bytes())
    write_cities(folder / CITIES)
    return Places.load(folder)


def write_cities(path: Path) -> None:
    rows = ["\t".join(map(str, row)) for row in CITY_ROWS]
    path.write_text("\n".join(["# key\tname", *sorted(rows, key=str.encode)]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Côte\nd’Ivoire", "cote divoire"),
        ("Cote d'Ivoire", "cote divoire"),
        ("the U.S.", "us"),
        ("N`Djamena", "ndjamena"),
        ("Guinea‑Bissau", "guinea bissau"),
        ("Łódź", "lodz"),
        ("Şanlıurfa", "sanliurfa"),
        ("  The   Gambia ", "gambia"),
        ("Antigua & Barbuda", "antigua and barbuda"),
        ("The", "the"),
    ],
)
def test_fold_gives_one_key_to_the_spellings_of_a_name(name, key):
    assert fold(name) == key


@given(st.text())
def test_folding_a_key_gives_the_key(name):
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("U.S.", "US"),
        ("US", "US"),
        ("United\nStates", "US"),
        ("Ivory Coast", "CI"),
        ("DRC", "CD"),
        ("Burma", "MM"),
        ("UK", "GB"),
        ("Mali's", "ML"),
        ("Mali’s", "ML"),
        ("the Philippines", "PH"),
    ],
)
def test_every_name_of_a_country_gives_its_code(places, words, country):
    norm = places.resolve(words)

    assert (norm.country, norm.kind) == (country, "country")
    assert norm.lat is not None


def test_a_country_has_the_id_of_the_city_table_and_coordinates_of_its_own(places):
    assert places.resolve("Mali") == PlaceNorm(2453866, "ML", 17.0, -4.0, "country")


def test_norm_has_the_fields_of_the_exports(places):
    assert places.resolve("Timbuktu").as_norm() == {
        "geonames": 2449067,
        "country": "ML",
        "lat": 16.774,
        "lon": -3.007,
    }


@pytest.mark.parametrize("words", ["Sahel", "West Africa", "North-West Africa", "Western Europe", "Macina", "Kashmir"])
def test_a_region_across_borders_has_coordinates_and_no_country(places, words):
    norm = places.resolve(words)

    assert (norm.country, norm.kind) == (None, "region")
    assert norm.lat is not None


@pytest.mark.parametrize(
    ("words", "country"), [("Kabylie", "DZ"), ("Azawad", "ML"), ("Darfur", "SD"), ("Donbas", "UA")]
)
def test_a_region_inside_one_country_has_its_code(places, words, country):
    assert places.resolve(words).country == country


@pytest.mark.parametrize(
    ("words", "country", "lat"),
    [
        ("northern Mali", "ML", 17.0),
        ("Northern Mali", "ML", 17.0),
        ("southwest Libya", "LY", 25.0),
        ("central Syria", "SY", 35.0),
        ("north-central Nigeria", "NG", 10.0),
        ("the northern part of Mali", "ML", 17.0),
        ("North\nand West Africa", None, 2.0),
    ],
)
def test_a_compass_part_keeps_country_and_coordinates_of_the_whole(places, words, country, lat):
    norm = places.resolve(words)

    assert (norm.geonames, norm.country, norm.lat, norm.kind) == (None, country, lat, "part")


@pytest.mark.parametrize(("words", "kind"), [("South Sudan", "country"), ("Northern Ireland", "province")])
def test_a_compass_word_that_is_the_name_stays(places, words, kind):
    assert places.resolve(words).kind == kind


@pytest.mark.parametrize(
    ("words", "kind", "country"),
    [
        ("Gao", "city", "ML"),
        ("City of Gao", "city", "ML"),
        ("Gao town", "city", "ML"),
        ("Gao Region", "province", "ML"),
        ("Helmand Province", "province", "AF"),
        ("Helmand", "province", "AF"),
        ("Niger State", "province", "NG"),
        ("Sahel region", "region", None),
        ("In Amenas", "site", "DZ"),
    ],
)
def test_town_and_area_words_choose_between_seat_and_province(places, words, kind, country):
    norm = places.resolve(words)

    assert (norm.kind, norm.country) == (kind, country)


@pytest.mark.parametrize(
    ("words", "near", "country"),
    [
        ("Tripoli", (), "LY"),
        ("Tripoli", {"LB"}, "LB"),
        ("Tripoli", {"LB", "US"}, "LB"),
        ("Tripoli, Lebanon", (), "LB"),
        ("Cordoba", (), "AR"),
        ("Córdoba", {"ES"}, "ES"),
        ("San José", (), "US"),
        ("San José", ["CR"], "CR"),
        ("Punjab", {"PK"}, "PK"),
        ("Punjab", {"IN"}, "IN"),
        ("Georgia", {"US"}, "GE"),
        ("Georgia state", {"US"}, "US"),
    ],
)
def test_homonyms_are_told_apart_by_the_countries_of_the_document(places, words, near, country):
    assert places.resolve(words, near=near).country == country


def test_a_village_in_a_near_country_does_not_hide_a_city_fifty_times_larger(places):
    assert places.resolve("Cairo", near={"US"}).country == "EG"


@pytest.mark.parametrize("words", ["Tombouctou", "Timbuktu"])
def test_an_alternate_name_leads_to_the_same_city(places, words):
    assert places.resolve(words).geonames == 2449067


def test_st_is_read_as_saint(places):
    assert places.resolve("St. Petersburg").geonames == 498817


@pytest.mark.parametrize("words", ["Xyzzyville", "", "'s", ",", "northern", "@ml", "# key", "Mali\tx"])
def test_an_unknown_place_is_an_error_that_names_it(places, words):
    assert not places.known(words)
    with pytest.raises(PlaceError) as error:
        places.resolve(words)
    assert repr(words) in str(error.value)


@given(st.text(max_size=40))
def test_any_text_is_known_or_not_but_never_breaks(places, words):
    assert places.known(words) in (True, False)


@pytest.mark.parametrize(("words", "common"), [("Reading", True), ("Hassan", True), ("Jordan", False), ("Gao", False)])
def test_ordinary_words_and_personal_names_need_a_cue(places, words, common):
    assert places.common(words) is common


@pytest.mark.parametrize(("words", "population"), [("Tripoli", 1150989), ("Sahel", 0), ("Tombouctou", 0)])
def test_population_is_that_of_the_largest_city_of_the_main_name(places, words, population):
    assert places.population(words) == population


def test_the_first_and_the_last_line_of_the_city_table_are_found(tmp_path):
    write_cities(tmp_path / CITIES)
    table = CityTable(tmp_path / CITIES)

    assert [city.norm.country for city in table.find("tripoli")] == ["LY", "LB", "US"]
    assert table.country_id("LY") == 2215636
    assert table.find("zzz") == []


def test_without_the_city_table_the_error_says_how_to_build_it(tmp_path):
    with pytest.raises(ConfigError, match=r"geonames.tsv.*pip install"):
        Places.load(tmp_path)


def test_a_workspace_adds_places_and_moves_known_ones(places, tmp_path):
    package, workspace = tmp_path / "package", tmp_path / "workspace"
    package.mkdir()
    workspace.mkdir()
    write_cities(package / CITIES)
    (package / "countries.tsv").write_bytes((TABLES_FOLDER / "countries.tsv").read_bytes())
    (package / "regions.tsv").write_bytes((TABLES_FOLDER / "regions.tsv").read_bytes())
    header = "# name\tcountry\tlat\tlon\tgeonames\taliases\tstrict\n"
    rows = "Sahel\t\t15.5\t4.5\t\t\t\nDossier Hills\tML\t20.5\t-1.5\t77\tthe Hills\t\n"
    (workspace / "regions.tsv").write_text(header + rows, encoding="utf-8")

    overlaid = Places.load(package, workspace)

    assert overlaid.resolve("the Hills") == PlaceNorm(77, "ML", 20.5, -1.5, "region")
    assert overlaid.resolve("Sahel").lat == 15.5


built = pytest.mark.skipif(not (TABLES_FOLDER / CITIES).is_file(), reason="geonames.tsv is not built")


@built
@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("N'Djamena", "TD"),
        ("Ndjamena", "TD"),
        ("Kiev", "UA"),
        ("Kyiv", "UA"),
        ("Tombouctou", "ML"),
        ("Raqqa", "SY"),
    ],
)
def test_built_table_has_the_usual_spellings(words, country):
    assert Places.load(TABLES_FOLDER).resolve(words).country == country


@built
def test_every_capital_is_known():
    places = Places.load(TABLES_FOLDER)
    capitals = [row["capital"] for row in read_table(TABLES_FOLDER / "countries.tsv") if row["capital"]]

    assert [capital for capital in capitals if not places.known(capital)] == []


@built
def test_places_of_the_sample_brief_have_the_gold_country_and_coordinates(shared):
    places = Places.load(TABLES_FOLDER)
    mentions = [json.loads(line) for line in (shared / GOLD).read_text(encoding="utf-8").splitlines()]
    marked = [mention for mention in mentions if mention["label"] == "PLACE"]
    near = {mention["norm"] for mention in marked if mention["norm"]}

    found = [places.resolve(mention["text"], near=near) for mention in marked]

    assert [norm.country for norm in found] == [mention["norm"] for mention in marked]
    assert all(norm.lat is not None and norm.lon is not None for norm in found)
