"""The demo: two states' agencies, a cast of staff, an award of our own, a synthetic New Mexico.

It stands outside the rooms and goes through their doors like anybody else: what it shows was done
by the same verbs as real work, with the clock run forward.
"""
