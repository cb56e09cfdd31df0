"""Words of cases in both languages, by code. The program documents hold all the rest."""

from latchstring.cases.models import Case
from latchstring.programs import door as programs
from latchstring.programs import publication

ITEMS = {
    "lease": ("a copy of your lease", "una copia de su contrato de renta"),
    "landlord_statement": ("a statement from your landlord", "una declaración de su arrendador"),
    "utility_bill": ("a utility bill", "un recibo de servicios públicos"),
    "bank_statement": ("a bank statement", "un estado de cuenta del banco"),
    "government_id": ("a government ID", "una identificación oficial"),
    "unemployment_letter": ("your unemployment letter", "su carta de desempleo"),
    "employer_letter": ("a letter from your employer", "una carta de su empleador"),
    "pay_stub": ("recent pay stubs", "talones de pago recientes"),
    "eviction_notice": ("your eviction notice", "su aviso de desalojo"),
    "past_due_notice": ("a past-due notice", "un aviso de pago atrasado"),
    "utility_shutoff_notice": ("your shutoff notice", "su aviso de corte de servicio"),
    "w2": ("your W-2 form", "su formulario W-2"),
    "tax_return": ("your tax return", "su declaración de impuestos"),
    "zero_income_form": ("a statement of no income", "una declaración de que no tiene ingresos"),
    "other": ("another paper", "otro documento"),
}


def item_words(case: Case, what: str, language: str = "") -> str:
    """Return what was asked for in words: a paper by kind, a question of the bank, a fact."""
    tongue = language or case.language
    if what in ITEMS:
        return ITEMS[what][tongue == "es"]
    if what in programs.bank():
        return programs.question(what).label[tongue]
    return programs.fact_words(publication.program_by_hash(case.version), what, tongue)
