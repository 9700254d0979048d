"""The grammar of amendment instructions: the tokens of one instruction to atomic clauses.

Every token has to fit: an instruction is read whole or not at all, for half an instruction may say the opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.amendments.instructions import VERBS, tokenize
from extractors.amendments.reading import Clause, Cursor, Reading, UnreadError, within
from extractors.models import Span
from extractors.references.places import RANK, Steps, outer_steps

LONGEST = 20_000
BEGINS_RESULT = frozenset({"result", "become", "annexed", "wording", "follows"})
IN_RESULT = BEGINS_RESULT | {"own", "act", "place", "inseparable", "elucidation", "by_article", "read", "unit", "with"}
# An explanation (`dengan tidak mengacu ... tetapi ...`) may hold none of these.
STRUCTURE = frozenset({*VERBS, "place", "quoted", "count", "stays", "between", "after", "before", "phrase", "namely"})
OCCURRENCES = {"pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5}


def read_instruction(text: str, cited: Sequence[Span], context: Steps = ()) -> Reading:
    """The clauses of one instruction; `cited` are the spans of the acts it cites, `context` what a list above it names.

    Raises `UnreadError` where a token does not fit.
    """
    if len(text) > LONGEST:
        raise UnreadError("too_long")
    return _Parser(list(tokenize(text, cited)), context=context).read()


class _Parser(Cursor):
    """Recursive descent; a clause goes to `clauses` as soon as it is read."""

    def read(self) -> Reading:
        while self.name() != "end":
            if self.skip("conjunction"):
                continue
            if self.name() == "act":
                self.act()
            elif self.name() in BEGINS_RESULT or (self.name() == "with" and self.name(1) == "follows"):
                self.result()
            else:
                self.clause()
        if not self.clauses:
            raise UnreadError("no_instruction")
        return Reading(
            tuple(self.completed()),
            tuple(self.complete(self.restated)),
            tuple(self.annexes),
            tuple(self.acts),
            tuple(self.doubts),
            self.is_split,
        )

    def clause(self) -> None:
        name = self.name()
        if name in ("between", "after", "before"):
            self.insertion(*self.neighbours())
        elif name == "title":
            self.take("title")
            places = self.places()
            while self.name() == "conjunction" and self.name(1) == "title":
                self.at += 2
                places += self.places()
            self.take("change")
            self.clauses += [Clause("retitle", place) for place in places]
        elif name == "elucidation":
            self.elucidation([])
        elif name in ("phrase", "every", "quoted"):
            self.phrase([])
        elif name in ("insert", "append"):
            self.insertion((), ())
        elif name in ("change", "repeal"):
            self.take(name)
            self.verb_first(name)
        elif name == "place":
            self.at_place()
        else:
            raise self.stuck()

    def verb_first(self, verb: str) -> None:
        """`Mengubah ketentuan Pasal 1 ayat (3)`, `Menghapus Pasal 7`, `Mengubah kata "x" dalam Pasal 3 menjadi "y"`."""
        if self.name() in ("phrase", "every", "quoted"):
            self.phrase([], verb)
        elif self.name() == "title" and verb == "change":
            self.take("title")
            self.clauses += [Clause("retitle", place) for place in self.places()]
        else:
            self.change(verb, self.complete(self.places()))

    def at_place(self) -> None:
        places = self.complete(self.places())
        self.context = places[-1]
        self.skip_before("conjunction", "between", "phrase", "every", "stays", "quoted", *VERBS)
        name = self.name()
        if name in ("change", "repeal"):
            self.take(name)
            if name == "change" and self.name() == "with" and self.name(1) in VERBS:
                self.take("with")
                return
            self.change(name, places)
        elif name == "stays":
            self.take("stays")
            self.skip_before("conjunction", "elucidation", "with")
            self.skip_before("with", "elucidation")
            if self.name() == "elucidation":
                self.elucidation(places)
        elif name == "split":
            self.split(places)
        elif name in ("insert", "append"):
            if len(places) > 1:
                raise self.stuck("place_ambiguous")
            self.insertion((), (), places[0])
        elif name in ("phrase", "every", "quoted"):
            self.phrase(places)
        elif name == "read" and self.name(1) in ("follows", "end"):
            self.take("read")
            self.change("change", places)
        elif name == "conjunction" and self.name(1) == "elucidation":
            self.take("conjunction")
            self.take("elucidation")
            self.take("change")
            self.change("change", places)
            self.clauses += [Clause("replace_elucidation", place) for place in places]
        elif name not in ("between", "after", "before") or len(places) > 1:
            raise self.stuck()

    def change(self, verb: str, places: list[Steps]) -> None:
        if verb == "repeal":
            self.clauses += [Clause("repeal", place) for place in places]
            return
        for place in places:
            self.clauses.append(Clause("replace_annex" if place[0].kind == "lampiran" else "substitute", place))
        if self.name() == "with" and self.name(1) not in ("follows", "place"):
            self.explanation()
        elif self.name() == "with" and self.name(1) == "place":
            self.take("with")
            if any(place[0].kind != "lampiran" for place in places):
                raise self.stuck()
            self.annexes += self.places()

    def explanation(self) -> None:
        """`diubah dengan tidak mengacu ..., sehingga berbunyi`: says why, for the whole new text follows."""
        ahead = next((i for i in range(len(self.tokens) - self.at) if self.name(i) == "result"), None)
        if ahead is None or any(self.name(i) in STRUCTURE for i in range(ahead)):
            raise self.stuck()
        self.at += ahead
        self.doubts.append("explanation_skipped")

    def neighbours(self) -> tuple[Steps, Steps]:
        name = self.take("between", "after", "before").name
        places = self.complete(self.places())
        self.context = places[-1]
        if name == "between":
            if len(places) != 2:
                raise self.stuck("place_ambiguous")
            return places[0], places[1]
        if len(places) != 1:
            raise self.stuck("place_ambiguous")
        return (places[0], ()) if name == "after" else ((), places[0])

    def insertion(self, after: Steps, before: Steps, container: Steps = ()) -> None:
        """`disisipkan 2 (dua) ayat, yakni ayat (1a) dan ayat (1b)`, `ditambah 1 (satu) ayat baru yakni huruf g`."""
        self.take("insert", "append")
        count = self.take("count").count if self.name() == "count" else None
        unit = self.take("unit").text.lower() if self.name() == "unit" else None
        if self.name() == "place" and self.name(1) in ("namely", "conjunction") and self.named_later():
            if container:
                raise self.stuck("place_ambiguous")
            container = self.complete(self.places())[-1]
        self.skip_before("conjunction", "namely", "become")
        self.skip("namely")
        self.skip("become")
        labels = self.labels(count, unit)
        beside = after or before or container or self.context
        whole = [under(label, beside) for label in labels]
        self.contents()
        if any(label[-1].kind == "bab" for label in whole):
            whole = [label for label in whole if label[-1].kind == "bab"]
        action = "insert" if after or before else "append"
        sibling = bool(container) and len(container) == len(whole[0]) and container[-1].kind == whole[0][-1].kind
        beside_it = container if sibling else after
        for label in whole:
            self.clauses.append(
                Clause(
                    action,
                    target=container if action == "append" and not sibling else (),
                    after=beside_it,
                    before=before,
                    new=label,
                    declared=count,
                    counted=len(whole),
                )
            )
            if beside_it and not before:
                beside_it = label  # `setelah ayat (3)` holds for the first; ayat (5) stands behind the new ayat (4)
        if action == "append" and not container:
            self.clauses[-len(whole) :] = [replace(c, target=c.new[:-1]) for c in self.clauses[-len(whole) :]]
        self.context = whole[-1]

    def named_later(self) -> bool:
        """Whether `yakni` and a further place follow the place at hand, so that this one is the container."""
        ahead = 2 if self.name(1) == "conjunction" else 1
        return self.name(ahead) == "namely" and self.name(ahead + 1) in ("place", "become")

    def labels(self, count: int | None, unit: str | None) -> list[Steps]:
        """New labels; in `1 (satu) angka yakni angka 37a, dan angka 9 dihapus` the count tells where they end."""
        start = self.at
        found = self.places()
        if self.name() in VERBS:
            token = self.tokens[start]
            assert token.phrase is not None
            cut = count if count and count > 0 else 0
            if not cut or len(found) <= cut or len(found) != len(token.phrase.places):
                raise self.stuck("place_ambiguous")
            rest = replace(token.phrase, places=token.phrase.places[cut:])
            self.at -= 1
            self.tokens[self.at] = replace(token, phrase=rest)
            del self.named[len(self.named) - len(found) + cut :]
            found = found[:cut]
        if count == -1:
            self.doubts.append("count_words_differ")
        elif count is not None and count != len(found):
            self.doubts.append("declared_count_differs")
        if unit and any(unit != label[-1].kind for label in found):
            self.doubts.append("declared_unit_differs")
        return found

    def contents(self) -> None:
        """`mengenai Ketentuan Peralihan yang berisi 1 (satu) pasal, yakni Pasal 43A yang diletakkan di antara ...`."""
        if self.name() == "about":
            while self.name() not in ("holds", "placed", "result", "wording", "conjunction", "end"):
                if self.name() in STRUCTURE:
                    raise self.stuck()
                self.at += 1
        self.skip_before("conjunction", "holds")
        if self.skip("holds"):
            self.skip("count")
            self.skip("unit")
            self.skip_before("conjunction", "namely")
            if self.skip("namely"):
                self.places()
        if self.skip("placed"):
            self.take("between", "after", "before")
            self.places()

    def split(self, places: list[Steps]) -> None:
        """`Pasal 37 dipecah menjadi 2 (dua) pasal yakni menjadi Pasal 37 dan Pasal 37A`."""
        self.take("split")
        self.skip("become")
        count = self.take("count").count if self.name() == "count" else None
        unit = self.take("unit").text.lower() if self.name() == "unit" else None
        self.skip_before("conjunction", "namely", "become")
        self.skip("namely")
        self.skip("become")
        parts = [under(label, places[0]) for label in self.labels(count, unit)]
        if len(places) != 1 or parts[0] != places[0]:
            raise self.stuck("place_ambiguous")
        self.is_split = True
        self.clauses.append(Clause("substitute", places[0], declared=count, counted=len(parts)))
        for before, part in pairwise(parts):
            self.clauses.append(Clause("insert", after=before, new=part, declared=count, counted=len(parts)))

    def elucidation(self, places: list[Steps]) -> None:
        """`Penjelasan Pasal 5 diubah`, `Pasal 2 ayat (2) substansi tetap, penjelasan pasal diubah`."""
        self.take("elucidation")
        self.skip("unit")
        if self.name() == "place":
            places = self.complete(self.places(), places[0] if places else ())
        if not places:
            raise self.stuck()
        self.take("change")
        self.clauses += [Clause("replace_elucidation", place) for place in places]

    def phrase(self, places: list[Steps], verb: str | None = None) -> None:
        """`Kata "x" dalam Pasal 3 ayat (1) diganti dengan kata "y"`, also place first; deletions too."""
        every = self.skip("every")
        self.skip("phrase")
        old = self.take("quoted").text
        occurrence = None
        if self.name() == "unknown" and self.tokens[self.at].text.lower() in OCCURRENCES and not every:
            occurrence = OCCURRENCES[self.take("unknown").text.lower()]
        everywhere = not places and self.name() == "act"
        while everywhere and self.name() == "act":
            self.act()
        if self.name() == "place" and not places:
            places, everywhere = self.complete(self.places()), False
        if verb is None:
            verb = self.take("change", "repeal", "read").name
        new = None
        if verb != "repeal":
            while self.skip("with", "become", "read", "conjunction"):
                pass
            self.skip("phrase")
            new = self.take("quoted").text
            if self.name() == "place" and not places:
                places = self.complete(self.places())
        clause = Clause("replace_phrase", (), old_phrase=old, new_phrase=new, occurrence=occurrence)
        self.clauses += [replace(clause, target=place) for place in places] or [replace(clause, everywhere=everywhere)]

    def result(self) -> None:
        """`sehingga Pasal 17 berbunyi sebagai berikut`, `menjadi sebagaimana tercantum dalam Lampiran I ...`."""
        annexed = False
        while self.name() in IN_RESULT or (self.name() == "conjunction" and self.name(1) in IN_RESULT - {"place"}):
            if self.name() == "place":
                renumbers = not annexed and self.tokens[self.at - 1].name == "become" and not self.names_annex()
                if renumbers or (self.name(1) in VERBS and self.name(1) != "read"):
                    raise self.stuck()
                (self.annexes if annexed else self.restated).extend(self.places())
                continue
            annexed = self.name() == "annexed" or (annexed and self.name() != "result")
            self.at += 1

    def names_annex(self) -> bool:
        phrase = self.tokens[self.at].phrase
        return phrase is not None and all(place.steps[0].kind == "lampiran" for place in phrase.places)

    # ---- outer steps that the print leaves out

    def complete(self, places: list[Steps], context: Steps | None = None) -> list[Steps]:
        """Relative places with the outer steps of the last place named before."""
        return [under(place, context if context is not None else self.context) for place in places]

    def completed(self) -> list[Clause]:
        """Clauses whose Pasal is named only further down (`ayat (2) dihapus, sehingga Pasal 5 berbunyi`) get it."""
        home = {place[0] for place in self.named if place[0].kind == "pasal"}
        return [within(c, next(iter(home))) for c in self.clauses] if len(home) == 1 else self.clauses


def under(place: Steps, beside: Steps) -> Steps:
    """A relative place with the outer steps of its neighbour or container."""
    return (*outer_steps(beside, place[0].kind), *place) if beside and RANK[place[0].kind] > RANK["pasal"] else place
