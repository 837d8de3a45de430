"""The small parts of FHIR resources: codes, quantities, references, identifiers, times."""

import uuid
from datetime import datetime
from typing import Any

#: Our own codes and identifiers.
LOCAL = "urn:griptune:codes"
CODES = "urn:griptune:patient-code"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"

_SIDES = {"left": ("7771000", "Left"), "right": ("24028007", "Right")}

_MADE_HERE = uuid.UUID("6f1b9c52-6a53-4f3e-9a8e-3e1f7d6a5b10")

Resource = dict[str, Any]


def component(code: str, words: str, value: Resource) -> Resource:
    """A part of an Observation, under a code of ours."""
    return {"code": local(code, words), "valueQuantity": value}


def loinc(code: str, words: str) -> Resource:
    """A code of LOINC."""
    return {"coding": [{"system": LOINC, "code": code, "display": words}], "text": words}


def local(code: str, words: str) -> Resource:
    """A code of ours."""
    # A code has no spaces within it or around it.
    plain = "-".join(code.split()) or "unknown"
    return {"coding": [{"system": LOCAL, "code": plain, "display": words}], "text": words}


def side_of(hand: str) -> Resource:
    """Left or right, as SNOMED CT has it."""
    code, words = _SIDES[hand]
    return {
        "coding": [{"system": SNOMED, "code": code, "display": words}],
        "text": f"{hand} hand",
    }


def count_of(value: int) -> Resource:
    """So many."""
    return quantity(int(value), "", "{count}")


def quantity(value: float, unit: str, code: str) -> Resource:
    """A value in a unit of UCUM (``code``), shown as ``unit``."""
    found: Resource = {"value": value, "system": UCUM, "code": code}
    if unit:
        found["unit"] = unit
    return found


def refer(id: str) -> Resource:
    """A reference to the resource of this identifier in the same bundle."""
    return {"reference": f"urn:uuid:{id}"}


def derived(id: str, name: str) -> str:
    """An identifier that follows from another: the same every time."""
    return str(uuid.uuid5(_MADE_HERE, f"{id} {name}"))


def at_(at: datetime) -> str:
    """The instant, with the zone it was kept in."""
    return at.isoformat(timespec="milliseconds")
