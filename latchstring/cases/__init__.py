"""Cases: one per program asked for, from submission to closing.

Nouns: case, stage, determination (what the rules say), decision (what the state says), decision
line, approval, request for information.
Promises: a determination can be derived again to the byte from what it stored; preparer and
approver differ, in the database; a denial cannot be saved without reason, legal basis and appeal
rights; a machine decides only in a person's favour, under two people's standing authorisation.
"""
