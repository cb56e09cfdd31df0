"""What the pages say, in the two languages, written down here a second time on purpose.

The journeys find everything by the words a person reads. The Spanish is not taken from the
catalog: a word that is missing there must stop the journey.
"""

SPANISH = {
    # The door and the screener
    "New Mexico": "Nuevo México",
    "I am behind on rent": "Debo renta",
    "I may be evicted": "Me pueden desalojar",
    "I cannot pay for heat": "No puedo pagar la calefacción",
    "I need food": "Necesito comida",
    "Choose what to apply for": "Elegir qué solicitar",
    "See what help there is": "Ver qué ayuda hay",
    "Go on": "Seguir",
    "Yes": "Sí",
    "No": "No",
    "Do you pay rent for your home?": "¿Paga renta por su vivienda?",
    "In which county do you live?": "¿En qué condado vive?",
    "Or type your ZIP code": "O escriba su código postal",
    "How many people live in your home?": "¿Cuántas personas viven en su hogar?",
    "How much did everyone in your home earn last year?": (
        "¿Cuánto ganaron en total las personas de su hogar el año pasado?"
    ),
    "How much does everyone in your home earn in a month now?": (
        "¿Cuánto ganan en total ahora al mes las personas de su hogar?"
    ),
    "Did anyone in your home qualify for unemployment benefits?": (
        "¿Alguien en su hogar calificó para beneficios de desempleo?"
    ),
    "Did your household lose income or have large costs because of the pandemic?": (
        "¿Su hogar perdió ingresos o tuvo gastos grandes a causa de la pandemia?"
    ),
    "Are you at risk of losing your home?": "¿Corre el riesgo de perder su vivienda?",
    "Has anyone in your home been out of work for the last 90 days?": (
        "¿Alguien en su hogar ha estado sin trabajo los últimos 90 días?"
    ),
    "Does other federal help already pay the costs you ask for?": (
        "¿Otra ayuda federal ya paga los gastos que usted solicita?"
    ),
    "How many months of rent has this kind of help already paid for you?": (
        "¿Cuántos meses de renta ya le ha pagado este tipo de ayuda?"
    ),
    "How much is your rent each month?": "¿Cuánto es su renta cada mes?",
    "Do you have a lease or another paper that shows your rent?": (
        "¿Tiene un contrato u otro documento que muestre su renta?"
    ),
    "How many bedrooms does your home have?": "¿Cuántos dormitorios tiene su vivienda?",
    "How many months of rent do you owe?": "¿Cuántos meses de renta debe?",
    "How many months of coming rent do you need help with?": (
        "¿Con cuántos meses de renta futura necesita ayuda?"
    ),
    "How much do you owe for power, gas, water, sewer or trash?": (
        "¿Cuánto debe por luz, gas, agua, drenaje o basura?"
    ),
    "What help is likely": "Qué ayuda es probable",
    "Likely": "Probable",
    "Why": "Por qué",
    "You pay rent for your home.": "Usted paga renta por su vivienda.",
    "Your household income is within the limit of": (
        "Los ingresos de su hogar están dentro del límite de"
    ),
    "Make an account and apply": "Crear una cuenta y solicitar",
    "Apply here anyway": "Solicitar aquí de todos modos",
    # The account
    "Email": "Correo electrónico",
    "Password": "Contraseña",
    "Make my account": "Crear mi cuenta",
    "Look in your email": "Mire su correo electrónico",
    "Yes, go on": "Sí, seguir",
    "Sign in": "Entrar",
    "Confirm your email address": "Confirme su correo electrónico",
    # Who
    "Who are you?": "¿Quién es usted?",
    "First name": "Nombre",
    "Last name": "Apellido",
    "Phone number": "Número de teléfono",
    "Month": "Mes",
    "Day": "Día",
    "Year": "Año",
    # The interview
    "My applications": "Mis solicitudes",
    "Your application": "Su solicitud",
    "Begin": "Empezar",
    "Save": "Guardar",
    "Save and go on": "Guardar y seguir",
    "See all parts": "Ver todas las partes",
    "Where do you live?": "¿Dónde vive?",
    "Street and number": "Calle y número",
    "Apartment or unit": "Apartamento o unidad",
    "City or town": "Ciudad o pueblo",
    "ZIP code": "Código postal",
    "In which county is your home?": "¿En qué condado está su vivienda?",
    "Who lives in your home?": "¿Quién vive en su hogar?",
    "Add a person": "Agregar a una persona",
    "Husband, wife or partner": "Esposo, esposa o pareja",
    "Child": "Hijo o hija",
    "That is everyone: 3 people": "Eso es todo: 3 personas",
    "That is all: 1 person": "Eso es todo: 1 persona",
    "What money comes in?": "¿Qué dinero entra?",
    "Add income of": "Agregar ingresos de",
    "What kind of income?": "¿Qué tipo de ingreso?",
    "A job": "Un trabajo",
    "Employer or payer": "Empleador o quien paga",
    "How much each time, before taxes?": "¿Cuánto cada vez, antes de impuestos?",
    "every week": "cada semana",
    "every two weeks": "cada dos semanas",
    "every month": "cada mes",
    "a year": "al año",
    "a month": "al mes",
    "No one has any income": "Nadie tiene ingresos",
    "Type your full name to sign.": "Escriba su nombre completo para firmar.",
    "Go on with your application": "Siga con su solicitud",
    "That is all our income": "Esos son todos nuestros ingresos",
    "Is there a date we must know?": "¿Hay alguna fecha que debamos saber?",
    "Court date for an eviction": "Fecha de la corte por un desalojo",
    "Who do you pay rent to?": "¿A quién le paga la renta?",
    "Name of your landlord or rental company": "Nombre de su arrendador o compañía de renta",
    "Which company do you owe?": "¿A qué compañía le debe?",
    "Name of the company on your bill": "Nombre de la compañía en su factura",
    "Account number on your bill": "Número de cuenta en su factura",
    "May we ask for you?": "¿Podemos preguntar por usted?",
    "I let this agency ask the state tax department": "Permito que esta agencia pregunte",
    # Papers
    "Show us your lease or your rent": "Muéstrenos su contrato o su renta",
    "Show us a notice about your home": "Muéstrenos un aviso sobre su vivienda",
    "Show us your hard time": "Muéstrenos sus dificultades",
    "Show us your income": "Muéstrenos sus ingresos",
    "What is it?": "¿Qué es?",
    "Lease or rental agreement": "Contrato de renta",
    "Eviction notice": "Aviso de desalojo",
    "Pay stub": "Talón de pago",
    "Photo or file": "Foto o archivo",
    "Send this paper": "Enviar este documento",
    "What you have added": "Lo que ha agregado",
    "I cannot get a paper. I state that what I told you is true.": (
        "No puedo conseguir un documento. Declaro que lo que dije es cierto."
    ),
    "Skip for now": "Dejar para después",
    # Signing and the status
    "Check your answers and sign": "Revise sus respuestas y firme",
    "See the form made from your answers": "Vea el formulario hecho con sus respuestas",
    "I agree": "Estoy de acuerdo",
    "Type your full name to sign": "Escriba su nombre completo para firmar",
    "Sign and send my application": "Firmar y enviar mi solicitud",
    "How your application stands": "Cómo va su solicitud",
    "What happens next": "Qué sigue",
    "Who acts": "Quién actúa",
    "By when": "Para cuándo",
    "A caseworker is looking at your application.": (
        "Un trabajador del caso está revisando su solicitud."
    ),
    "A decision is prepared.": "Hay una decisión preparada.",
    "We need something from you": "Necesitamos algo de usted",
    "Answer now": "Contestar ahora",
    "Send my answer": "Enviar mi respuesta",
    "Your application was approved": "Su solicitud fue aprobada",
    "The payment is with the bank": "El pago está en el banco",
    "Your help was paid": "Su ayuda fue pagada",
    "Your signed application form (PDF)": "Su formulario de solicitud firmado (PDF)",
    "Messages": "Mensajes",
    "See how it stands": "Ver cómo va",
    "Who opened my record": "Quién abrió mi expediente",
    "To work on your application": "Para trabajar en su solicitud",
    "To check a decision as a second person": "Para revisar una decisión como segunda persona",
    # Letters
    "We have your application": "Recibimos su solicitud",
    "Your application was approved (": "Su solicitud fue aprobada (",
    "We made a payment for you": "Hicimos un pago por usted",
    # What needs another look
    "Something needs another look": "Hay algo que revisar",
    "Choose at least one, or call us if none fits.": (
        "Elija al menos una, o llámenos si ninguna corresponde."
    ),
    "Choose yes or no.": "Elija sí o no.",
    "Write dollars, such as 2000 or 2000.50.": "Escriba dólares, por ejemplo 2000 o 2000.50.",
    "Write the birth date with month, day and year, such as 5 2 1988.": (
        "Escriba la fecha de nacimiento con mes, día y año, por ejemplo 5 2 1988."
    ),
    "We can take a photo (JPEG, PNG, HEIC or WebP) or a PDF. This is another kind of file.": (
        "Podemos recibir una foto (JPEG, PNG, HEIC o WebP) o un PDF. Este es otro tipo de archivo."
    ),
}
ENGLISH = {spanish: english for english, spanish in SPANISH.items()}
