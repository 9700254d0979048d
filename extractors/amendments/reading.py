"""What the grammar of instructions reads: clauses and readings, and the cursor that walks the tokens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from extractors.amendments.instructions import Token
from extractors.models import Span
from extractors.references.places import RANK, Step, Steps
from extractors.references.ranges import members


class UnreadError(Exception):
    """The grammar can't go on; the message is a reason code, `token` where it stopped."""

    def __init__(self, reason: str, token: Token | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.token = token


@dataclass(frozen=True, slots=True)
class Clause:
    """One atomic change. Places are outermost step first; `declared` is the printed count, `counted` the labels found.

    `occurrence` tells which hit of `old_phrase` is meant, None all of them; `everywhere` that the whole act is.
    """

    action: str
    target: Steps = ()
    after: Steps = ()
    before: Steps = ()
    new: Steps = ()
    old_phrase: str | None = None
    new_phrase: str | None = None
    occurrence: int | None = None
    everywhere: bool = False
    declared: int | None = None
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an instruction says. `restated`: the places that `sehingga Pasal 17 berbunyi` names; `annexes`: where new
    annexes stand; `acts`: spans of the acts named as the one to change; `doubts`: codes of what strays from the rule;
    `split`: one Pasal becomes several.
    """

    clauses: tuple[Clause, ...]
    restated: tuple[Steps, ...] = ()
    annexes: tuple[Steps, ...] = ()
    acts: tuple[Span, ...] = ()
    doubts: tuple[str, ...] = ()
    split: bool = False


def within(clause: Clause, article: Step) -> Clause:
    """The clause with `article` as the Pasal of its relative places."""

    def whole(steps: Steps) -> Steps:
        return (article, *steps) if steps and RANK[steps[0].kind] > RANK["pasal"] else steps

    target, after, before, new = (whole(s) for s in (clause.target, clause.after, clause.before, clause.new))
    if clause.action == "append" and not target and not after:
        target = new[:-1]
    return replace(clause, target=target, after=after, before=before, new=new)


@dataclass
class Cursor:
    """A place in the tokens, and what was read so far."""

    tokens: list[Token]
    at: int = 0
    clauses: list[Clause] = field(default_factory=list)
    context: Steps = ()
    restated: list[Steps] = field(default_factory=list)
    annexes: list[Steps] = field(default_factory=list)
    acts: list[Span] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    named: list[Steps] = field(default_factory=list)
    is_split: bool = False

    def name(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].name if self.at + ahead < len(self.tokens) else "end"

    def skip_before(self, skipped: str, *names: str) -> None:
        """Pass over one token of a name if one of `names` follows it."""
        if self.name() == skipped and self.name(1) in names:
            self.at += 1

    def take(self, *names: str) -> Token:
        if self.name() not in names:
            raise self.stuck()
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *names: str) -> bool:
        if self.name() in names:
            self.at += 1
            return True
        return False

    def stuck(self, reason: str | None = None) -> UnreadError:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return UnreadError(reason or ("ends_early" if token is None else "unread_words"), token)

    def places(self) -> list[Steps]:
        """The places of a phrase, ranges counted out, and the act named behind them."""
        token = self.take("place")
        assert token.phrase is not None
        found: list[Steps] = []
        for place in token.phrase.places:
            counted = members(place)
            if place.doubtful or counted is None:
                raise UnreadError("place_ambiguous", token)
            if place.last is not None and "range_by_numbers" not in self.doubts:
                self.doubts.append("range_by_numbers")
            found += counted
        while self.name() == "act":
            self.act()
        self.named += found
        return found

    def act(self) -> None:
        token = self.take("act")
        self.acts.append(Span(token.start, token.end))
