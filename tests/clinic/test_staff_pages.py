"""The therapist's day: who needs a look and why, the patient's page, prescribing, songs, audit."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from game.clinic.plan_words import CHOICES
from game.clinic.triage import Answer, Lately, Why, kept_days, planned_days, reasons
from game.core.grips import GRIPS
from game.records.patients import PICTURES
from game.records.pictures import NAMES as PICTURE_NAMES
from game.records.said_and_done import CheckInKept
from game.records.store import Store
from game.therapy.assessment.outcomes import OUTCOMES
from game.therapy.prescription import (
    PRESET_NAMES,
    PRESETS,
    Assessment,
    Mode,
    Task,
    preset,
    read_prescription,
)
from game.words import Words
from tests.clinic.visiting import House, Visitor
from tests.records.examples import NOON, STATE, play

TODAY = NOON.date()


def days_ago(n: int):
    return TODAY - timedelta(days=n)


# ---------------------------------------------------------------- the rule

STEADY = Lately(
    plan_start=days_ago(30),
    review=TODAY + timedelta(days=20),
    days_a_week=5,
    played=frozenset(days_ago(n) for n in (1, 2, 3, 5, 6, 8, 9, 10, 12, 13)),
    answers=(Answer(days_ago(1), pain=2),),
    levels=(-1.0,) * 12,
)


def test_a_good_fortnight_is_on_track() -> None:
    assert reasons(STEADY, TODAY) == ()
    assert planned_days(STEADY, TODAY) == 10
    assert kept_days(STEADY, TODAY) == 10


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answers": (Answer(days_ago(2), pain=5),)}, [Why.PAIN]),
        ({"answers": (Answer(days_ago(2), pain=4),)}, []),
        ({"answers": (Answer(days_ago(8), pain=9),)}, []),
        ({"answers": (Answer(days_ago(1), sharp=True),)}, [Why.PAIN]),
        ({"answers": (Answer(days_ago(1), new_signs=True),)}, [Why.NEW_SIGNS]),
        ({"answers": (Answer(days_ago(1), sore_hours=30),)}, [Why.SORE]),
        ({"answers": (Answer(days_ago(1), sore_hours=24),)}, []),
        ({"played": frozenset(days_ago(n) for n in (1, 3, 5, 9, 12))}, [Why.MISSED]),
        ({"played": frozenset(days_ago(n) for n in (1, 3, 5, 9, 12, 13))}, []),
        ({"played": frozenset()}, [Why.AWAY]),
        ({"played": frozenset(days_ago(n) for n in range(7, 14))}, [Why.AWAY]),
        ({"levels": (-1.0,) * 8 + (-1.25,) * 4}, [Why.FALLING]),
        ({"levels": (-1.0,) * 8 + (-1.24,) * 4}, []),
        ({"levels": (-1.0,) * 3 + (-2.0,) * 4}, []),  # too few before
        ({"levels": (-1.0,) * 8 + (-1.0, -1.0, -3.0, -3.0)}, [Why.FALLING]),
        ({"levels": (-1.0,) * 8 + (-1.0, -1.0, -1.0, -3.0)}, []),  # one bad day
        ({"resting": ("ring",)}, [Why.RESTING]),
        ({"glove_days": (days_ago(1), days_ago(2))}, [Why.GLOVE]),
        ({"glove_days": (days_ago(1), days_ago(9))}, []),
        ({"two_plans": days_ago(3)}, [Why.TWO_PLANS]),
        ({"review": TODAY}, [Why.REVIEW]),
        ({"plan_start": None}, [Why.NO_PLAN]),
        ({"plan_start": days_ago(3), "played": frozenset()}, []),  # too early to miss anything
    ],
)
def test_each_reason_has_its_line(change, why) -> None:
    changed = Lately(**{**STEADY.__dict__, **change})
    assert [reason.why for reason in reasons(changed, TODAY)] == why


def test_the_most_pressing_reason_comes_first() -> None:
    bad = Lately(
        answers=(Answer(TODAY, pain=8, new_signs=True),), resting=("key",), plan_start=None
    )
    assert [r.why for r in reasons(bad, TODAY)] == [
        Why.NEW_SIGNS,
        Why.PAIN,
        Why.RESTING,
        Why.NO_PLAN,
    ]


# ---------------------------------------------------------------- the pages


def anna(store: Store) -> str:
    """A patient whose ring finger rests, who hurts and missed days; the identifier."""
    patient = store.add_patient("ANNA-1", nickname="Blue Heron", board=True)
    plan = preset("middle", days_ago(20))
    store.prescribe("ANNA-1", plan, "Ann")
    grips = {
        name: {"hits": 1.0, "targets": 10.0, "seen": 20, "run": 0, "resting": name == "ring"}
        for name in ("index", "middle", "ring", "little", "key")
    }
    for n in range(3):
        store.save_play(
            play(n, patient_id=patient.id, level=-1.0, started_at=NOON - timedelta(days=n)),
            state={**STATE, "grips": grips},
        )
    store.add_check_in("ANNA-1", CheckInKept(when="after", pain=6), at=NOON)
    return patient.id


@pytest.fixture
def therapist(house: House) -> Visitor:
    return house.signed_in("therapist")


def test_the_list_says_who_needs_a_look_first_and_why(house: House, therapist: Visitor) -> None:
    house.store.add_patient("AAA-0")
    house.store.prescribe("AAA-0", preset("middle", TODAY), "Ann")
    anna(house.store)
    text = therapist.get("/patients").text
    assert text.index("ANNA-1") < text.index("AAA-0")
    for words in (
        "Pain up to 6 of 10 this week",
        "A grip rests because it did not succeed: ring",
        "planned days in two weeks",
        "on track",
        "needs a look",
    ):
        assert words in text


def test_a_patients_page_has_everything_and_the_note_to_copy(
    house: House, therapist: Visitor
) -> None:
    patient_id = anna(house.store)
    text = therapist.get(f"/patients/{patient_id}").text
    note = re.search(r'<pre id="note"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert note is not None
    assert len(note.group(1).strip().splitlines()) == 6
    for words in ("Blue Heron", "Ode to Joy", "Version 1 by Ann", "25 minutes on 5 days a week"):
        assert words in text


def test_a_limit_is_changed_and_the_old_version_stays(house: House, therapist: Visitor) -> None:
    patient_id = anna(house.store)
    path = f"/patients/{patient_id}/plan"
    fields = form_of(therapist.get(path).text)
    assert therapist.post(path, {**fields, "rate_max": "1,5"}).status_code == 303
    kept = house.store.prescription("ANNA-1")
    assert kept is not None
    assert (kept.version, kept.prescription.rate_max, kept.author) == (2, 1.5, "Therapist")
    assert kept.prescription.minutes == 25
    # Somebody who still looks at the first version is told.
    late = {**fields, "rate_max": "2.5", "note": "slower again"}
    answer = therapist.post(path, late)
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert house.store.prescription("ANNA-1") == kept
    # What they typed in is still there, and can be sent once they have seen the other.
    again = form_of(answer.text)
    assert (again["rate_max"], again["based_on"]) == ("2.5", "2")
    assert "slower again" in answer.text
    assert therapist.post(path, {**late, "based_on": again["based_on"]}).status_code == 303


def test_what_cannot_be_prescribed_is_said_in_the_readers_language(
    house: House, therapist: Visitor
) -> None:
    path = f"/patients/{anna(house.store)}/plan"
    fields = form_of(therapist.get(path).text)
    therapist.client.headers["accept-language"] = "de"
    wrong = therapist.post(path, {**fields, "rate_min": "2", "rate_max": "1"}).text
    assert "die langsamste Rate (2) liegt über der schnellsten (1)" in wrong
    wrong = therapist.post(path, {**fields, "days": "9"}).text
    assert "muss eine ganze Zahl von 1 bis 7 sein" in wrong
    assert "Input" not in wrong


def test_with_the_clinics_own_certificate_the_page_says_which_it_is(house: House) -> None:
    house.clinic.serving = replace(house.clinic.serving, own_fingerprint="ab" * 32)
    visitor = house.signed_in("administrator")
    visitor.get("/stations")
    text = visitor.post("/stations", {"name": "Window"}).text
    assert "--fingerprint " + "ab" * 32 in text


def visible(page: str) -> list[str]:
    """The words of a page: each piece of text between two tags, and every title."""
    titles = re.findall(r'title="([^"]*)"', page)
    return [html.unescape(text).strip() for text in (*re.findall(r">([^<]+)<", page), *titles)]


#: In English, in a plan with everything: what no other language may show.
_ENGLISH = (
    *(words for names in CHOICES.values() for words in names.values()),
    *PRESET_NAMES.values(),
    *PRESETS.values(),
    *(grip.label for grip in GRIPS),
    *("left hand", "right hand", "locked"),
)


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_plan_is_read_and_written_in_the_language_of_whoever_asks(
    house: House, language: str
) -> None:
    patient_id = anna(house.store)
    document = preset("middle", days_ago(1)).document()
    everything = {"tasks": list(Task), "assessments": list(Assessment), "locked": True}
    house.store.prescribe("ANNA-1", read_prescription({**document, **everything}), "Ann")
    visitor = house.signed_in("therapist", language=language)
    words = Words(language)
    shown = visible(visitor.get(f"/patients/{patient_id}/plan").text)
    line = next(text for text in shown if words.tr("locked") in text)
    assert line.startswith(words.tr("right hand"))
    assert words.tr("little") in line
    for english in _ENGLISH:
        if words.tr(english) != english:
            assert english not in [*shown, *line.split(", ")], english
        if english not in ("left hand", "right hand", "locked"):
            assert words.tr(english) in shown, english
    assert not {one for names in CHOICES.values() for one in names} & set(shown)
    animals = visible(visitor.get(f"/patients/{patient_id}").text)
    assert {words.tr(name) for name in PICTURE_NAMES.values()} <= set(animals)
    assert not {"turtle", "Turtle", "badger", "Badger"} & set(animals)


def test_every_way_task_and_test_of_a_plan_has_its_words() -> None:
    for name, kinds in (("modes", Mode), ("tasks", Task), ("assessments", Assessment)):
        assert list(CHOICES[name]) == [one.value for one in kinds]
    assert list(PRESET_NAMES) == list(PRESETS)
    assert list(PICTURE_NAMES) == list(PICTURES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_max", "0.05"),
        ("rate_max", "fast"),
        ("rate_max", "nan"),
        ("rate_max", "1e999"),
        ("minutes", "400"),
        ("minutes", "2.5"),
        ("review", "1999-01-01"),
        ("review", "soon"),
        ("hand", "third"),
        ("weight-ring", "-1"),
        ("modes", "none"),
        ("success_target", ""),
    ],
)
def test_what_cannot_be_prescribed_is_said_and_nothing_is_changed(
    house: House, therapist: Visitor, name: str, value: str
) -> None:
    patient_id = anna(house.store)
    path = f"/patients/{patient_id}/plan"
    fields = form_of(therapist.get(path).text)
    answer = therapist.post(path, {**fields, name: value})
    assert answer.status_code == 422
    assert "This cannot be prescribed" in answer.text
    assert len(house.store.prescriptions("ANNA-1")) == 1


def test_tests_notes_and_names_are_kept(house: House, therapist: Visitor) -> None:
    patient_id = anna(house.store)
    base = f"/patients/{patient_id}"
    fields = {"test": "BBT", "value": "34,5", "hand": "left", "day": TODAY.isoformat()}
    assert therapist.post(f"{base}/tests", fields).status_code == 303
    assert therapist.post(f"{base}/notes", {"words": "likes waltzes"}).status_code == 303
    change = {"nickname": "Grey Owl", "picture": "owl"}
    assert therapist.post(f"{base}/change", change).status_code == 303
    [test] = house.store.outcome_tests("ANNA-1")
    assert (test.test, test.value, test.unit, test.hand) == ("BBT", 34.5, "blocks", "left")
    assert house.store.notes("ANNA-1")[0].words == "likes waltzes"
    patient = house.store.patient("ANNA-1")
    assert (patient.nickname, patient.picture, patient.on_board) == ("Grey Owl", "owl", False)
    for wrong in ({"test": "XX"}, {"value": "many"}, {"value": "-1"}, {"hand": "x"}, {"day": "x"}):
        assert therapist.post(f"{base}/tests", {**fields, **wrong}).status_code == 400
    assert len(house.store.outcome_tests("ANNA-1")) == 1


@pytest.mark.parametrize(
    ("test", "value", "between"),
    [
        ("ARAT", "58", "0 and 57"),
        ("9HPT", "0", "5 and 600"),
        ("FMA-UE", "1e9", "0 and 66"),
        ("WMFT", "5.5", "0 and 5"),
        ("BBT", "-3", "0 and 150"),
    ],
)
def test_a_result_that_a_test_cannot_give_is_not_kept(
    house: House, therapist: Visitor, test: str, value: str, between: str
) -> None:
    base = f"/patients/{anna(house.store)}"
    therapist.get(base)
    fields = {"test": test, "value": value, "hand": "left", "day": TODAY.isoformat()}
    answer = therapist.post(f"{base}/tests", fields)
    assert answer.status_code == 400
    assert f"{test} lies between {between}" in answer.text
    assert house.store.outcome_tests("ANNA-1") == []


def test_a_test_is_kept_in_the_unit_that_its_least_change_is_given_in(
    house: House, therapist: Visitor
) -> None:
    base = f"/patients/{anna(house.store)}"
    therapist.get(base)
    fields = {"test": "WMFT", "value": "3,1", "hand": "left", "day": TODAY.isoformat()}
    assert therapist.post(f"{base}/tests", fields).status_code == 303
    [kept] = house.store.outcome_tests("ANNA-1")
    assert (kept.value, kept.unit) == (3.1, OUTCOMES["WMFT"].unit)


def test_the_report_is_read_and_exported_and_both_are_in_the_log(
    house: House, therapist: Visitor
) -> None:
    patient_id = anna(house.store)
    base = f"/patients/{patient_id}"
    therapist.get(base)
    picture = therapist.get(f"{base}/pictures/success")
    assert picture.content.startswith(b"\x89PNG")
    assert therapist.get(f"{base}/pictures/../../x").status_code == 404
    report = therapist.get(f"{base}/report")
    assert "ANNA-1" in report.text
    assert "script-src" not in report.headers["content-security-policy"]
    assert "default-src 'none'" in report.headers["content-security-policy"]
    therapist.client.headers["accept-language"] = "de-AT,de;q=0.9"
    assert "Keine Diagnose." in therapist.get(f"{base}/report").text
    assert therapist.get(f"{base}/pictures/success").content != picture.content
    assert therapist.post(f"{base}/report.pdf").content.startswith(b"%PDF")
    export = therapist.post(f"{base}/export")
    assert export.json()["facts"]
    assert "ANNA" not in export.headers["content-disposition"]
    said = [(line.action, line.what) for line in house.store.audit_log(code="ANNA-1")]
    for entry in (
        ("view", "a patient's page"),
        ("view", "report"),
        ("export", "report as PDF"),
        ("export", "all records as JSON"),
    ):
        assert entry in said


def test_a_patient_is_added_and_erased_with_their_code(house: House, therapist: Visitor) -> None:
    therapist.get("/patients")
    answer = therapist.post("/patients", {"code": "NEW-1", "hand": "left", "board": "yes"})
    assert answer.status_code == 303
    page = answer.headers["location"].partition("?")[0]
    assert house.store.patient("NEW-1").on_board
    assert therapist.post("/patients", {"code": "new-1", "hand": "left"}).status_code == 400
    assert therapist.post(f"{page}/erase", {"code": "OTHER"}).status_code == 400
    assert therapist.post(f"{page}/erase", {"code": "NEW-1"}).status_code == 303
    assert therapist.get(page).status_code == 404
    assert house.store.patients() == []


def test_an_administrator_saves_a_backup_and_makes_a_code(house: House, tmp_path: Path) -> None:
    anna(house.store)
    visitor = house.signed_in("administrator")
    content = visitor.post("/backup").content
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "griptune.db").write_bytes(content)
    with Store.open(tmp_path / "restored") as restored:
        assert restored.count_plays("ANNA-1") == 3
    text = visitor.post("/stations", {"name": "Window <b>"}).text
    code = re.search(r'<pre id="code">([^<]+)</pre>', text)
    assert code is not None
    station, _ = house.clinic.stations.pair(code.group(1))
    assert station.name == "Window <b>"
    assert "Window &lt;b&gt;" in visitor.get("/stations").text
    assert visitor.post(f"/stations/{station.id}/revoke").status_code == 303
    assert house.clinic.stations.all()[0].revoked_at is not None


def test_no_health_data_is_in_an_address_or_in_the_log(
    house: House, therapist: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    patient_id = anna(house.store)
    with caplog.at_level("INFO", logger="griptune.clinic"):
        text = therapist.get("/patients").text + therapist.get(f"/patients/{patient_id}").text
        therapist.post(f"/patients/{patient_id}/notes", {"words": "a secret word"})
        therapist.get("/patients/ANNA-1")
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', text)
    assert addresses
    assert not [
        a
        for a in addresses
        if "ANNA" in a or ("heron" in a.lower().replace(".png", "") and "static" not in a)
    ]
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert "patient-note" in lines
    for secret in ("ANNA", patient_id, "secret", "Heron", "192.168"):
        assert secret not in lines


def form_of(text: str) -> dict[str, object]:
    """The fields of the plan's form as they are filled in, lists as lists."""
    text = text[text.index('name="based_on"') - 30 :]
    fields: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or value is None or name.group(1) == "csrf":
            continue
        if 'type="checkbox"' in tag:
            if " checked" in tag:
                fields.setdefault(name.group(1), []).append(value.group(1))  # type: ignore[attr-defined]
        else:
            fields[name.group(1)] = value.group(1)
    fields["hand"] = "right"
    return fields
