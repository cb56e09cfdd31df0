"""Flow: the only room that knows the whole way, from a signature to a payment and its letter.

Nouns: route (which event wakes which job), job, timer (work due at a business moment), sweep.
Promises: an event and the jobs it wakes are one transaction with the change; every job may run
twice without harm; work that got stuck, of whatever age, is found by a named check and woken.
"""
