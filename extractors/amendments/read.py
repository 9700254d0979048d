"""Amendments: the items of an amending act as typed atomic instructions, and the acts that an act revokes.

An instruction is `read` where the grammar understood every word of it and its place is complete; else it is
`unresolved` with a reason, for a false resolution is worse than none. Places are those of the amended act; the new
text is found among the quoted provisions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.acts.identifiers import Citation, find_citations
from extractors.amendments.grammar import read_instruction
from extractors.amendments.instructions import changing_articles, looks_like_instruction
from extractors.amendments.payloads import Payloads
from extractors.amendments.reading import Clause, Reading, UnreadError, within
from extractors.models import Instruction, Metadata, Notes, Provision, Span
from extractors.references.places import RANK, Step, Steps, eid_of

# What is noted besides a reading, by the code of its doubt.
DOUBTS = {
    "range_by_numbers": ("info", "a range is counted by its numbers; insertions between them are not known here"),
    "explanation_skipped": ("info", "words that explain the change, but do not say what is changed, are left out"),
    "count_words_differ": ("warning", "the count in digits and its words in brackets differ"),
    "declared_count_differs": ("warning", "the printed count and the number of labels differ; the labels are taken"),
    "declared_unit_differs": ("info", "the printed unit and the labels differ in kind; the labels are taken"),
}


def read_amendments(provisions: Sequence[Provision], metadata: Metadata, notes: Notes) -> tuple[Instruction, ...]:
    """The atomic instructions of an act in reading order; an act that amends nothing may still revoke.

    Codes of findings: `instruction_unresolved`, `base_citation_differs`, `restated_beyond_scope`, `payload_missing`,
    `quoted_without_instruction`, `list_below_instruction`, `article_from_quotation`, `no_instructions` and those of
    `DOUBTS`. Reasons of unresolved rows: `unread_words`, `ends_early`, `no_instruction`, `place_ambiguous`,
    `place_incomplete`, `too_long`, `act_not_identified`, `other_act_cited`, `contradiction`.
    """
    reader = _Reader(provisions, metadata, notes)
    rows = [*reader.amending(), *reader.revoking()]
    ordinals = {p.eid: p.ordinal for p in provisions}
    rows.sort(key=lambda row: ordinals.get(row.item_eid, 0))
    return tuple(replace(row, seq=seq) for seq, row in enumerate(rows, 1))


class _Reader:
    def __init__(self, provisions: Sequence[Provision], metadata: Metadata, notes: Notes) -> None:
        self.provisions = provisions
        self.metadata = metadata
        self.notes = notes
        self.payloads = Payloads(provisions)
        self.by_eid = self.payloads.by_eid
        self.changing = changing_articles(provisions) if metadata.is_amendment else set()
        self.items: dict[str, list[Provision]] = {}
        for p in provisions:
            if p.kind == "item" and p.zone == "body" and p.parent_eid:
                self.items.setdefault(p.parent_eid, []).append(p)

    # ---- the acts concerned

    def amending(self) -> Iterator[Instruction]:
        """The instructions of each Pasal that lists changes, or that is one change itself."""
        if self.metadata.is_amendment and not self.changing:
            self.notes.add("no_instructions", "warning", "the act amends another, but none of its Pasal lists changes")
        for head in self.provisions:
            if head.eid in self.changing:
                base = self.base(head)
                for item in self.items.get(head.eid, [head]):
                    yield from self.item(item, base)

    def base(self, head: Provision) -> str | None:
        """The act that `head` amends: the one it cites, held against the title's; the more cited of the two counts."""
        titled = self.metadata.amends
        cited = [c for c in self.citations(head.text.text) if c.document_id]
        printed = cited[0].document_id if cited else None
        if printed is None or printed in titled:
            return printed or (titled[0] if len(titled) == 1 else None)
        if not titled:
            return printed
        votes: Counter[str] = Counter()
        for p in self.provisions:
            if p.zone in ("title", "preamble") or p.eid == head.eid or p.kind == "item":
                text = p.heading.text if p.kind == "title" and not p.text.text else p.text.text
                votes.update(c.document_id for c in find_citations(text, self.metadata.act) if c.document_id)
        # An act prints its own name all over: that is no vote for it. The title wins a tie.
        if self.metadata.document_id:
            votes[self.metadata.document_id] = int(printed == self.metadata.document_id)
        chosen = max((*titled, printed), key=lambda act: votes[act])
        self.note(
            head,
            "base_citation_differs",
            "warning",
            f"{head.eid} amends {printed} in its words, the title {', '.join(titled)}; cited {votes[printed]} and"
            f" {max(votes[t] for t in titled)} times",
            repair=f"{chosen} is taken",
        )
        return chosen

    def revoking(self) -> Iterator[Instruction]:
        """One `revoke` an act that metadata.revokes names, where the last text of the body cites it."""
        wanted = list(self.metadata.revokes)
        if not wanted:
            return
        texts = [p for p in self.provisions if p.zone == "body" and p.text.text and p.parent_eid not in self.changing]
        for p in reversed(texts):
            for citation in self.citations(p.text.text):
                if citation.document_id in wanted:
                    wanted.remove(citation.document_id)
                    yield self.row(p, "revoke", citation.document_id)
        titles = [p for p in self.provisions if p.kind == "title"][:1]
        for p in titles:
            for act in wanted:
                yield self.row(p, "revoke", act)

    def citations(self, text: str) -> list[Citation]:
        return [c for c in find_citations(text, self.metadata.act) if not c.in_title]

    # ---- one item

    def item(self, item: Provision, base: str | None, context: Steps = ()) -> Iterator[Instruction]:
        """The instructions of an item: its own, or those of the list below it."""
        below = [self.by_eid[eid] for eid in self.payloads.lists.get(item.eid, ())]
        changes = [p for p in below if looks_like_instruction(p.text.text)]
        try:
            reading = self.read(item, context)
        except UnreadError as error:
            if changes and len(changes) == len(below) and not looks_like_instruction(item.text.text):
                for part in changes:
                    yield from self.item(part, base)
                return
            word = f" at {error.token.text!r}" if error.token else ""
            yield self.unresolved(item, error.reason, f"the grammar stops{word}: {error.reason}", base)
            return
        if changes and not reading.split and len(reading.clauses) == 1 and reading.clauses[0].action == "substitute":
            for part in changes:
                yield from self.item(part, base, reading.clauses[0].target)
            return
        for part in below:
            message = "the list below a change that is read says how it came about; its new text is quoted"
            self.note(part, "list_below_instruction", "info", message)
        yield from self.rows(item, reading, self.acts(item, reading, base))

    def read(self, item: Provision, context: Steps) -> Reading:
        text = item.text.text
        if not text.strip():
            raise UnreadError("no_instruction")
        return read_instruction(text, [Span(c.start, c.gazette_end) for c in self.citations(text)], context)

    def acts(self, item: Provision, reading: Reading, base: str | None) -> str | None:
        """The act to change: the item's own citation has to agree with the base; "" if it names another."""
        named = {span.start for span in reading.acts}
        ids = {c.document_id for c in self.citations(item.text.text) if c.start in named}
        agreeing = {base, None, *({self.metadata.document_id} if item.kind == "pasal" else ())}
        others = {act for act in ids if act not in agreeing}
        if len(others) == 1 and others <= set(self.metadata.amends):
            return others.pop()
        return "" if others and item.kind != "pasal" else base

    def rows(self, item: Provision, reading: Reading, act: str | None) -> Iterator[Instruction]:
        for doubt in dict.fromkeys(reading.doubts):
            self.note(item, doubt, *DOUBTS[doubt])
        reason = "act_not_identified" if act is None else "other_act_cited" if act == "" else None
        touched = [eid for c in reading.clauses for s in (c.target, c.new) if (eid := eid_of(s))]
        restated = [eid for s in reading.restated if (eid := eid_of(s))]
        if touched and not all(any(_related(eid, other) for other in touched) for eid in restated):
            reason = "contradiction"
        if reason:
            self.note(item, "instruction_unresolved", "warning", f"the instruction is read, but {reason}")
        clauses = [self.at_home(clause, item) for clause in reading.clauses]
        annexes = [eid for steps in reading.annexes if steps[0].kind == "lampiran" and (eid := eid_of(steps[:1]))]
        replaced = list(dict.fromkeys(c.target[0] for c in clauses if c.action == "replace_annex"))
        scope: list[str] = []
        for clause in clauses:
            stated = annexes[0] if len(annexes) == 1 else None
            if len(annexes) == len(replaced) and clause.action == "replace_annex":
                stated = annexes[replaced.index(clause.target[0])]
            row = self.clause_row(item, clause, act or None, reason, stated)
            scope += [eid for eid in (row.new_eid or row.target_eid,) if eid]
            yield row
        self.check_scope(item, scope)

    def clause_row(
        self, item: Provision, clause: Clause, act: str | None, reason: str | None, annex: str | None
    ) -> Instruction:
        target, after, before, new = (eid_of(s) for s in (clause.target, clause.after, clause.before, clause.new))
        given = ((clause.target, target), (clause.after, after), (clause.before, before), (clause.new, new))
        nowhere = clause.action == "replace_phrase" and not clause.target and not clause.everywhere
        if reason is None and (nowhere or any(steps and eid is None for steps, eid in given)):
            reason = "place_incomplete"
            self.note(item, "instruction_unresolved", "warning", "the instruction does not say in which Pasal or BAB")
        payload = self.payload(item, clause, new or target, annex)
        if clause.action == "replace_elucidation" and target:
            target = f"penjelasan__{target}"
        row = self.row(item, clause.action, act)
        return replace(
            row,
            target_eid=target,
            after_eid=after,
            before_eid=before,
            new_eid=new,
            payload_eid=payload,
            old_phrase=clause.old_phrase,
            new_phrase=clause.new_phrase,
            occurrence=clause.occurrence,
            declared_count=clause.declared if clause.declared != -1 else None,
            status="unresolved" if reason else "read",
            reason=reason,
        )

    def payload(self, item: Provision, clause: Clause, place: str | None, annex: str | None) -> str | None:
        """Where the new text stands; a finding if it should, but is not found."""
        if clause.action in ("repeal", "replace_phrase", "revoke") or place is None:
            return None
        if clause.action == "replace_elucidation":
            found = self.payloads.elucidation(item.eid, place)
        elif place.startswith("lampiran"):
            section = clause.target[1].number if len(clause.target) > 1 else None
            found = self.payloads.annex(annex or (eid_of(clause.new) if clause.new else None), section)
        else:
            found = self.payloads.find(item.eid, place)
        if found is None:
            self.note(item, "payload_missing", "warning", f"the new text of {place} is not found in this act")
        return found

    def at_home(self, clause: Clause, item: Provision) -> Clause:
        """A clause that names no Pasal gets the one that is quoted below its item."""
        places = (clause.target, clause.after, clause.before, clause.new)
        if not any(steps and RANK[steps[0].kind] > RANK["pasal"] for steps in places):
            return clause
        quoted = self.payloads.articles(item.eid)
        if len(quoted) != 1:
            return clause
        self.note(item, "article_from_quotation", "info", f"no Pasal is named; {quoted[0]} is the one that is quoted")
        return within(clause, Step("pasal", quoted[0].removeprefix("pasal_")))

    def check_scope(self, item: Provision, scope: Sequence[str]) -> None:
        """Hold what is quoted against what is declared: a restated Pasal may change only one of its ayat."""
        if any(eid.startswith("bab_") for eid in scope):
            return
        quoted = list(self.payloads.quoted(item.eid))
        if scope and not self.payloads.articles(item.eid):
            steps = {step for eid in scope for step in eid.split("__")}
            alone = [t for t, p in quoted if "__" not in t and p.kind in ("ayat", "huruf", "angka") and t not in steps]
            if alone:
                message = f"{', '.join(alone[:12])} quoted, but no change of it is read"
                self.note(item, "quoted_without_instruction", "warning", message)
        for article in self.payloads.articles(item.eid):
            declared = [eid for eid in scope if eid == article or eid.startswith(f"{article}__")]
            if not declared:
                message = f"{article} is quoted, but no change of it is read"
                self.note(item, "quoted_without_instruction", "warning", message)
            elif article not in declared:
                beyond = [
                    tail
                    for tail, p in quoted
                    if tail.startswith(f"{article}__")
                    and p.kind in ("ayat", "huruf", "angka")
                    and not any(_related(tail, eid) for eid in declared)
                ]
                beyond = [tail for tail in beyond if tail.rpartition("__")[0] not in beyond]
                if beyond:
                    message = f"declared are {', '.join(declared)}; restated beyond them: {', '.join(beyond[:12])}"
                    self.note(item, "restated_beyond_scope", "info", message)

    # ---- rows and findings

    def row(self, p: Provision, action: str | None, act: str | None) -> Instruction:
        return Instruction(
            seq=0,
            item_eid=p.eid,
            action=action,
            instruction_printed=p.text.text or p.number_printed or p.eid,
            span=p.text.span() if p.text.text and p.text.runs else p.span,
            target_document_id=act,
            effective_on=self.metadata.in_force_on,
        )

    def unresolved(self, p: Provision, reason: str, message: str, act: str | None = None) -> Instruction:
        self.note(p, "instruction_unresolved", "warning", message)
        return replace(self.row(p, None, act), status="unresolved", reason=reason)

    def note(self, p: Provision, code: str, severity: str, message: str, repair: str | None = None) -> None:
        span = p.text.span() if p.text.text and p.text.runs else p.span
        self.notes.add(code, severity, message, span=span, page=p.page_start, eid=p.eid, repair=repair)


def _related(eid: str, other: str) -> bool:
    return eid == other or eid.startswith(f"{other}__") or other.startswith(f"{eid}__")
