"""Partners: agreements under which data is shared, and people's consent to it.

Nouns: data-sharing agreement, consent, exchange.
Promises: no question goes to another agency without an agreement in force and, where the
agreement asks for it, the person's consent.
"""
