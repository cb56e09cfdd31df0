"""The rule language: a small, total subset of CEL, with *unknown* as a value.

Nouns: a *rule* (text), its *tree* (checked and typed), a *fact* (a name the tree reads).
One tree, three uses: `one` (Python closures), `many` (SQL for a million rows), `ask` (which
unanswered fact can still matter). They may never disagree; property tests hold them equal.
Promises: pure Python, knows no program and no database; no float anywhere; nothing raises while a
rule runs: what cannot be known is unknown. Departures from CEL: docs/rules.md.
"""
