"""What a program is: its document, versions, questions, facts, tables; and evaluating it.

Nouns: a *program* (a document, known by its hash), *criterion*, *fact*, *question*, *table*, and
a *determination* (what the rules say for one household, with every reason and number).
Promises: a determination is a pure function of program and facts; `determine` of a file gives the
same bytes on every engine; nothing here but models.py and publication.py knows the database.
Documents stand in catalog/; their shape is in docs/programs.md, the rule language in docs/rules.md.
"""
