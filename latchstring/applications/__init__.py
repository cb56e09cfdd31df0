"""Applications: the interview, the generated form, the signature, the submission.

Nouns: application, interview, question, answer, program unit, signature, form.
Promises: every answer is saved as it is given; data is entered once; after the receipt is shown
the application survives any crash; submitting twice shows the same receipt.
"""
