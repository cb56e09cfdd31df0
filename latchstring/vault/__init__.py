"""Vault: encryption of fields and files.

Nouns: key-encryption key (one per agency and data class), data key (one per subject), seal, token.
Promises: a ciphertext opens only for its own subject and field; rotating a key-encryption key
rewraps data keys and rewrites no ciphertext; deleting a data key's row shreds everything sealed
under it; equality can be searched by keyed tokens, never by plaintext.
"""
