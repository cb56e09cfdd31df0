"""Insight: what leaders and auditors read. It owns no table and changes nothing.

Nouns: figure (applications, decisions, dollars, by county and by day), funnel, work list (what
waits for a desk), trace (one payment, up to the federal award and down to the evidence).
Promises: every number is one SQL statement in `queries.py`, over the same rows the verbs wrote;
dollars are the ledger's; nothing that leaves the house shows a group of fewer than eleven.
"""
