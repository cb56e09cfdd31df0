"""The shapes of what programs share: questions, facts, lists, tables, papers and other offices.

With keys.py, every key of the catalog's files; a new key is one line.
"""

from latchstring.programs.schema import (
    KEY,
    SAYS,
    SLUG,
    day,
    keyed,
    many,
    names,
    text,
    thing,
    whole,
    words,
    yes_no,
)

EN, ES = text("in English", pattern=SAYS), text("in Spanish", pattern=SAYS)
SOURCE = text("where the figure was read, or that nobody gives it")
QUESTION_KINDS = (
    "yes_no", "money", "whole_number", "date", "choice", "text", "address", "county",
)  # fmt: skip
SUBJECTS = ("household", "member", "income_source", "dwelling", "meter")
# The parts of the interview, as applications/words.py titles them.
SECTIONS = (
    "urgent", "you", "people", "rent", "heat", "costs", "situation", "landlord", "papers",
)  # fmt: skip
CHOICE = thing("a choice", "value en es", value=text("the fact's value"), en=EN, es=ES)
QUESTION = thing(
    "a question, asked once for all programs that need it",
    "id kind subject facts label error",
    id=text("its id", pattern=KEY),
    kind=text("how it is answered", *QUESTION_KINDS),
    subject=text("whose fact it is", *SUBJECTS),
    facts=names("the facts it answers"),
    section=text("the part of the interview in which it stands", *SECTIONS),
    each_time=yes_no("asked in every application, because its answer does not stay true"),
    choices=many("the choices of a `choice`", CHOICE),
    label=words("the question"),
    help=words("what counts, in a sentence or two"),
    why=words("why it is asked"),
    error=words("what to do about an answer that does not hold"),
)
FACT = thing(
    "a fact, with its words in each language",
    "type standing subject personal en es",
    type=text("its type", "yes_no", "money", "whole", "date", "text", "choice"),
    standing=text("raw: a person or paper says it; supplied: an agency may", "raw", "supplied"),
    subject=text("whose it is", *SUBJECTS),
    personal=yes_no("whether it tells of a person"),
    unit=text("dollars, dollars a month, people, months ..."),
    choices=many("what a `choice` may be", text("a value")),
    minimum=whole("the least of a `whole`"),
    table=text("the table whose keys a `text` must be among"),
    must_agree=keyed("columns of that table that must agree with other facts", text("a fact")),
    en=EN,
    es=ES,
)
FIELD = thing(
    "a field of a record, with its words in each language",
    "type en es",
    type=text("its type", "yes_no", "money", "whole", "date", "text", "choice"),
    unit=text("dollars, months ..."),
    choices=keyed("what a `choice` may be", words("its words, as a line shows them")),
    minimum=whole("the least of a `whole`"),
    en=EN,
    es=ES,
)
LIST = thing(
    "a list, of which programs work out facts (`from_lists`)",
    "subject at_most of en es",
    subject=text("whose it is", *SUBJECTS),
    at_most=whole("the most records", 1),
    of=keyed("the fields of a record", FIELD),
    line=words("how one record is written; {field} is filled in"),
    en=EN,
    es=ES,
)
TABLE = thing(
    "a table; its figures stand in the CSV of the same name",
    "title source keys columns",
    title=words("what it holds, with the unit"),
    source=text("who publishes it"),
    keys=keyed("the columns that find a row", text("its type", "text", "whole")),
    columns=keyed("the figures", text("its type", "text", "whole", "money", "bool")),
    column_words=keyed("the columns that a rule looks up, in words", words("its words")),
    version_column=text("the column that says which version a row is of"),
    versions=many(
        "its versions, by first day",
        thing(
            "a version",
            "version fiscal_year effective_from",
            version=text("as the column has it"),
            fiscal_year=text("as people say it"),
            effective_from=day("the first day on which it is in force"),
        ),
    ),
)
PAPER_PAGE = thing(
    "a page that asks for papers",
    "id title",
    id=text("its id", pattern=KEY),
    section=text("the part of the interview in which it stands", *SECTIONS),
    settles=text("the question of the bank that such a paper answers"),
    title=words("its title"),
    instead=words("what is said of stating it instead"),
    each=yes_no("whether each cost that was told of wants its own paper"),
    asked=yes_no("false: it has no page of its own"),
)
PAPER = thing(
    "a kind of paper",
    "kind en es",
    kind=text("its id", pattern=KEY),
    proves=names("facts that it makes true"),
    shows=names("facts that it shows"),
    en=EN,
    es=ES,
)
PLACE_QUESTION = thing(
    "a question with the answers yes, no and not sure",
    "id en es",
    id=text("its id", pattern=KEY),
    en=EN,
    es=ES,
)
GRANTEE = thing(
    "an office",
    "id program source name words find",
    id=text("its id", pattern=SLUG),
    program=text("the program whose kind of help it gives", pattern=SLUG),
    counties=many("codes of tables/counties.csv; none: the whole state", text("a county")),
    asks=text("the question that settles whether it serves a home there", pattern=KEY),
    when=yes_no("the answer to it that names this office; not sure names it too"),
    source=SOURCE,
    to_confirm=yes_no("whether the agency has still to confirm it"),
    name=words("what it is called"),
    words=words("what a resident is told"),
    find=words("how to reach it, where no telephone or address is known"),
    phone=thing("its telephone", "number source", number=text("the number"), source=SOURCE),
    web=thing("its page", "address source", address=text("the address"), source=SOURCE),
    bring=thing(
        "what to have at hand there",
        "papers source",
        papers=names("kinds of paper of catalog/papers.yaml"),
        source=SOURCE,
    ),
)
