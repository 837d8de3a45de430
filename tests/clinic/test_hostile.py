"""SQL, HTML and worse in every field, hostile files, and names that would be paths."""

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.clinic.routes import PAGES
from game.clinic.shared_songs import SharedSongs, is_key, key_of, shown_title
from game.clinic.song_check import checked_song
from game.clinic.visit import DONE
from tests.clinic.test_staff_pages import anna, form_of
from tests.clinic.visiting import PASSPHRASE, House
from tests.music.hostile import chunk, header, notes
from tests.music.songs import ode

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

HOSTILE = (
    "'; DROP TABLE patients; --",
    '" OR "1"="1',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "../../../etc/passwd",
    "%s%n{0}{name}",
    "\u202e\u2066evil",
    "a\r\nSet-Cookie: x=1",
    "\ud7ff\U0001f9a6" * 50,
    "x" * 30_000,
    "\0",
)

#: Every form of the staff's pages with its fields; `{id}` is a patient's.
FORMS = {
    "/patients": ("code", "nickname", "hand", "board"),
    "/patients/{id}/change": ("nickname", "picture", "board"),
    "/patients/{id}/notes": ("words",),
    "/patients/{id}/tests": ("test", "value", "hand", "day"),
    "/patients/{id}/erase": ("code",),
    "/patients/{id}/plan": (
        *("based_on", "hand", "minutes", "days", "rate_min", "rate_max", "success_target"),
        *("early_ms", "late_ms", "start", "review", "weight-key", "modes", "tasks", "note"),
    ),
    "/stations": ("name",),
    "/accounts": ("name", "role", "passphrase"),
    "/account": ("old", "new", "again"),
    "/sign-in": ("name", "passphrase"),
}
GOOD = {
    "/patients": {"code": "GOOD", "hand": "left"},
    "/patients/{id}/tests": {"test": "BBT", "value": "3", "hand": "left", "day": "2025-03-01"},
    "/accounts": {"name": "Good", "role": "display", "passphrase": PASSPHRASE},
}


def test_every_form_is_tried() -> None:
    own = {p.path for p in PAGES if p.method == "POST" and not p.path.startswith("/sync")}
    without_fields = {
        *("/sign-out", "/backup", "/songs", "/songs/{key}/hide", "/songs/{key}/show"),
        *("/songs/{key}/of-the-week", "/stations/{id}/revoke", "/accounts/{id}/disable"),
        *("/accounts/{id}/enable", "/accounts/{id}/passphrase"),
        *("/patients/{id}/report.pdf", "/patients/{id}/export"),
    }
    assert set(FORMS) == own - without_fields


#: Forms after which somebody has to sign in anew, or wait.
SIGNING_IN = ("/account", "/sign-in")


def words_for(number: int) -> tuple[str, ...]:
    """The words that the field of this number is tried with: all of them in the soak, else each
    field gets some, and all are tried in the end."""
    if SOAK:
        return HOSTILE
    return tuple(HOSTILE[(3 * number + n) % len(HOSTILE)] for n in range(3))


@pytest.mark.parametrize("path", sorted(FORMS))
def test_hostile_words_in_a_field_are_refused_or_only_words(house: House, path: str) -> None:
    patient_id = anna(house.store)
    visitor = house.signed_in("administrator")
    good: dict = dict(GOOD.get(path, {}))
    if path.endswith("plan"):
        good = form_of(visitor.get(path.replace("{id}", patient_id)).text)
    for number, name in enumerate(FORMS[path]):
        for words in words_for(number):
            answer = visitor.post(path.replace("{id}", patient_id), {**good, name: words})
            assert answer.status_code in (200, 303, 400, 409, 422, 429), (name, words[:40])
            assert "x=1" not in str(answer.headers.get_list("set-cookie"))
            if path in SIGNING_IN:
                house.clock.go_on(minutes=16)  # no delay keeps the next one from being tried
                visitor = house.signed_in("administrator")
    # Everything is still there, and whatever was kept is shown as words.
    assert {p.id for p in house.store.patients()} >= {patient_id}
    pages = ["/patients", f"/patients/{patient_id}", "/board", "/stations", "/accounts", "/audit"]
    if path.endswith(("notes", "plan")):
        pages += [f"/patients/{patient_id}/plan", f"/patients/{patient_id}/report"]
    for shown in pages:
        answer = visitor.get(shown)
        assert answer.status_code == 200, shown
        body = re.sub(r'<script src="/static/board.js" defer></script>', "", answer.text)
        assert "<script" not in body, shown
        assert "<img src=x" not in body, shown
        assert "49" not in re.findall(r"\{\{ 7 \* 7 \}\}|49\{%", body), shown


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_an_address_are_no_page(house: House, words: str) -> None:
    from urllib.parse import quote

    visitor = house.signed_in("administrator")
    name = quote(words[:2000], safe="")
    for path in ("/patients/{}", "/patients/{}/plan", "/patients/{}/report", "/static/{}"):
        assert visitor.get(path.format(name)).status_code in (400, 404), path
    visitor.get("/account")
    for path in (
        "/stations/{}/revoke",
        "/accounts/{}/disable",
        "/songs/{}/hide",
        "/songs/{}/of-the-week",
    ):
        assert visitor.post(path.format(name)).status_code in (303, 400, 404), path
    assert visitor.get(f"/patients?done={name}").status_code == 200
    assert visitor.get(f"/patients?done={next(iter(DONE))}").status_code == 200


