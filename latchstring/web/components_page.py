"""The page that shows every part of the design, in both languages, with no real person's data."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from latchstring.web.portal.fields import Field, Page
from latchstring.web.who import who_may

Say = Callable[[str, str], str]
Context = dict[str, Any]


@who_may("anyone")
def components(request: HttpRequest) -> HttpResponse:
    """Show every component with realistic words."""
    spanish = (get_language() or "en").startswith("es")

    def say(english: str, in_spanish: str) -> str:
        return in_spanish if spanish else english

    parts = (_questions, _answers, _money, _letters, _work, _figures)
    context: Context = {}
    for part in parts:
        context |= part(say)
    return render(request, "components_page.html", context)


def _questions(say: Say) -> Context:
    asked = [*_choices(say), *_numbers(say), *_contact(say)]
    wrong = Page(tuple(_wrong(say)))
    return {
        "fields": asked,
        "wrong": wrong,
        "why_words": say(
            "Some programs look at your income over a whole year, others over one month.",
            "Algunos programas miran sus ingresos de todo un año; otros, los de un solo mes.",
        ),
        "buttons": {
            "go_on": say("Save and go on", "Guardar y seguir"),
            "skip": say("Skip for now", "Dejar para después"),
            "leave": say("Save and leave", "Guardar y salir"),
            "show": say("Show", "Mostrar"),
        },
        "steps": [
            {"label": say("About you", "Sobre usted"), "state": "done"},
            {"label": say("Your home", "Su vivienda"), "state": "done"},
            {"label": say("Your income", "Sus ingresos"), "state": "now"},
            {"label": say("Your papers", "Sus papeles"), "state": "next"},
            {"label": say("Sign and send", "Firmar y enviar"), "state": "next"},
        ],
        "needs": _needs(say),
    }


def _needs(say: Say) -> list[Context]:
    return [
        {
            "url": "#needs",
            "title": say("I am behind on rent", "Debo renta"),
            "words": say(
                "Or my landlord says I must leave.", "O el propietario dice que debo irme."
            ),
        },
        {
            "url": "#needs",
            "title": say("My power may be cut off", "Pueden cortarme la luz"),
            "words": say("Or gas, water, or heating fuel.", "O el gas, el agua o la calefacción."),
        },
        {
            "url": "#needs",
            "title": say("I lost my job", "Perdí mi trabajo"),
            "words": say("Or I work fewer hours than before.", "O trabajo menos horas que antes."),
        },
    ]


def _choices(say: Say) -> list[Field]:
    yes_no = (("yes", say("Yes", "Sí")), ("no", "No"))
    return [
        Field(
            "s_renting",
            "radio",
            say("Do you rent your home?", "¿Renta su vivienda?"),
            hint=say("A room or a lot counts too.", "Un cuarto o un lote también cuenta."),
            why=say(
                "Help with rent is for people who rent. Owners have other programs.",
                "La ayuda con la renta es para quien renta. Los dueños tienen otros programas.",
            ),
            value="yes",
            choices=yes_no,
        ),
        Field(
            "s_heat",
            "radio",
            say("How is your home heated?", "¿Con qué se calienta su casa?"),
            choices=(
                ("gas", say("Natural gas", "Gas natural")),
                ("propane", say("Propane", "Propano")),
                ("power", say("Electricity", "Electricidad")),
                ("wood", say("Wood or pellets", "Leña o pélets")),
            ),
        ),
        Field(
            "s_owed",
            "checks",
            say("What do you owe money for?", "¿Por qué cosas debe dinero?"),
            hint=say("Choose all that apply.", "Elija todo lo que corresponda."),
            value=["rent"],
            choices=(
                ("rent", say("Rent", "Renta")),
                ("power", say("Power", "Luz")),
                ("water", say("Water", "Agua")),
            ),
        ),
        Field(
            "s_county",
            "select",
            say("Which county do you live in?", "¿En qué condado vive?"),
            choices=(
                ("", say("Choose a county", "Elija un condado")),
                ("35001", "Bernalillo"),
                ("35013", "Doña Ana"),
                ("35049", "Santa Fe"),
            ),
        ),
        Field(
            "s_agree",
            "tick",
            say(
                "You may ask the tax department about my income.",
                "Pueden preguntar por mis ingresos al departamento de impuestos.",
            ),
            value="yes",
        ),
    ]


def _numbers(say: Say) -> list[Field]:
    return [
        Field(
            "s_rent",
            "money",
            say("How much is your rent each month?", "¿Cuánto paga de renta al mes?"),
            hint=say("The whole rent, for everyone.", "La renta completa, de todos."),
            value="1,150.00",
        ),
        Field(
            "s_people",
            "number",
            say("How many people live in your home?", "¿Cuántas personas viven en su casa?"),
            value="3",
            most=2,
        ),
        Field(
            "s_birth",
            "date",
            say("Birth date", "Fecha de nacimiento"),
            hint=say("For example: 5 2 1988", "Por ejemplo: 5 2 1988"),
            value={"month": "5", "day": "2", "year": "1988"},
        ),
        Field("s_zip", "zip", say("ZIP code", "Código postal"), value="87501", most=10),
        Field(
            "s_story",
            "textarea",
            say("What else should we know?", "¿Qué más debemos saber?"),
            hint=say("In your own words.", "Con sus propias palabras."),
            optional=True,
        ),
        Field(
            "s_papers",
            "files",
            say("Add your lease", "Agregue su contrato de renta"),
            hint=say(
                "A photo from your phone is fine. Up to 10 files.",
                "Una foto de su teléfono sirve. Hasta 10 archivos.",
            ),
        ),
    ]


def _contact(say: Say) -> list[Field]:
    return [
        Field(
            "s_street",
            "text",
            say("Street and number", "Calle y número"),
            hint=say(
                "If your home has no street address, describe where it is.",
                "Si su casa no tiene dirección, describa dónde está.",
            ),
            autocomplete="address-line1",
        ),
        Field(
            "s_phone",
            "tel",
            say("Phone number", "Número de teléfono"),
            value="505-555-0142",
            autocomplete="tel",
            optional=True,
        ),
        Field(
            "s_email",
            "email",
            say("Email", "Correo electrónico"),
            value="someone@example.com",
            autocomplete="email",
        ),
    ]


def _wrong(say: Say) -> list[Field]:
    return [
        Field(
            "w_rent",
            "money",
            say("How much do you owe?", "¿Cuánto debe?"),
            hint=say("Digits only, like 850.", "Solo cifras, como 850."),
            value=say("about 900", "unos 900"),
            error=say("Write the amount in digits, like 900.", "Escriba la cantidad en cifras."),
        ),
        Field(
            "w_court",
            "date",
            say("Court date for an eviction", "Fecha de la audiencia de desalojo"),
            value={"month": "2", "day": "30", "year": "2027"},
            error=say("February 30 is not a day.", "El 30 de febrero no existe."),
        ),
        Field(
            "w_yes",
            "radio",
            say("Did you lose income?", "¿Perdió ingresos?"),
            choices=(("yes", say("Yes", "Sí")), ("no", "No")),
            error=say("Choose yes or no.", "Elija sí o no."),
        ),
    ]


def _answers(say: Say) -> Context:
    rent, home = say("Monthly rent", "Renta mensual"), say("People at home", "Gente en casa")
    return {
        "answers": [
            {"label": home, "value": "3", "url": "#answers"},
            {"label": rent, "value": "$1,150.00", "url": "#answers"},
            {"label": say("Lease", "Contrato"), "value": "", "url": "#answers", "open": True},
        ],
        "timeline": [
            {
                "words": say("You sent your application.", "Usted envió su solicitud."),
                "at": datetime(2026, 11, 2, 16, 20, tzinfo=UTC),
                "state": "done",
            },
            {
                "words": say(
                    "The tax department confirmed your income.",
                    "El departamento de impuestos confirmó sus ingresos.",
                ),
                "at": datetime(2026, 11, 3, 9, 5, tzinfo=UTC),
                "state": "done",
            },
            {
                "words": say(
                    "A caseworker is reading your lease.", "Una trabajadora lee su contrato."
                ),
                "at": datetime(2026, 11, 4, 10, 0, tzinfo=UTC),
                "state": "now",
            },
            {"words": say("We decide.", "Decidimos."), "at": None, "state": "next"},
        ],
        "alerts": _alerts(say),
        "tags": [
            (say("Sent", "Enviada"), "good"),
            (say("Waiting", "En espera"), "wait"),
            (say("Refused", "Rechazado"), "bad"),
            (say("New", "Nuevo"), "brand"),
            (say("Closed", "Cerrado"), ""),
        ],
        "tiles": _tiles(say),
    }


def _alerts(say: Say) -> list[Context]:
    return [
        {
            "tone": "",
            "title": say("You can stop here", "Puede parar aquí"),
            "words": say(
                "Everything is saved. Come back on any phone or computer.",
                "Todo está guardado. Vuelva desde cualquier teléfono o computadora.",
            ),
        },
        {
            "tone": "good",
            "title": say("Your application was sent", "Su solicitud fue enviada"),
            "words": say("Your reference is NM-7TQ4-K2MP.", "Su referencia es NM-7TQ4-K2MP."),
        },
        {
            "tone": "wait",
            "title": say("We need one more paper", "Nos falta un papel"),
            "words": say("Please answer by November 20.", "Responda antes del 20 de noviembre."),
            "url": "#answers",
            "link": say("Answer now", "Responder ahora"),
        },
        {
            "tone": "bad",
            "title": say("The bank sent the money back", "El banco devolvió el dinero"),
            "words": say(
                "The account is closed. Nothing is lost: give us another account.",
                "La cuenta está cerrada. No se perdió nada: díganos otra cuenta.",
            ),
        },
    ]


def _tiles(say: Say) -> list[Context]:
    lease, notice = say("Lease", "Contrato de renta"), say("Notice to pay", "Aviso de pago")
    return [
        {"kind": lease, "state": say("Accepted", "Aceptado"), "tone": "good", "alt": lease},
        {
            "kind": notice,
            "state": say("Please look", "Revíselo"),
            "tone": "bad",
            "alt": notice,
            "words": say(
                "The photo is too dark to read. Take it again near a window.",
                "La foto está muy oscura. Tómela otra vez junto a una ventana.",
            ),
        },
        {
            "kind": say("Power bill", "Recibo de luz"),
            "state": say("We are opening it", "Lo estamos abriendo"),
            "tone": "wait",
            "alt": say("Power bill", "Recibo de luz"),
        },
    ]


def _money(say: Say) -> Context:
    owed = {
        "label": say("Rent you owe", "Renta que debe"),
        "sum": say("3 months × $1,150.00", "3 meses × $1,150.00"),
        "amount": "$3,450.00",
    }
    paid = {
        "label": say("Already paid by others", "Ya pagado por otros"),
        "sum": say("Church fund, October", "Fondo de la iglesia, octubre"),
        "amount": "−$400.00",
    }
    return {
        "arithmetic": [owed, paid],
        "criteria": _criteria(say),
        "programs": [
            {
                "id": "program-rent",
                "name": say("Emergency rental help", "Ayuda de emergencia para la renta"),
                "answer": "likely",
                "least": "$2,300",
                "most": "$3,450",
                "lines": [owed],
                "reasons": _criteria(say)[:2],
                "url": "#programs",
                "link": say("Apply now", "Solicitar ahora"),
            },
            {
                "id": "program-energy",
                "name": say("Help with energy bills", "Ayuda con la luz y el gas"),
                "answer": "maybe",
                "least": "$320",
                "most": "$320",
                "reasons": _criteria(say)[2:],
            },
        ],
    }


def _criteria(say: Say) -> list[Context]:
    return [
        {
            "result": "pass",
            "words": say(
                "Your income is under the limit for three people.",
                "Sus ingresos están por debajo del límite para tres personas.",
            ),
            "proofs": [say("Tax department, November 3", "Departamento de impuestos, 3 de nov.")],
            "citation": say("Sample rule, section 2", "Regla de muestra, sección 2"),
            "numbers": [
                {"words": say("Your income", "Sus ingresos"), "value": "$24,000"},
                {"words": say("The limit", "El límite"), "value": "$52,150"},
            ],
        },
        {
            "result": "unknown",
            "words": say(
                "We do not know yet whether you lost income.",
                "Aún no sabemos si usted perdió ingresos.",
            ),
        },
        {
            "result": "fail",
            "words": say(
                "The bill is not in the name of anyone in your home.",
                "El recibo no está a nombre de nadie de su hogar.",
            ),
        },
    ]


def _letters(say: Say) -> Context:
    return {
        "letter": {
            "title": say("We said yes", "Dijimos que sí"),
            "written_at": date(2026, 11, 6),
            "reference": "NM-7TQ4-K2MP",
            "body": say(
                "Dear applicant,\n\nWe will pay $3,050.00 to your landlord for September, October"
                " and November.\n\nThe money usually arrives within three business days. If you"
                " think this is wrong, you may appeal until December 6.",
                "Estimada persona solicitante:\n\nPagaremos $3,050.00 al propietario por"
                " septiembre, octubre y noviembre.\n\nEl dinero suele llegar en tres días hábiles."
                " Si cree que es un error, puede apelar hasta el 6 de diciembre.",
            ),
        },
        "empty": {
            "title": say("No messages yet", "Aún no hay mensajes"),
            "words": say(
                "When we write to you, the letter is here too.",
                "Cuando le escribamos, la carta estará aquí también.",
            ),
            "link": say("See your application", "Ver su solicitud"),
        },
        "confirm": {
            "title": say("Take your application back?", "¿Retirar su solicitud?"),
            "words": say(
                "We stop working on it. You may apply again at any time.",
                "Dejamos de trabajar en ella. Puede volver a solicitar cuando quiera.",
            ),
            "button": say("Take it back", "Retirarla"),
            "link": say("Keep it", "Conservarla"),
        },
    }


def _work(say: Say) -> Context:
    case, due, amount = say("Case", "Caso"), say("Due", "Vence"), say("Amount", "Cantidad")
    rows = [
        [
            {
                "label": case,
                "value": "NM-7TQ4-K2MP",
                "url": "#work",
                "tag": say("Hearing Nov 12", "Audiencia 12 nov."),
                "tone": "bad",
                "note": say("Rental help, Santa Fe", "Ayuda de renta, Santa Fe"),
            },
            {"label": due, "value": say("in 3 days", "en 3 días")},
            {"label": amount, "value": "$3,050.00", "number": True},
        ],
        [
            {
                "label": case,
                "value": "NM-2HWX-90FD",
                "url": "#work",
                "note": say("Energy, Doña Ana", "Energía, Doña Ana"),
            },
            {"label": due, "value": say("in 9 days", "en 9 días")},
            {"label": amount, "value": "$320.00", "number": True},
        ],
    ]
    return {
        "table": {
            "caption": say("Cases that wait for you", "Casos que le esperan"),
            "columns": [{"label": case}, {"label": due}, {"label": amount, "number": True}],
            "rows": rows,
            "total": [
                {"value": "Total"},
                {"value": ""},
                {"label": amount, "value": "$3,370.00", "number": True},
            ],
        },
        "facts_caption": say("Those that differ come first", "Primero, lo que no coincide"),
        "facts": _facts(say),
        "filters": _filters(say),
        "filters_label": say("Choose what to show", "Elija qué mostrar"),
        "trace": _trace(say),
    }


def _facts(say: Say) -> list[Context]:
    return [
        {
            "words": say("Yearly income", "Ingresos al año"),
            "stated": "$24,000.00",
            "document": "",
            "verified": "$26,400.00",
            "source": say("Tax department, Nov 3", "Departamento de impuestos, 3 nov."),
            "differs": True,
        },
        {
            "words": say("Monthly rent", "Renta mensual"),
            "stated": "$1,150.00",
            "document": "$1,150.00",
        },
    ]


def _filters(say: Say) -> list[Field]:
    return [
        Field("f_reference", "zip", say("Reference", "Referencia"), autocomplete="off", most=40),
        Field(
            "f_stage",
            "select",
            say("Stage", "Etapa"),
            choices=(
                ("", say("Every stage", "Todas las etapas")),
                ("check", say("Being checked", "En revisión")),
                ("decide", say("To decide", "Por decidir")),
            ),
        ),
        Field("f_mine", "tick", say("Mine only", "Solo los míos")),
    ]


def _trace(say: Say) -> list[Context]:
    return [
        {
            "title": say("Federal award", "Subvención federal"),
            "lines": [say("Sample rental award, 2026", "Subvención de muestra, 2026")],
            "cite": say("Made up for this page", "Inventada para esta página"),
        },
        {
            "title": say("Promise", "Promesa"),
            "lines": [
                say("$3,050.00 set aside on November 6", "$3,050.00 apartados el 6 de noviembre")
            ],
        },
        {
            "title": say("Payment and bank", "Pago y banco"),
            "lines": [
                say("Settled on November 9, batch B-0412", "Liquidado el 9 de nov., lote B-0412")
            ],
        },
    ]


def _figures(say: Say) -> Context:
    counts = [4, 7, 5, 9, 12, 3, 2, 8, 11, 14, 10, 13, 4, 6]
    day, number = say("Day", "Día"), say("Applications", "Solicitudes")
    days = [say(f"Nov {n}", f"{n} nov.") for n in range(1, len(counts) + 1)]
    bars = [
        {
            "x": round(i * 400 / len(counts) + 2, 1),
            "y": round(94 - 78 * count / max(counts), 1),
            "width": 24.5,
            "height": round(78 * count / max(counts), 1),
            "label": f"{shown}: {count}",
        }
        for i, (shown, count) in enumerate(zip(days, counts, strict=True))
    ]
    return {
        "stats": [
            {"figure": sum(counts), "label": say("applications", "solicitudes")},
            {"figure": "$84,210", "label": say("promised", "prometido")},
            {"figure": "$61,975", "label": say("paid", "pagado")},
            {
                "figure": "6.5",
                "label": say("median days to money", "días hasta el dinero (mediana)"),
            },
        ],
        "counties": [
            {"label": "Bernalillo", "value": 52, "most": 108, "shown": "52"},
            {"label": "Doña Ana", "value": 33, "most": 108, "shown": "33"},
            {"label": "Santa Fe", "value": 23, "most": 108, "shown": "23"},
        ],
        "county_head": say("County", "Condado"),
        "chart": {
            "title": say("Applications each day", "Solicitudes por día"),
            "summary": say(
                "Applications each day, from 2 to 14, most on November 10",
                "Solicitudes por día, de 2 a 14; el máximo, el 10 de noviembre",
            ),
            "bars": bars,
            "most_shown": max(counts),
            "first": days[0],
            "last": days[-1],
        },
        "chart_columns": [{"label": day}, {"label": number, "number": True}],
        "chart_rows": [
            [
                {"label": day, "value": shown},
                {"label": number, "value": count, "number": True},
            ]
            for shown, count in zip(days, counts, strict=True)
        ],
    }
