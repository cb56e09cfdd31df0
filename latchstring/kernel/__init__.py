"""Kernel: what every room stands on and no room is about.

Nouns: money in cents, references people can read aloud, the clock, events, the scope of an agency.
Promises: a business moment is read once per transaction; an event and the job it wakes are written
in the same transaction as the change; no query sees another agency's rows.
"""
