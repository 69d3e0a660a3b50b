"""Names of organisations and persons by rule: head nouns, acronyms in brackets, titles, and the words around a name.

Confidence is an estimate of how often the rule is right, not calibrated: it orders the review queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import Lexicon, lexicon_of
from dossier.components.listed import CONFIDENCE as LISTED
from dossier.components.listed import find_listed
from dossier.components.mentions import names_in, spread
from dossier.components.orgs import Marked, acronym_in, defined, organisation, shortens_small_words
from dossier.components.runs import Ground, Run, find_runs, parts
from dossier.components.view import TITLE_BLOCKS, view_of
from dossier.components.votes import Votes, beside, cast, form_votes
from dossier.normalize.names import fold, is_acronym, same_letters, shares_part, short_forms
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

DEFINED = 0.95  # a name whose initials make the acronym in its bracket
BEFORE_BRACKET = 0.75  # a name before a bracket with an acronym made in another language
OF_A_COUNTRY = 0.9  # `Supreme Court` of the lists with `of Ruritania` after it
VOTED = 0.55  # and 0.1 for each vote, up to 0.9
DASHES = frozenset(("-", "–", "—"))
Key = tuple[str, ...]


@Language.factory(
    "dossier_names",
    requires=["doc._.found", "token.is_sent_start"],
    assigns=["doc._.found"],
    default_config={"folders": [], "least": 0.6},
)
def make_names(nlp: Language, name: str, folders: list[str], least: float) -> Names:
    return Names(name, folders=folders, least=least)


class Names:
    """Proposes ORG and PERSON mentions; `least` is the confidence below which none is proposed."""

    def __init__(self, name: str = "names", *, folders: list[str], least: float = 0.6) -> None:
        register()
        self.name = name
        self.folders = tuple(folders)
        self.least = least

    def __call__(self, doc: Doc) -> Doc:
        view, found = view_of(doc), doc._.found
        ground = Ground.of(view, lexicon_of(self.folders), found)
        for marked in _Reading(ground).read():
            if marked.confidence >= self.least:
                span = view.span(marked.run.first, marked.run.last)
                confidence = round(marked.confidence, 3)
                found.append(Found(span.start, span.end, marked.label, confidence, self.name))
        found.extend(Found(*span, "PERSON", LISTED, self.name) for span in find_listed(view))
        doc._.found = spread(view, names_in(view, found, ground.lexicon), found, ground.lexicon, self.name)
        return doc


class _Reading:
    """One reading of a view: what is sure by its form first, then what the votes say of the rest."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.lexicon: Lexicon = ground.lexicon
        self.candidates: dict[Key, Votes] = {}
        self.acronyms: dict[str, str] = {}  # acronym -> its name's label, or "" for one that is no name
        self.marked: list[Marked] = []
        self.persons: set[str] = set()  # surnames
        self.previous = Run(-1, -1)  # the part before the one being read

    def read(self) -> Iterator[Marked]:
        self._read_brackets()
        for run in find_runs(self.ground):
            for part in parts(self.ground, run):
                self._read_part(part)
                self.previous = part
        self.marked += self._winners()
        yield from self.marked
        yield from self._neighbours()

    # ------------------------------------------------------------ acronyms in brackets

    def _read_brackets(self) -> None:
        words = self.ground.view.words
        for bracket, word in enumerate(words):
            if word == "(" and bracket:
                acronym = acronym_in(self.ground, bracket)
                if acronym is not None:
                    self._read_bracket(bracket, acronym)

    def _read_bracket(self, bracket: int, acronym: Run) -> None:
        ground = self.ground
        name = defined(ground, bracket, acronym)
        text = self._text(acronym)
        if name is None:
            if shortens_small_words(ground, bracket, acronym):
                self.acronyms.setdefault(text, "")
            return
        label = self._label_of(name)
        self.acronyms.setdefault(text, label)
        if label:
            self.marked += [Marked(name, label, DEFINED), Marked(acronym, label, DEFINED)]

    def _label_of(self, name: Run) -> str:
        """The label of a name that a bracket defines: `""` when it is a list, a law or an operation."""
        ground = self.ground
        words = ground.view.words[name.first : name.last]
        if ground.ends.get(name.first) == name.last:
            return ground.known[name.first]
        if self._is_other(words):
            return ""
        if words[-1] in self.lexicon.place_heads and all(word[:1].isupper() for word in words):
            return "PLACE"
        return "PERSON" if form_votes(ground, name)[1] >= 1 and not any(map(self.lexicon.is_head, words)) else "ORG"

    def _is_other(self, words: list[str]) -> bool:
        """Whether capitalised words are a list, a law, an operation or the like."""
        other = self.lexicon.not_heads
        return self.lexicon.is_listed(words) or words[0] in other or words[-1] in other

    def _text(self, run: Run) -> str:
        view = self.ground.view
        return view.text[view.starts[run.first] : view.ends[run.last - 1]]

    # ------------------------------------------------------------ parts of runs

    def _read_part(self, part: Run) -> None:
        ground = self.ground
        part = self._without_people(part)
        if part.first >= part.last:
            return
        if ground.ends.get(part.first, -1) >= part.last:
            self._of_a_country(part.first)
            return
        if "WEAPON" in ground.known[part.first : part.last]:
            return
        found = None if part.titled or ground.view.kind(part.first) == "heading" else organisation(ground, part)
        if found is None:
            self._read_candidate(part)
            return
        found = self._with_conjunct(found)
        self.marked.append(found)
        self._shortened(self._with_dash(found.run), found.confidence)

    def _without_people(self, part: Run) -> Run:
        """A part without a leading `Algerian`, unless an organisation's head noun ends it."""
        ground = self.ground
        end = ground.ends.get(part.first)
        words = ground.view.words[part.first : part.last]
        if (
            end is None
            or end >= part.last
            or ground.known[part.first] != "NORP"
            or any(map(self.lexicon.is_head, words))
        ):
            return part
        return Run(end, part.last, part.titled) if form_votes(ground, Run(end, part.last))[1] else part

    def _of_a_country(self, first: int) -> None:
        """`National Assembly of Ruritania` where the lists know a `National Assembly`."""
        ground, last = self.ground, self.ground.ends[first]
        words = ground.view.words
        headed = ground.known[first] == "ORG" and self.lexicon.is_head(words[last - 1])
        told = any(word.casefold() in self.lexicon.told_of for word in words[max(0, first - 3) : first])
        if not headed or told or words[last : last + 1] != ["of"]:
            return  # told: `informed the Security Council of Ruritania’s refusal`
        place = last + 1 + (words[last + 1 : last + 2] == ["the"])
        if ground.continues(place, last) and place in ground.ends and ground.known[place] == "PLACE":
            self.marked.append(Marked(Run(first, ground.ends[place]), "ORG", OF_A_COUNTRY))

    def _with_conjunct(self, found: Marked) -> Marked:
        """`Freedom and Democracy Congress` before a bracket with its acronym: the words before `and` belong to it."""
        words, first = self.ground.view.words, found.run.first
        before = self.previous
        joined = before.last == first - 1 and words[first - 1] in ("and", "&") and not self.ground.breaks[first - 1]
        if not joined or self._acronym_after(found.run) is None:
            return found
        tail = before.last - 1
        if (
            self.ground.known[tail]
            or any(map(self.lexicon.is_head, words[before.first : before.last]))
            or words[tail].isupper()
        ):
            return found
        return Marked(Run(before.first, found.run.last), found.label, found.confidence)

    def _with_dash(self, name: Run) -> Run:
        """`National Army - Red Wing` before a bracket with its acronym is one name."""
        words, dash = self.ground.view.words, name.first - 1
        before = self.marked[-2].run if len(self.marked) > 1 else name
        if (
            self._acronym_after(name) is None
            or before.last != dash
            or words[dash] not in DASHES
            or self.ground.breaks[name.first]
        ):
            return name
        whole = Run(before.first, name.last)
        self.marked.append(Marked(whole, "ORG", self.marked[-1].confidence))
        return whole

    def _acronym_after(self, name: Run) -> Run | None:
        """The acronym in the bracket that follows a name."""
        words = self.ground.view.words
        return acronym_in(self.ground, name.last) if name.last < len(words) and words[name.last] == "(" else None

    def _shortened(self, name: Run, confidence: float) -> None:
        """Mark the acronym in the bracket after a name, also one that does not fit its letters."""
        acronym = self._acronym_after(name)
        if acronym is not None and self.acronyms.get(self._text(acronym), "ORG") == "ORG":
            self.acronyms.setdefault(self._text(acronym), "ORG")
            self.marked.append(Marked(acronym, "ORG", confidence))

    def _read_candidate(self, part: Run) -> None:
        ground, words = self.ground, self.ground.view.words[part.first : part.last]
        if len(words[0]) < 2 or all(self._says_nothing(index) for index in range(part.first, part.last)):
            return
        if ground.view.kind(part.first) in TITLE_BLOCKS or self._is_other(words):
            return
        if self.acronyms.get(words[0] if len(words) == 1 else self._text(part)) == "":
            return
        cast(ground, part, self.candidates.setdefault(tuple(words), Votes()))
        self._before_bracket(part, words)

    def _says_nothing(self, index: int) -> bool:
        """Whether a word alone is no name: one of the lists, a sign, a nationality."""
        word = self.ground.view.words[index]
        return word in self.lexicon.nameless or not word[:1].isalpha() or self.ground.known[index] == "NORP"

    def _before_bracket(self, part: Run, words: list[str]) -> None:
        """`Euskadi Ta Askatasuna (ETA)`, where the letters are in another order, or fit a part: an organisation's sign."""
        acronym = self._acronym_after(part)
        if acronym is None or self._text(acronym) in self.acronyms or len(words) < 2 or part.titled:
            return
        if same_letters(self._text(acronym), " ".join(words)) or shares_part(self._text(acronym), self._text(part)):
            self.acronyms[self._text(acronym)] = "ORG"
            self.marked += [Marked(part, "ORG", BEFORE_BRACKET), Marked(acronym, "ORG", BEFORE_BRACKET)]

    # ------------------------------------------------------------ votes

    def _winners(self) -> Iterator[Marked]:
        singles: list[tuple[Key, Votes]] = []
        for key, votes in self.candidates.items():
            if len(key) > 1:
                yield from self._won(key, votes)
            else:
                singles.append((key, votes))
        for key, votes in singles:
            if fold(key[0]) in self.persons:
                votes.org, votes.person = 0.0, max(1.0, votes.person)
            elif self.lexicon.is_given(key[0]):
                votes.org = 0.0
            yield from self._won(key, votes)

    def _neighbours(self) -> Iterator[Marked]:
        """Candidates in a list beside organisations: `the Red Hand, X and the Blue Front`."""
        firsts = {marked.run.first for marked in self.marked if marked.label == "ORG"}
        lasts = {marked.run.last for marked in self.marked if marked.label == "ORG"}
        for at, end in self.ground.ends.items():
            if self.ground.known[at] == "ORG":
                firsts.add(at)
                lasts.add(end)
        for key, votes in self.candidates.items():
            if votes.winner() is None:
                votes.org += sum(beside(self.ground, run, firsts, lasts) for run in votes.at)
                yield from self._won(key, votes, again=True)

    def _won(self, key: Key, votes: Votes, *, again: bool = False) -> Iterator[Marked]:
        if not again:
            by_form = form_votes(self.ground, votes.at[0])
            votes.org += by_form[0]
            votes.person += by_form[1]
        won = votes.winner()
        if won is None or not (votes.inside or len(key) > 1 or is_acronym(key[0])):
            return
        label, score = won
        if label == "PERSON":
            self.persons |= short_forms(" ".join(key))
        for run in votes.at:
            yield Marked(run, label, min(0.9, VOTED + 0.1 * score))
