"""The FHIR bundle: valid R4 by an independent model, and every reference leads somewhere."""

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from game.records.errors import RecordsError
from game.records.export.fhir import write_fhir
from game.records.export.fhir_values import LOINC
from game.records.plays import PlaySummary
from tests.records.examples import NOON, open_store, play
from tests.records.whole_patient import fill


def bundle_class() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fhir.resources.R4B.bundle import Bundle
    return Bundle


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[PlaySummary]]:
    """A bundle of a patient with everything, and of one of whom nothing is known."""
    folder = tmp_path_factory.mktemp("fhir")
    with open_store(folder / "data") as store:
        patient_id = fill(store)
        for kind in ("keyboard", "glove"):
            alone = play(
                77 if kind == "glove" else 78,
                patient_id=patient_id,
                started_at=NOON.replace(day=20),
                hand="left",
                input_kind=kind,
                input_description="",
            )
            store.save_play(alone)
        store.add_patient("BEN-2")
        count = write_fhir(store, folder / "out.json", software="0.1.0")
        again = folder / "again.json"
        write_fhir(store, again, software="0.1.0")
        assert again.read_bytes() == (folder / "out.json").read_bytes()
        plays = store.plays("ANNA-1")
    document = json.loads((folder / "out.json").read_text())
    assert len(document["entry"]) == count
    return document, plays


def of_type(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    resources = (entry["resource"] for entry in document["entry"])
    return [r for r in resources if r["resourceType"] == name]


def test_it_is_valid_by_the_model_of_others(exported) -> None:
    document, _ = exported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = bundle_class().model_validate(document)
    assert len(read.entry) == len(document["entry"])


def test_the_model_would_notice_what_is_wrong(exported) -> None:
    document, _ = exported
    entry = {**document["entry"][0], "resource": {**document["entry"][0]["resource"]}}
    entry["resource"]["birthday"] = "1950"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = bundle_class()
        with pytest.raises(ValueError):
            model.model_validate({**document, "entry": [entry]})


def test_every_kind_of_resource_is_there_and_every_reference_leads_somewhere(exported) -> None:
    document, _ = exported
    kinds = Counter(entry["resource"]["resourceType"] for entry in document["entry"])
    assert set(kinds) == {
        "Patient", "Device", "ServiceRequest", "CarePlan", "Goal", "Procedure", "Observation",
        "QuestionnaireResponse", "Provenance",
    }  # fmt: skip
    urls = [entry["fullUrl"] for entry in document["entry"]]
    assert len(set(urls)) == len(urls)
    for reference in references(document):
        assert reference in urls


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["reference"]] if isinstance(part.get("reference"), str) else []
        return own + [r for value in part.values() for r in references(value)]
    if isinstance(part, list):
        return [r for value in part for r in references(value)]
    return []


def test_pain_duration_and_counts_are_those_that_were_kept(exported) -> None:
    document, plays = exported
    observations = of_type(document, "Observation")
    coded: dict[str, list[dict[str, Any]]] = {}
    for observation in observations:
        coding = observation["code"]["coding"][0]
        coded.setdefault(f"{coding['system']} {coding['code']}", []).append(observation)
    assert sorted(o["valueInteger"] for o in coded[f"{LOINC} 72514-3"]) == [1, 2, 3, 3]
    durations = [o["valueQuantity"]["value"] for o in coded[f"{LOINC} 55411-3"]]
    assert 12.0 in durations, "the session's own figure"
    assert len(coded[f"{LOINC} 73985-4"]) == len(durations)
    counted = [
        component["valueQuantity"]["value"]
        for observation in coded["urn:griptune:codes play"]
        for component in observation["component"]
        if component["code"]["coding"][0]["code"] == "counted"
    ]
    assert sum(counted) == sum(play.counted for play in plays)
    [test] = coded["urn:griptune:codes outcome-BBT"]
    assert test["valueQuantity"] == {"value": 24.0, "unit": "blocks"}
    assert "Box and Block" not in json.dumps(document)


def test_nobody_to_export_is_said(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store, pytest.raises(RecordsError, match="no patient"):
        write_fhir(store, tmp_path / "out.json")
