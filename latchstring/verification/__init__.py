"""Verification: what other agencies know.

Nouns: source, check (a question to another agency), answer, exchange (one call).
Promises: a question goes out under an agreement and consent, with a request key that makes asking
again harmless; its answer becomes evidence beside what the resident stated; an agency that is
down makes the case wait and say so, and never decides anything.
"""
