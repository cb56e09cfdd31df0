"""Who is in the demo: agencies and staff, each with a sign-in of the same password."""

from dataclasses import dataclass

PASSWORD = "latchstring-demo"  # noqa: S105 - printed on the terminal; the demo has no secrets

AGENCIES = (
    {
        "slug": "nm-dfa",
        "state": "NM",
        "names": {
            "en": "Department of Finance and Administration",
            "es": "Departamento de Finanzas y Administración",
        },
        "phone": "505-555-0142",
        "brand": "nm",
    },
    {
        "slug": "wy-dfs",
        "state": "WY",
        "names": {
            "en": "Department of Family Services",
            "es": "Departamento de Servicios Familiares",
        },
        "phone": "307-555-0117",
        "brand": "wy",
    },
)


@dataclass(frozen=True)
class Part:
    """One sign-in of the cast."""

    email: str
    name: str
    agency: str
    roles: tuple[str, ...]
    does: str


STAFF = (
    Part("casey@nm.example", "Casey Ortiz", "nm-dfa", ("caseworker",), "works on cases"),
    Part("carmen@nm.example", "Carmen Lucero", "nm-dfa", ("caseworker",), "works on cases"),
    Part("alex@nm.example", "Alex Tso", "nm-dfa", ("approver",), "approves decisions"),
    Part("pat@nm.example", "Pat Romero", "nm-dfa", ("payments_officer",), "pays"),
    Part("dana@nm.example", "Dana Begay", "nm-dfa", ("director",), "sees everything move"),
    Part("audrey@nm.example", "Audrey Chavez", "nm-dfa", ("auditor",), "walks every dollar"),
    Part("manny@nm.example", "Manny Silva", "nm-dfa", ("program_manager",), "runs the programs"),
    Part("willa@wy.example", "Willa Hansen", "wy-dfs", ("caseworker",), "Wyoming's own desk"),
    Part("wade@wy.example", "Wade Yellowtail", "wy-dfs", ("approver",), "approves there"),
    Part("wynn@wy.example", "Wynn Baker", "wy-dfs", ("payments_officer",), "pays there"),
)
RESIDENT = "rosa@resident.example"