def test_a_form_that_is_too_large_or_no_form_is_refused(house: House) -> None:
    visitor = house.signed_in("administrator")
    assert visitor.post("/patients", {"code": "x" * 250_000}).status_code == 413
    many = {f"field-{n}": "x" for n in range(1000)}
    assert visitor.post("/patients", {"code": "X", "hand": "left", **many}).status_code == 400
    headers = {"origin": visitor.base, "content-type": "multipart/form-data; boundary=x"}
    broken = visitor._ask("POST", "/patients", content=b"--x\r\nrubbish", headers=headers)
    assert broken.status_code in (400, 403)
    headers = {"origin": visitor.base, "content-type": "application/json"}
    assert visitor._ask("POST", "/patients", content=b"{}", headers=headers).status_code == 403
    assert house.store.patients() == []


def test_a_body_that_lies_about_its_length_is_cut_off(house: House) -> None:
    visitor = house.signed_in("administrator")

    sent = []

    async def endless():
        for n in range(10_000):
            sent.append(n)
            yield b"x" * 1000

    headers = {"origin": visitor.base, "content-type": "application/x-www-form-urlencoded"}
    answer = visitor._ask("POST", "/patients", content=endless(), headers=headers)
    assert answer.status_code in (400, 413)
    assert len(sent) <= 210


# ---------------------------------------------------------------- songs


def uploaded(house: House, data: bytes, name: str = "song.mid", title: str = ""):
    visitor = house.signed_in("therapist")
    visitor.get("/songs")
    return visitor.post("/songs", {"title": title}, files={"song": (name, data, "audio/midi")})


def test_a_good_song_is_looked_at_and_offered(house: House, tmp_path) -> None:
    data = ode(tmp_path / "ode.mid").read_bytes()
    answer = uploaded(house, data, "My Ode.mid")
    assert answer.status_code == 200
    assert "is offered at every station now" in answer.text
    assert "targets/s" in answer.text
    [song] = SharedSongs(house.store).all()
    assert SharedSongs(house.store).get(song.key)[1] == data
    # The same again is the same song.
    assert uploaded(house, data, "again.mid").status_code == 200
    assert len(SharedSongs(house.store).all()) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("a page", b"<html><script>alert(1)</script>"),
        ("a program", b"MZ" + b"\0" * 5000),
        ("cut off", header() + b"MTrk\0\0"),
        ("endless running status", header() + chunk(b"\x00\x90" + b"\x40\x50\x00" * 2_600_000)),
        ("too many tracks", header(tracks=600) + chunk(b"\x00\xff\x2f\x00") * 600),
        ("no beat", header(division=0) + chunk(notes(10) + b"\x00\xff\x2f\x00")),
    ],
)
def test_a_hostile_song_is_refused_with_its_reason(house: House, name: str, data: bytes) -> None:
    answer = uploaded(house, data, f"{name}.mid")
    assert answer.status_code == 422, answer.text
    assert "cannot be played" in answer.text
    assert "griptune-song-" not in answer.text  # nothing of where it was looked at
    assert SharedSongs(house.store).all() == []


def test_an_oversized_upload_is_refused_before_it_is_read_whole(house: House) -> None:
    answer = uploaded(house, b"MThd" + b"\0" * 8_200_000)
    assert answer.status_code == 413
    assert SharedSongs(house.store).all() == []


def test_a_song_that_stalls_or_kills_its_reader_is_refused(monkeypatch) -> None:
    good = header() + chunk(notes(300) + b"\x00\xff\x2f\x00")
    assert "took too long" in checked_song(good, patience_s=0.01)["problems"][0]
    monkeypatch.setattr("game.clinic.song_check._MOST_ANSWER", 10)
    assert "broken" in checked_song(good)["problems"][0]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_name_or_title_of_a_song_is_words(house: House, tmp_path, words: str) -> None:
    data = ode(tmp_path / "ode.mid").read_bytes()
    songs = SharedSongs(house.store)
    title = shown_title(words) or "Song"
    song = songs.add(data, title, "Ann")
    assert is_key(song.key)
    text = house.signed_in("therapist").get("/songs").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(title=st.text(max_size=200))
def test_whatever_a_song_is_called_its_key_is_a_plain_name(title: str) -> None:
    key = key_of(title)
    assert is_key(key)
    assert re.fullmatch(r"[a-z0-9-]{1,60}", key)
    shown = shown_title(title)
    assert shown == "" or shown.isprintable()
    assert len(shown) <= 80


@pytest.mark.parametrize(
    "key", ["", ".", "..", "a/b", "a\\b", "A", "con", "nul", "com1", "-a", "a-", "a--b", "x" * 61]
)
def test_a_key_that_could_be_something_else_is_none(key: str) -> None:
    assert not is_key(key)
