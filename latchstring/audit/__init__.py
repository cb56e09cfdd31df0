"""Audit: who did what and who saw what, in rows that only grow, chained by hash.

Nouns: entry (an act or a look), link (an entry's place in the chain), head.
Promises: an entry is written in the transaction of the act; entries and links are never changed;
an edit, a deletion in the middle or a reordering is found by `latchstring audit verify`.
"""
