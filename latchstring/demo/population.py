"""A synthetic New Mexico: households shaped by the real county figures, the same for every seed.

Counties are drawn by their real population and what the state's program really paid there;
household size follows the share that lives alone and the mean size; income is log-normal around a
renter's median (0.62 of the county's, from the recipe in the domain notes); rent follows HUD's fair
market rent. Names are invented: mixes that live in New Mexico, with hyphens, accents and one-word
names. Every SSN begins with 9, which the Social Security Administration never issues.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

FIRST = [
    "Ana",
    "Luis",
    "María",
    "José",
    "Rosa",
    "Miguel",
    "Elena",
    "Carlos",
    "Lucía",
    "Diego",
    "Teresa",
    "Rafael",
    "Carmen",
    "Manuel",
    "Isabel",
    "Emily",
    "James",
    "Olivia",
    "Daniel",
    "Grace",
    "Michael",
    "Hannah",
    "David",
    "Sarah",
    "Robert",
    "Yanaba",
    "Nizhoni",
    "Sháńdíín",
    "Ahiga",
    "Dezba",
    "Bidziil",
    "Kai",
    "Haseya",
    "Ch'íníbaa'",
    "Zoe",
    "Noah",
    "Mia",
    "Ethan",
    "Ava",
    "Liam",
]
LAST = [
    "Baca",
    "Chávez",
    "García",
    "Martínez",
    "Lucero",
    "Trujillo",
    "Romero",
    "Montoya",
    "Gallegos",
    "Sandoval",
    "Ortega-Ruiz",
    "Begay",
    "Yazzie",
    "Tsosie",
    "Benally",
    "Nez",
    "Etsitty",
    "Smith",
    "Johnson",
    "Miller",
    "Davis",
    "Wilson",
    "O'Neal",
    "Clark",
    "Lee",
    "Nguyen",
    "Peña",
    "Apodaca",
    "Griego",
    "Sena",
    "Vigil",
    "Archuleta",
    "Duran",
    "Roybal",
    "Jaramillo",
    "Tafoya",
    "Quintana",
]
STREETS = ("Camino Real", "2nd St", "Mesa Vista Rd", "County Road 84", "Coors Blvd", "Luna Ln")
LANDLORDS = ("Rio Grande Homes", "Mesa Property Partners", "Sandia Flats LLC", "J & T Rentals")
BEDROOMS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3}


@dataclass(frozen=True)
class County:
    """A county's real figures, as far as the generator uses them."""

    fips: str
    name: str
    population: int
    living_alone: float  # share of households
    mean_size: float
    median_income: int  # dollars a year, 2018
    rents: dict[int, int]  # HUD fair market rent by bedrooms, dollars a month
    zips: tuple[tuple[str, str], ...]  # (zip, city)


@dataclass(frozen=True)
class Somebody:
    """A person of the population."""

    first_name: str
    last_name: str
    birth_date: date
    ssn: str

    def identity(self) -> dict[str, str]:
        """As the people room takes it."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date.isoformat(),
            "ssn": self.ssn,
        }


@dataclass(frozen=True)
class Home:
    """A renting household that is behind, and what the agencies know of it."""

    number: int
    county: County
    people: tuple[Somebody, ...]
    address: dict[str, str]
    language: str
    monthly_income: Decimal
    known_income: Decimal | None  # what the tax department has, a year; None when unknown
    enrolled: str | None  # snap, medicaid, liheap: found eligible by human services already
    rent: Decimal
    bedrooms: int
    months_behind: int
    future_months: int
    utilities_owed: Decimal
    lease: bool
    eviction_in_days: int | None
    landlord: str
    behaviours: tuple[str, ...] = field(default_factory=tuple)


def _size(draw: random.Random, county: County) -> int:
    if draw.random() < county.living_alone:
        return 1
    # The rest must bring the mean up to the county's: a shifted geometric over 2, 3, 4, ...
    rest = (county.mean_size - county.living_alone) / (1 - county.living_alone)
    stop = 1 / max(rest - 1, 1.01)
    size = 2
    while size < 8 and draw.random() > stop:
        size += 1
    return size


def _people(draw: random.Random, size: int, number: int, today: date) -> tuple[Somebody, ...]:
    surname = draw.choice(LAST)
    family = []
    adults = 1 if size == 1 else min(size, draw.choice((1, 2, 2)))
    for place in range(size):
        age = draw.randint(19, 72) if place < adults else draw.randint(0, 17)
        family.append(
            Somebody(
                draw.choice(FIRST),
                surname if draw.random() < 0.85 else draw.choice(LAST),
                today - timedelta(days=age * 365 + draw.randint(1, 360)),
                f"9{number % 100_000:05d}{place:02d}{draw.randint(0, 9)}",
            )
        )
    return tuple(family)


def homes(counties: list[County], count: int, seed: int, today: date) -> Iterator[Home]:
    """Yield `count` households; the same seed and day give the same households."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable population, not a secret
    weights = [county.population for county in counties]
    for number in range(1, count + 1):
        county = draw.choices(counties, weights)[0]
        size = _size(draw, county)
        bedrooms = BEDROOMS.get(size, 4)
        typical = county.median_income * 0.62 * 1.25 * 0.7  # renters, 2018 to 2026, those behind
        yearly = min(math.exp(draw.gauss(math.log(typical), 0.55)), 140_000)
        monthly = Decimal(int(yearly / 12))
        rent = Decimal(int(county.rents[min(bedrooms, 4)] * math.exp(draw.gauss(-0.05, 0.2))))
        known = Decimal(int(monthly * 12 * Decimal(draw.choice(("0.94", "1.00", "1.00", "1.03")))))
        zip_code, city = draw.choice(county.zips)
        yield Home(
            number=number,
            county=county,
            people=_people(draw, size, number, today),
            address={
                "street": f"{draw.randint(1, 9900)} {draw.choice(STREETS)}",
                "unit": f"Apt {draw.randint(1, 40)}" if draw.random() < 0.4 else "",
                "city": city,
                "state": "NM",
                "zip": zip_code,
            },
            language="es" if draw.random() < 0.3 else "en",
            monthly_income=monthly,
            known_income=known if draw.random() < 0.8 else None,
            enrolled=draw.choice(("snap", "snap", "medicaid", "liheap"))
            if draw.random() < 0.45
            else None,
            rent=rent,
            bedrooms=bedrooms,
            months_behind=min(1 + int(draw.expovariate(1 / 2.5)), 12),
            future_months=draw.choice((0, 0, 1, 2, 3)),
            utilities_owed=Decimal(draw.choice((0, 0, 0, 85, 140, 310))),
            lease=draw.random() < 0.6,
            eviction_in_days=draw.randint(2, 25) if draw.random() < 0.2 else None,
            landlord=draw.choice(LANDLORDS),
        )
