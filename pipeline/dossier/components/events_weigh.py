"""Of what type a happening is, and how sure it is that the words tell of one thing that happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.components.events_join import FORCE, Group
from dossier.components.events_lexicon import EventLexicon
from dossier.components.view import View
from dossier.records import Span

DATED, TOLD, PLAIN, THIN = 0.8, 0.65, 0.5, 0.3  # estimates: with a date and more, a place and more, names alone, less


@dataclass(frozen=True, slots=True)
class Weigher:
    """Weighs the happenings of a text. labels: of its mentions, by span; stands: words that stand for a name."""

    view: View
    lexicon: EventLexicon
    labels: Mapping[tuple[int, int], str]
    stands: Mapping[Span, str]

    def type_of(self, one: Group, roles: dict[str, list[Span]]) -> str:
        """The type: an attack with a bomb is a bombing, by a state's forces an operation, on a person an assassination."""
        words = self.lexicon.words
        told = one.main.spot.told
        if one.type in ("attack", "armed_assault", "assassination") and self._by_state(roles.get("perpetrator", ())):
            return "military_operation"
        if one.type == "other" and told.word in words["saving"] and one.main.by_force:
            return "military_operation"
        taken = {self.labels.get(span) for span in roles.get("target", ())} if told.word == "capture" else set()
        if one.type == "other" and "PLACE" in taken and "PERSON" not in taken:
            return "military_operation"  # `the capture of Narvik`
        if self._has(roles.get("weapon", ()), words["explosive"]) and one.type == "attack":
            return "bombing"
        kill = any(telling.spot.told.word in words["aimed"] for telling in one.tellings)
        persons = [span for span in roles.get("target", ()) if self.labels.get(span) == "PERSON"]
        if kill and persons and one.type in ("attack", "armed_assault") and told.word in words["aimed"]:
            return "assassination"
        return one.type

    def _dates_itself(self, one: Group) -> bool:
        """Whether a noun has its date beside it, and is of one thing: `a February 2004 raid`, `the accord of May 2004`."""
        spot, date = one.main.spot, one.date
        if date is None or not spot.told.is_noun or self.view.words[spot.last - 1].endswith("s"):
            return False
        noun = self.view.starts[spot.first], self.view.ends[spot.last - 1]
        before, after = self.view.text[date.mark.end : noun[0]], self.view.text[noun[1] : date.mark.start]
        return len((before or after).split()) < 3 and (bool(before) or after.split() == ["of"])

    def _is_general(self, one: Group, roles: dict[str, list[Span]]) -> bool:
        """Whether a noun in the plural sums up what happened in a time: `attacks on civilians in 2019`."""
        spot = one.main.spot
        many = spot.told.is_noun and self.view.words[spot.last - 1].endswith("s") and len(one.tellings) == 1
        named = any(
            self.labels.get(span) for role in ("perpetrator", "claimed_by", "target") for span in roles.get(role, ())
        )
        said = any(roles.get(role) for role in ("place", "weapon", "killed", "wounded", "hostages"))
        return many and not said and not named

    def _lasts(self, one: Group) -> bool:
        """Whether a date is a decade or longer: in the 1990s one fought, and no one thing happened."""
        edtf = (one.date.mark.norm or {}).get("edtf", "") if one.date is not None else ""
        return "X" in edtf

    def _only_died(self, one: Group, roles: dict[str, list[Span]]) -> bool:
        """Whether it is but said that a person was killed: a relation says that (`died_on`)."""
        killed = all(telling.spot.told.word == "kill" for telling in one.tellings)
        said = ("perpetrator", "killed", "wounded", "weapon", "claimed_by", "place")
        alone = not any(roles.get(role) for role in said)
        return (
            killed
            and alone
            and any(self.labels.get(span) == "PERSON" or span in self.stands for span in roles.get("target", ()))
        )

    def _has(self, spans: Sequence[Span], words: frozenset[str]) -> bool:
        return any(word in words for span in spans for word in self.view.text[span.start : span.end].casefold().split())

    def _by_state(self, spans: Sequence[Span]) -> bool:
        words = self.lexicon.words
        state = [
            span
            for span in spans
            if self._has([span], words["state_forces"]) and not self._has([span], words["not_state"])
        ]
        return bool(state) and len(state) == len(spans)

    def confidence(self, one: Group, roles: dict[str, list[Span]]) -> float:
        """How sure it is that the words tell of one thing that happened, and not of what happens."""
        dated = "date" in roles
        tolled = any(role in roles for role in ("killed", "wounded", "hostages", "ransom"))
        acting = ("perpetrator", "party", "authority", "claimed_by")
        who = any(self.labels.get(span) for role in acting for span in roles.get(role, ()))
        who = who or (one.type == "military_operation" and bool(roles.get("perpetrator")))  # `French forces`
        whom = any(role in roles for role in ("target", "place", "result", "weapon"))
        left_out = any(telling.left_out for telling in one.tellings)
        if one.type == "other":
            said = who or left_out or any(role in roles for role in ("target", "hostages", "place"))
            told = one.main.spot.told
            public = (
                told.needs in ("accord", "dated") or told.word in self.lexicon.words["accords"]
            )  # `a truce was signed`
            return TOLD if dated and (said or public) else THIN
        if not (who or whom or tolled):
            return TOLD if dated and (self._dates_itself(one) or (left_out and one.type not in FORCE)) else THIN
        if one.main.spot.told.is_noun and one.main.denied:
            return THIN
        if one.type in FORCE and (self._only_died(one, roles) or self._is_general(one, roles)):
            return THIN
        if dated:
            return THIN if one.type in FORCE and self._lasts(one) else DATED
        if one.type == "designation" and not one.main.planned:
            whole = any(self.labels.get(span) for span in roles.get("target", ())) and "authority" in roles
            return PLAIN if whole and not one.main.denied else THIN
        if one.type in FORCE:
            return TOLD if "place" in roles and (tolled or who or "target" in roles) else THIN
        return PLAIN
