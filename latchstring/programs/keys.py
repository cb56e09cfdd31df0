"""Every key of the catalog's files, its type and what it means; a new key is one line here.

`SHAPES` holds a JSON Schema (2020-12) for each kind of file. They are printed by `latchstring
program schema`, stand in catalog/schema/, fill the table of docs/programs.md, and are what every
file is held to when it is read (shape.py); a test keeps the four equal.
"""

from latchstring.programs.keys_of_shared import (
    EN,
    ES,
    FACT,
    GRANTEE,
    LIST,
    PAPER,
    PAPER_PAGE,
    PLACE_QUESTION,
    QUESTION,
    SOURCE,
    TABLE,
)
from latchstring.programs.schema import (
    DAY_OF_YEAR,
    KEY,
    SAYS,
    SLUG,
    Schema,
    day,
    either,
    keyed,
    many,
    names,
    or_none,
    or_set,
    text,
    thing,
    whole,
    words,
    yes_no,
)

CITED: Schema = {"$ref": "#/$defs/citation", "description": "the law, answer or manual behind it"}
ANY: Schema = {"type": ["string", "integer", "boolean", "null"], "description": "a fact's value"}
RULE = text("an expression of the rule language (docs/rules.md)")
DEFS: Schema = {
    "words": thing("a text in every language", "en es", en=EN, es=ES),
    "citation": thing(
        "where it is written: one of statute, regulation, rule, manual and faq, or several",
        statute=text("a law or regulation by its number"),
        regulation=text("a federal or state regulation"),
        rule=text("a rule of a state agency"),
        manual=text("a section of an agency's manual"),
        faq=text("the number of an answer that the federal agency published"),
        text=text("what it says, in short"),
    ),
}
LASTS = thing(
    "how long it proves something, where that is no number of months",
    "for",
    for_=text("what it lasts for", "season", "certification_period", "months"),
    months=whole("how many months"),
    note=text("who sets it"),
)
EVIDENCE = thing(
    "what proves a criterion",
    documents=names("kinds of paper of catalog/papers.yaml, any of which shows it"),
    checks=names("questions to other agencies or to our own records that show it"),
    page=text("the page of the papers bank on which they are asked for (default: the criterion)"),
    attestation=yes_no("whether a signed statement is enough"),
    attestation_note=words("what is said beside the statement"),
    lasts_months=or_none(whole("months until it must be proven again; null: it does not lapse")),
    lasts=LASTS,
    lasts_citation=CITED,
    categorical=thing(
        "other programs whose letter stands in for the papers",
        "programs",
        programs=names("those programs"),
        determined_on_or_after=day("the first day of a letter that counts"),
        checks=names("what asks for it"),
        citation=CITED,
    ),
)
TEST: dict[str, Schema] = {
    "rule": RULE,
    "citation": CITED,
    "pass_": words("the sentence when it is true; {fact} is filled in"),
    "fail": words("the sentence when it is false"),
    "unknown": words("the sentence while it is not known"),
    "evidence": EVIDENCE,
}
STEP = thing(
    "a line of the arithmetic; one that takes or adds nothing is left out",
    "fact sign",
    fact=text("the fact or figure"),
    sign=text("how it stands to the lines above", "from", "less", "plus", "gives", "at_least"),
)
BENEFIT = thing(
    "a line of help",
    "id purpose label amount payee",
    id=text("its id", pattern=KEY),
    purpose=text("what the money is for, as the federal report knows it"),
    label=words("what people call it"),
    amount=text("the derived fact that says how much"),
    first_amount=text("the derived fact for the first month, where that differs"),
    months=text("the derived fact that counts months"),
    rate=text("the derived fact that says how much a month"),
    parts=names("facts that the amount is made of"),
    set_at_most=text("the fact that an amount which the agency sets may not be above"),
    steps=many("its arithmetic as lines, where it is no product and no sum of parts", STEP),
    payee=text("one of `payees`"),
    recurs=text("whether it comes again", "every_month"),
    counts_months=yes_no("whether its months count against a cap"),
    claims=either(
        "what it takes from the household's claims, so that nothing is paid twice; or none",
        {"const": "none"},
        thing(
            "a claim",
            "as months",
            as_=text("the kind of claim"),
            months=text("which months", "back", "ahead", "filing", "season"),
        ),
    ),
)
CLOCK = thing(
    "a time limit",
    "id",
    id=text("its id", pattern=KEY),
    label=words("what staff call it"),
    from_=text("the event it runs from"),
    before=text("the dated fact or event that it must come before"),
    days=or_set(whole("days", 1)),
    hours=whole("hours, instead of days", 1),
    calendar=text("which days count", "days", "business days"),
    when=text("a rule, or `priority`: the clock runs only where it holds"),
    counts_from=text("the first day that counts, in words"),
    late_discovery=text("what it counts from when the reason is found later, in words"),
    stops_with=text("the event that stops it"),
    source=SOURCE,
    citation=CITED,
)
NOTICE = thing(
    "a letter",
    "id subject body",
    id=text("its id, which the code that sends it names", pattern=KEY),
    subject=words("its subject"),
    body=words("its text; {name}, {amounts}, {reasons} and others are filled in"),
    must_name=names("what the law says it must contain"),
    citation=CITED,
)
ROUND = thing(
    "a time in which applications are taken",
    "opens_on",
    opens_on=day("its first day for everybody"),
    closes_on=or_none(day("its last day; null while nobody has set it")),
    opens_early_on=or_set(day("the first day for some")),
    opens_early_for=text("the rule that says who they are"),
    paused=many(
        "times in it when none were taken",
        thing(
            "a pause",
            "from to",
            from_=day("its first day"),
            to=day("the day on which applications are taken again"),
            en=EN,
            es=ES,
            source=SOURCE,
        ),
    ),
    source=SOURCE,
)
PAYEE = thing(
    "who is paid",
    needs=names("what must be known of them before money goes out"),
    asks=words("the title of the page that asks for them"),
    label=words("what people call them"),
    otherwise=text("who is paid where they do not answer"),
    outreach_when_no_answer=thing(
        "how often they are asked before",
        mail_days=whole("days to answer a letter"),
        attempts=whole("calls or messages"),
        attempts_days=whole("days over which these go"),
        citation=CITED,
    ),
    bills_from=thing(
        "the first day, as month-day, of the bills that are paid",
        regulated=text("of regulated utilities", pattern=DAY_OF_YEAR),
        unregulated=text("of other fuels", pattern=DAY_OF_YEAR),
        source=SOURCE,
    ),
    unregulated=names("fuels whose price nobody regulates"),
    never_pays=words("what is never paid to them"),
    unused=words("what becomes of money that is not used"),
    issued_by=text("who issues it"),
    citation=CITED,
)
SCREEN = thing(
    "what the screener shows of a program",
    every=text("how often the amount comes", "once", "month", "season"),
    set_by=text("who sets the amount, where no rule does", "agency"),
    least=text("the derived fact for the least amount"),
    most=text("the derived fact for the most"),
    given=keyed("facts taken as said", ANY),
    suppose=keyed("what is tried for a fact that was not asked", many("values", ANY)),
    received=text("the fact that is true of a household which receives it already"),
    lasts=either("how long it is received", whole("months", 1), {"const": "season"}),
    opens=thing(
        "what receiving it makes true",
        "facts",
        above_dollars=whole("dollars above which it does"),
        facts=keyed("facts and their values", ANY),
    ),
)
BAND = thing("a band", to_percent=whole("up to"), above=whole("above"))
FEDERAL_REPORT = thing(
    "what the federal report wants",
    report=text("its name"),
    reports=many("their names", text("a report")),
    household_data_file=text("the layout of its file"),
    purposes=keyed("its word for each purpose", text("a purpose")),
    payee_types=keyed("its word for each payee", text("a payee")),
    income_bands=many("bands of area median income", BAND),
    poverty_bands=many("bands of the poverty guideline", BAND),
    poverty_bands_source=SOURCE,
    counts=names("what is counted"),
    by=names("what it is counted by"),
    reserve=thing(
        "money that is held back",
        crisis_money_until=text("month-day until which it is", pattern=DAY_OF_YEAR),
        source=SOURCE,
    ),
    source=SOURCE,
)
PROGRAM_KEYS: dict[str, Schema] = {
    "slug": text("the program's id", pattern=SLUG),
    "extends": text("the slug of the document that this one is laid over", pattern=SLUG),
    "abstract": yes_no("a base for others; nobody applies for it"),
    "draft": yes_no("still being written: no resident is offered it, it is not published"),
    "state": text("whose program it is", pattern=r"^[A-Z]{2}$"),
    "agency": text("the state's agency, by its id in the database", pattern=SLUG),
    "effective_from": day("the first day on which this version is in force"),
    "name": words("its name"),
    "summary": words("what it does, in a sentence"),
    "words": keyed("words that sentences fill in, such as {state_name}", words("a word")),
    "administered_by": words("who runs it, as people read it"),
    "assistance_listing": text("the federal Assistance Listing Number", pattern=r"^\d\d\.\d{3}$"),
    "authority": many("the laws it stands on", text("a law")),
    "languages": many("languages of its words", text("a language", "en", "es")),
    "versions_follow": text("which day chooses the version", "filing_day", "period", "decision"),
    "tables_follow": text("which day chooses the tables", "filing_day", "period", "decision"),
    "needs": many(
        "what a person may say is wrong",
        thing(
            "a need; programs that share one use the same words",
            "id en es",
            id=text("its id", pattern=KEY),
            en=EN,
            es=ES,
            implies=keyed("facts that follow from it", ANY),
        ),
    ),
    "questions": many(
        "questions of the bank, in the order of asking",
        thing(
            "a question",
            "id",
            id=text("its id in catalog/questions/", pattern=KEY),
            when=text("a rule: it is left out where this is false"),
            ask=text("asked even where no rule can tell the difference any more", "always"),
            rank=text("asked before others: danger first, then clock", "danger", "clock"),
        ),
    ),
    "later": names("questions that the screener leaves for the application"),
    "screen": SCREEN,
    "from_lists": keyed(
        "facts of the dictionary that lists of people and incomes give, where they are known",
        thing(
            "how one is worked out",
            "rule en es",
            rule=RULE,
            en=text("how records count, in English", pattern=SAYS),
            es=text("how records count, in Spanish", pattern=SAYS),
            citation=CITED,
        ),
    ),
    "derived": keyed(
        "facts that are worked out, each by its key",
        thing(
            "a derived fact",
            "rule en es",
            rule=RULE,
            unit=text("dollars, dollars a month, dollars a year, months, people, percent ..."),
            en=EN,
            es=ES,
            citation=CITED,
        ),
    ),
    "criteria": many(
        "the tests of eligibility: all must be true",
        thing(
            "a criterion",
            "id rule pass fail unknown citation",
            id=text("its id", pattern=KEY),
            **TEST,
        ),
    ),
    "priority": thing("the test for who goes first", "rule pass fail unknown", **TEST),
    "benefits": many("the lines of help", BENEFIT),
    "total": text("the derived fact for all of it"),
    "own_records": keyed(
        "what our own records say of a fact",
        thing(
            "a record",
            counts=text("what is counted of other cases", "months"),
            of=text("the kind of claim whose months are counted"),
            holds=text("the kind of claim that was paid or promised"),
            in_=text("when", "season"),
            in_months=whole("within how many months", 1),
            above=text("above how many dollars", pattern=r"^\d+$"),
        ),
    ),
    "file": names(
        "the facts that are columns of a file of households, where not just those the rules read"
    ),
    "results": many(
        "the columns that `determine` writes after `missing`",
        thing(
            "a column",
            "id value shown",
            id=text("its name", pattern=KEY),
            value=text("the fact it holds"),
            shown=text("for whom", "always", "eligible"),
        ),
    ),
    "experience": many(
        "what is known of amounts that the agency sets; shown, never paid",
        thing(
            "a figure",
            season=text("when"),
            households=whole("how many"),
            average=text("dollars", pattern=r"^\d+(\.\d\d)?$"),
            source=SOURCE,
        ),
    ),
    "income_excludes": many(
        "income that does not count",
        thing("a kind", "id en es", id=text("its id", pattern=KEY), en=EN, es=ES, citation=CITED),
    ),
    "not_covered": many(
        "rules that a person checks before a decision",
        thing("a rule", "id en es", id=text("its id", pattern=KEY), en=EN, es=ES, citation=CITED),
    ),
    "to_confirm": many(
        "what stands on one source or an old one, for staff",
        thing("a doubt", "what", what=text("what is to be confirmed"), source=SOURCE),
    ),
    "checks": many(
        "questions to other agencies",
        thing(
            "a check",
            "id agency asks",
            id=text("its id", pattern=KEY),
            agency=text("who is asked"),
            asks=text("what is asked"),
            proves=names("the criteria that its answer proves"),
            about=text("of whom (default: household)", "each_adult", "each_member", "household"),
            when=text("a rule: it is asked only where this is true"),
            needs_consent=yes_no("whether the person must allow it"),
        ),
    ),
    "file_with": many(
        "the pages with which it can be filed while others are open",
        text("a page", "name", "address", "signature"),
    ),
    "statements": many(
        "what the applicant signs",
        thing(
            "a statement", "id en es", id=text("its id", pattern=KEY), en=EN, es=ES, citation=CITED
        ),
    ),
    "payees": keyed("who may be paid", PAYEE),
    "stages": many(
        "the stages of a case",
        thing(
            "a stage",
            "id role label",
            id=text("its id", pattern=KEY),
            role=text("whose turn it is"),
            label=words("what people call it"),
            citation=CITED,
        ),
    ),
    "clocks": many("time limits", CLOCK),
    "approval": thing(
        "who may decide",
        second_person=yes_no("whether another person must approve"),
        standing_authorisation=thing(
            "whether the rules may approve alone",
            "allowed",
            allowed=yes_no("whether they may"),
            favourable_only=yes_no("never a denial"),
            up_to=or_set(whole("dollars")),
            requires_proof_of=names("criteria that must be proven by papers or checks"),
            because=text("why not"),
        ),
    ),
    "recertify": thing(
        "when it is looked at again",
        every_months=or_none(or_set(whole("months", 1))),
        at_most_months=whole("the longest", 1),
        at_most_months_all_elderly_or_disabled=whole("the longest for some", 1),
        note=text("what staff should know"),
        citation=CITED,
    ),
    "notices": many("letters", NOTICE),
    "appeal": thing(
        "how to ask for a second look",
        "days text",
        days=or_set(whole("days to ask", 1)),
        calendar=text("which days count", "calendar days", "business days"),
        source=SOURCE,
        keeps_benefits_when_asked_within_days=whole("days", 1),
        when=many("what may be appealed", text("a reason")),
        text=words("the end of a sentence that begins `If you think this is wrong,`"),
    ),
    "fund_sources": many(
        "awards that pay, in order",
        thing(
            "an award",
            "id award label",
            id=text("its id", pattern=KEY),
            award=text("its name"),
            assistance_listing=text("its number", pattern=r"^\d\d\.\d{3}$"),
            label=words("what people call it"),
        ),
    ),
    "federal_report": FEDERAL_REPORT,
    "retention": thing("how long records are kept", years=whole("years", 1), source=SOURCE),
    "rounds": many("when applications are taken; none: always", ROUND),
}
MUST = "slug state agency effective_from name criteria benefits total"
RECORD = keyed("a record of a list", ANY)
GIVEN = either(
    "a fact's value; a list of records; or `so_far:` a list that may go on",
    ANY,
    many("records", RECORD),
    thing("a list that may go on", "so_far", so_far=many("records", RECORD)),
)
HOUSEHOLD = thing(
    "a household and what must come out",
    "name change expect",
    name=text("what it is about"),
    change=keyed("facts and lists that differ from the first household", GIVEN),
    expect=keyed("columns of the result", ANY),
)
SHAPES: dict[str, Schema] = {
    "program": thing(
        "A program document; what its base says may be left out", MUST, **PROGRAM_KEYS
    ),
    "questions": thing("Questions of the bank", "questions", questions=many("them", QUESTION)),
    "facts": thing(
        "The fact dictionary",
        "facts",
        facts=keyed("the facts, each by its key", FACT),
        lists=keyed("the lists, each by its key", LIST),
    ),
    "tables": keyed("Lookup tables, each by its name", TABLE),
    "papers": thing(
        "The papers bank",
        "pages papers",
        pages=many("the pages", PAPER_PAGE),
        papers=many("the kinds of paper", PAPER),
    ),
    "grantees": thing(
        "Who else gives a program's kind of help",
        "grantees",
        questions=many("what is asked where a county does not settle it", PLACE_QUESTION),
        grantees=many("them", GRANTEE),
    ),
    "households": thing(
        "A program's own test households",
        "program household cases",
        program=text("the program's slug", pattern=SLUG),
        household=keyed("the facts and lists of the first household", GIVEN),
        cases=many("the others", HOUSEHOLD),
    ),
}
