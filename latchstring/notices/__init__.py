"""Notices: what a resident should know, in their language, kept to the byte.

Nouns: notice, delivery, template.
Promises: a notice is written in the transaction of what it tells; it is readable in the portal
and by email; each is delivered at least once or shows as an owned failure; sent bytes are kept.
"""
