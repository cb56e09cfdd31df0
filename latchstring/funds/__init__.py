"""Funds: where every dollar comes from and what it is promised to.

Nouns: award, allocation, obligation, claim, account, ledger transaction, posting.
Promises: no obligation exceeds its allocation, whoever clicks at once; debits equal credits in
every transaction; ledger rows are never changed; nobody is helped twice for the same purpose and
month.
"""
