"""Documents: what residents photograph or scan.

Nouns: document, page, quarantine, rendition.
Promises: nobody sees a file before it was inspected in a process of its own; what is shown is a
re-encoded copy without hidden data; originals and copies are sealed on disk.
"""
