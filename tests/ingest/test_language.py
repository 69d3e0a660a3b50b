"""The language of a report, told the same way every time."""

import pytest

from dossier.ingest import language
from dossier.ingest.language import find_language
from dossier.records import Block

TEXTS = {
    "en": "The front was formed in March by officers who had left the army, and it has fought for the north of the country "
    "from that day. Its leader has said that the group had never been asked to lay down its arms, with one exception.",
    "da": "Fronten blev dannet i marts af officerer, der havde forladt hæren, og den har kæmpet for den nordlige del af landet "
    "siden den dag. Lederen har sagt, at gruppen aldrig er blevet bedt om at nedlægge våbnene, på nær en enkelt gang.",
    "nl": "Het front werd in maart opgericht door officieren die het leger hadden verlaten, en het heeft sindsdien voor het "
    "noorden van het land gevochten. De leider was van mening dat de groep nooit was gevraagd de wapens neer te leggen.",
    "fr": "Le front a été fondé en mars par des officiers qui avaient quitté l'armée, et il se bat pour le nord du pays depuis "
    "ce jour. Son chef a dit que le groupe n'avait jamais été prié de déposer les armes, à une exception près.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_is_told(code):
    assert find_language(TEXTS[code], [Block("paragraph", 0, len(TEXTS[code]))]) == code


def test_plain_english_does_not_load_the_identifier(monkeypatch):
    monkeypatch.setattr(language, "_identifier", None)
    text = TEXTS["en"] * 3

    assert find_language(text, [Block("paragraph", 0, len(text))]) == "en"


def test_a_few_words_are_no_language():
    assert find_language("Oslo, May", [Block("paragraph", 0, 9)]) is None
