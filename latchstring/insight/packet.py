"""The packet: how a case was decided, whole, for a hearing and for the household itself.

Everything comes from the one stored determination behind the decision (cases/twin.py) and from the
rows beside it: papers with their hashes, letters, what happened when. One content fills the page
and the PDF, so neither can say what the other does not. The household's own copy (7 CFR 273.15(p):
the case file is theirs to examine) leaves out the names and notes of staff, and nothing else.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.documents import door as documents
from latchstring.kernel import clock, money, typeset
from latchstring.kernel.errors import Conflict
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.programs import door as programs

TEMPLATE = Path(__file__).with_name("packet.typ")


class NotDecided(Conflict):
    """This case is not decided yet. The packet is made from the decision."""


@dataclass(frozen=True)
class Line:
    """Something with its value, what stands behind it in small print, and what that cites.

    `cited` is a law or a source in its own words: English, whatever the packet's language.
    """

    label: str
    value: str
    note: str = ""
    cited: str = ""


@dataclass(frozen=True)
class Why:
    """A criterion: result, sentence (for staff `also` in the resident's language), rule, law."""

    outcome: str
    mark: str
    sentence: str
    also: str
    condition: str
    citation: str
    lines: tuple[Line, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of the packet. `heads` name the two columns of its lines on paper."""

    id: str
    title: str
    heads: tuple[str, str] = ("", "")
    lines: tuple[Line, ...] = ()
    reasons: tuple[Why, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Packet:
    """How a case was decided, in a language. `same` says that it was derived again just now."""

    title: str
    agency: str
    language: str
    day: date
    footer: str
    same: bool
    parts: tuple[Part, ...]


def packet_of(case: cases.Case, language: str, *, for_staff: bool = False) -> Packet:
    """Return the packet of a decided case; NotDecided for any other. The caller has checked."""
    decision = cases.decided(case)
    if decision is None:
        raise NotDecided()
    with translation.override(language):
        return _Maker(case, decision, language, for_staff).packet()


def packet_pdf(packet: Packet) -> bytes:
    """Return a packet as a tagged PDF."""
    return typeset.pdf(TEMPLATE, asdict(packet) | {"day": typeset.day_parts(packet.day)})


class _Maker:
    def __init__(
        self, case: cases.Case, decision: cases.Decision, language: str, for_staff: bool
    ) -> None:
        self.case, self.decision, self.language = case, decision, language
        self.for_staff = for_staff
        self.twin = cases.tell(decision.determination, language)
        self.also: dict[str, str] = {}
        if for_staff and language != case.language:
            theirs = cases.tell(decision.determination, case.language)
            self.also = {reason.id: reason.sentence for reason in theirs.reasons}

    def packet(self) -> Packet:
        """Put the parts together."""
        name = self.twin.program.name[self.language]
        names = people.agency(self.case.agency).names
        approved = self.decision.approved_at
        assert approved is not None
        again = cases.replay(self.decision.determination)
        parts = (
            self._decision(),
            self._asked(),
            Part("reasons", _("Each rule, and why"), reasons=tuple(map(self._why, self._told()))),
            self._amounts(),
            self._facts(),
            self._put_down(),
            self._tables(),
            self._papers(),
            self._letters(),
            self._happened(),
            *([self._notes()] if self.for_staff else []),
            self._proof(again.same),
            self._appeal(),
        )
        return Packet(
            title=_("How we decided: %(program)s") % {"program": name},
            agency=names.get(self.language) or names["en"],
            language=self.language,
            day=approved.astimezone(clock.MOUNTAIN).date(),
            footer=f"{self.case.reference} · {name} · {self.case.version[:12]}",
            same=again.same,
            parts=tuple(part for part in parts if part.lines or part.reasons or part.text),
        )

    def _told(self) -> tuple[cases.Reason, ...]:
        """Every criterion; those that are not met come first."""
        return tuple(sorted(self.twin.reasons, key=lambda reason: reason.result is not False))

    def _at(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(clock.MOUNTAIN)
        return f"{programs.text(local.date(), self.language)}, {local:%H:%M}"

    def _day(self, day: date | None) -> str:
        return programs.text(day, self.language) if day else _("set by the agency")

    def _decision(self) -> Part:
        decision, denied = self.decision, self.decision.kind == "deny"
        lines = [
            Line(_("Household"), people.head_name(self.case.household)),
            Line(_("Case number"), self.case.reference),
            Line(_("Decision"), _("Not approved") if denied else _("Approved")),
            Line(_("Prepared"), self._at(decision.prepared_at), self._by(decision.prepared_by)),
            Line(
                _("Confirmed by a second person"),
                self._at(decision.approved_at),
                self._by(decision.approved_by),
            ),
        ]
        if denied:
            lines += [
                Line(_("Reason"), decision.reason),
                Line(_("Legal basis"), "", cited=decision.legal_basis),
            ]
        if decision.certified_from:
            lines.append(
                Line(
                    _("Granted for"),
                    f"{self._day(decision.certified_from)} – {self._day(decision.certified_until)}",
                )
            )
        lines.append(Line(_("Last day to ask for a hearing"), self._day(decision.appeal_until)))
        return Part("decision", _("The decision"), (_("What"), _("How it stands")), tuple(lines))

    def _by(self, actor: str) -> str:
        return people.display_names([actor])[actor] if self.for_staff else ""

    def _asked(self) -> Part:
        lines = [
            Line(_("Program"), self.twin.program.name[self.language]),
            Line(_("Filed"), self._at(self.case.filed_at)),
            Line(_("People in the household"), programs.text(len(self.case.unit))),
        ]
        try:
            application = applications.application_by_id(self.case.application)
            signed = applications.signature_of(application)
        except applications.NoSuchApplication:  # opened at the desk, without one
            return Part("asked", _("What was asked for"), self._heads(), tuple(lines))
        lines += [
            Line(_("Application"), application.reference),
            Line(_("Signed"), self._at(signed.signed_at), signed.name),
            Line(_("Fingerprint of the answers (SHA-256)"), signed.answers_sha256),
        ]
        return Part("asked", _("What was asked for"), self._heads(), tuple(lines))

    def _heads(self) -> tuple[str, str]:
        return _("What"), _("How it stands")

    def _why(self, reason: cases.Reason) -> Why:
        marks = {True: _("Met"), False: _("Not met"), None: _("Not known yet")}
        return Why(
            outcome=reason.told.outcome,
            mark=marks[reason.result],
            sentence=reason.sentence,
            also=self.also.get(reason.id, ""),
            condition=reason.told.condition[:1].upper() + reason.told.condition[1:],
            citation=reason.citation,
            lines=tuple(map(_fact, reason.named)),
            tables=tuple(map(self._table, reason.tables)),
        )

    def _table(self, table: cases.TableUsed) -> str:
        words = {"title": table.title, "year": table.fiscal_year}
        since = self._day(table.effective_from)
        return _("Table: %(title)s, %(year)s, in force since %(day)s.") % {**words, "day": since}

    def _amounts(self) -> Part:
        lines = []
        if self.decision.kind == "approve":
            granted = {line.line: line for line in cases.lines_of(self.decision)}
            for amount in self.twin.amounts:
                line = granted.get(amount.id)
                if line is None:
                    continue
                payee = cases.payee_words(self.twin.program, amount.payee, self.language)
                lines.append(Line(amount.label, amount.arithmetic, _paid(payee)))
                lines += [Line(f"{step.sign} {step.words}", step.value) for step in amount.steps]
                if line.first_cents is not None:
                    lines.append(Line(_("In the first month"), money.shown(line.first_cents)))
            total = sum(line.amount_cents for line in granted.values())
            lines.append(Line(_("Total"), money.shown(total)))
        heads = (_("For"), _("How it comes about"))
        return Part("amounts", _("What was granted"), heads, tuple(lines))

    def _facts(self) -> Part:
        heads = (_("Fact or figure"), _("What we went by, and where it came from"))
        lines = tuple(map(_fact, self.twin.facts))
        extra = [Line(self.twin.letter, "")] if self.twin.letter else []
        return Part("facts", _("Every fact and figure, once"), heads, (*lines, *extra))

    def _put_down(self) -> Part:
        """What a person looked at because no rule says it; the words themselves are staff's."""
        lines = []
        for todo in cases.before_approval(self.case, self.decision.determination.result):
            if todo.given is not None:
                said = f"{todo.said} ({self._by(todo.given.said_by)})" if self.for_staff else ""
                done = self._at(todo.given.said_at)
                lines.append(Line(todo.words[self.language], done, said, todo.citation))
        heads = (_("What no rule says"), _("Looked at by a person"))
        return Part("put_down", _("What a person looked at"), heads, tuple(lines))

    def _tables(self) -> Part:
        lines = tuple(
            Line(
                f"{table.title}, {table.fiscal_year}",
                _("In force since %(day)s.") % {"day": self._day(table.effective_from)},
                _("Source:"),
                f"{table.source} (SHA-256 {table.sha256})" if table.sha256 else table.source,
            )
            for table in self.twin.tables
        )
        return Part("tables", _("Tables of figures"), (_("Table"), _("Version")), lines)

    def _papers(self) -> Part:
        status = {
            "accepted": _("accepted"),
            "refused": _("not accepted"),
            "received": _("not looked at"),
        }
        lines = []
        for paper in documents.of_household(self.case.household):
            if paper.application in (None, self.case.application):
                kind = programs.paper_words(paper.kind, self.language)
                digests = "; ".join(f"SHA-256 {upload.sha256}" for upload in paper.uploads)
                given = f"{self._at(paper.given_at)}, {status[paper.status]}"
                lines.append(Line(kind, given, digests))
        return Part("papers", _("Papers"), (_("Paper"), _("Given")), tuple(lines))

    def _letters(self) -> Part:
        sent = {
            "waiting": _("waits to be sent"),
            "sent": _("sent"),
            "bounced": _("came back"),
            "failed": _("could not be sent"),
        }
        lines = tuple(
            Line(letter.title, f"{self._at(letter.written_at)}, {sent[letter.delivery]}")
            for letter in notices.of_case(self.case.id)
        )
        return Part("letters", _("Letters we wrote"), (_("Letter"), _("Written")), lines)

    def _happened(self) -> Part:
        passed = cases.timeline(self.case, for_resident=not self.for_staff)
        actors = {entry.actor for entry in passed if entry.actor} if self.for_staff else set()
        names = people.display_names(actors)
        lines = tuple(
            Line(self._at(entry.at), entry.words[self.language], names.get(entry.actor, ""))
            for entry in passed
        )
        return Part("timeline", _("What happened"), (_("When"), _("What")), lines)

    def _notes(self) -> Part:
        rows = cases.notes_of(self.case)
        names = people.display_names({note.written_by for note, _words in rows})
        lines = tuple(
            Line(self._at(note.written_at), words, names[note.written_by]) for note, words in rows
        )
        return Part("notes", _("Notes of staff"), (_("When"), _("Note")), lines)

    def _proof(self, same: bool) -> Part:
        found = self.decision.determination
        again = (
            _("The same to the byte")
            if same
            else _("NOT the same: tell the agency before anybody relies on this")
        )
        lines = (
            Line(_("Version of the rules (SHA-256)"), found.version),
            Line(_("Rules applied"), self._at(found.made_at), _run(found.run)),
            Line(_("Fingerprint of the facts (SHA-256)"), found.snapshot_sha256),
            Line(_("Derived again from the kept rules, tables and facts"), again),
        )
        return Part("proof", _("How this can be checked"), self._heads(), lines)

    def _appeal(self) -> Part:
        program, until = self.twin.program, self.decision.appeal_until
        text = cases.appeal_text(program, until, self.language)
        return Part("appeal", _("If you think this is wrong"), text=text[:1].upper() + text[1:])


def _fact(fact: cases.FactUsed) -> Line:
    label = fact.told.words[:1].upper() + fact.told.words[1:]
    note = f"{fact.origin.whole}." if fact.citation else fact.origin.whole
    return Line(label, fact.told.value, note, fact.citation)


def _paid(payee: str) -> str:
    return _("Paid to: %(payee)s") % {"payee": payee}


def _run(number: int) -> str:
    return _("run %(number)s") % {"number": number}
