"""Payments: obligations become money at a bank, once.

Nouns: payee, payee account, disbursement, batch, batch file, bank report (settled, returned).
Promises: one obligation leaves the building as money at most once; a sealed batch's bytes never
change; what the bank reports is kept as dated rows and a payment's status is derived from them;
releasing a batch is always a person, and never the one who prepared or approved the money.
"""
