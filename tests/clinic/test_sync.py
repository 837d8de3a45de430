"""What goes between a station and the server, rule by rule, over a real port."""

import random
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, insert, select

from game.clinic.lately import TWO_PLANS, one_lately
from game.clinic.security.certificates import own_certificate
from game.clinic.security.errors import ClinicError
from game.clinic.shared_songs import SharedSongs
from game.clinic.sync import outbox
from game.clinic.sync.follow import follow
from game.clinic.sync.link import Link, OfflineError, RefusedByServerError, checked_url
from game.clinic.sync.pairing import certificate_to_pin, pair, read_pairing, write_pairing
from game.clinic.triage import Why, reasons
from game.records.fact_kinds import KINDS
from game.records.facts import content_digest, fact
from game.records.schema import plays
from game.records.schema_clinic import outbox as outbox_table
from game.records.schema_clinic import received, songs_shared
from game.records.store import Store
from game.therapy.prescription import preset
from tests.clinic.live import LiveClinic, LiveStation, live_clinic
from tests.clinic.test_board_live import week_of_plays
from tests.clinic.test_stations import kept_plays
from tests.records.examples import NOON, STATE, play

MONDAY = date(2025, 3, 10)


def facts_of(store: Store) -> list[dict]:
    """Every fact of ``store`` as it is sent."""
    with store.reading() as connection:
        return [
            {"kind": kind.name, "digest": content_digest(document), "fact": document}
            for kind in KINDS.values()
            for id in connection.execute(select(kind.key).order_by(*kind.order)).scalars().all()
            for document in [fact(connection, kind.name, id)]
        ]


def with_a_history(store: Store, code: str = "ANNA-1", seed: int = 0, count: int = 4):
    patient = store.add_patient(code, nickname="Blue Heron", board=True)
    store.prescribe(code, preset("middle", MONDAY), "therapist")
    for n in range(count):
        store.save_play(play(seed + n, patient_id=patient.id, level=-1.0), state=STATE)
    store.add_note(code, "therapist", "went well")
    return patient


# ---------------------------------------------------------------- delivery


def test_everything_arrives_once_and_the_second_round_sends_nothing(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    station = stations[0]
    with_a_history(station.store)
    first, second = station.round(), station.round()
    assert first.sent == len(facts_of(station.store))
    assert (second.sent, second.known, second.waiting) == (0, 0, 0)
    assert facts_of(live.store) == facts_of(station.store)


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_and_any_number_of_times_the_same_is_kept(
    live: LiveClinic, stations: list[LiveStation], seed: int
) -> None:
    station = stations[0]
    with_a_history(station.store)
    sent = facts_of(station.store) * 2
    random.Random(seed).shuffle(sent)
    later = sent
    for _ in range(10):
        waiting = []
        for one in later:
            answers = station.link.post("/sync/facts", {"facts": [one]})["answers"]
            assert answers[0]["outcome"] in ("kept", "known", "later"), answers
            if answers[0]["outcome"] == "later":
                waiting.append(one)
        later = waiting
    assert later == []
    assert facts_of(live.store) == facts_of(station.store)
    with live.store.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(received)).scalar_one()
    assert kept == len(facts_of(live.store))


def test_a_station_that_was_cut_off_for_a_day_catches_up(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    station = stations[0]
    with_a_history(station.store, count=3)
    station.round()
    lost = Link("http://127.0.0.1:9")  # nobody listens there
    station.sync._link, found = lost, station.sync._link
    patient = station.store.patient("ANNA-1")
    for n in range(60):
        station.store.save_play(play(100 + n, patient_id=patient.id))
        if n % 20 == 0:
            with pytest.raises(OfflineError):
                station.round()
    live.clock.go_on(days=1)
    station.sync._link = found
    done = station.round()
    assert (done.sent, done.waiting) == (60, 0)
    assert kept_plays(live.store) == kept_plays(station.store)


def test_guests_and_plays_from_before_the_pairing_go_along(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    stations[0].store.save_play(play(1))
    assert stations[0].round().sent == 1
    assert len(live.store.guest_plays()) == 1


# ---------------------------------------------------------------- what is refused


def posted(live: LiveClinic, token: str, **other) -> httpx.Response:
    with httpx.Client(base_url=live.url) as client:
        return client.post("/sync/facts", headers={"authorization": f"Bearer {token}"}, **other)


def test_only_a_paired_station_is_heard(live: LiveClinic, stations: list[LiveStation]) -> None:
    for token in ("y", "x" * 43):
        assert posted(live, token, json={}).status_code == 401
    shut = live.clinic.stations.all()[0]
    live.clinic.stations.revoke(shut.id)
    answers = []
    for station in stations:
        try:
            answers.append(station.round().waiting)
        except RefusedByServerError as error:
            answers.append(str(error))
    assert answers == ["This station is not paired, or was shut out.", 0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"[" * 100_000, 400),
        (b'{"facts": 3}', 400),
        (b'{"facts": [3]}', 400),
        (b'{"facts": [{"kind": "play"}]}', 400),
        (b'{"facts": [{"kind": 3, "fact": {}}]}', 400),
        (b'{"facts": [' + b"{}," * 60 + b"{}]}", 400),
        (b'{"levels": {"../x": []}}', 400),
        (b'{"erased": ["x", 3]}', 200),
        (b'{"facts": [], "health": {"glove": "\\u0000<b>", "waiting": -3, "x": 1}}', 200),
        (b"\xff\xfe", 400),
    ],
)
def test_what_is_not_written_as_it_has_to_be_is_refused_and_changes_nothing(
    live: LiveClinic, body: bytes, status: int
) -> None:
    _, token = live.clinic.stations.pair(live.clinic.stations.invite("Window"))
    answer = posted(live, token, content=body)
    assert answer.status_code == status, answer.text
    assert facts_of(live.store) == []


def test_more_than_a_batch_may_weigh_is_refused_before_it_is_read(live: LiveClinic) -> None:
    _, token = live.clinic.stations.pair(live.clinic.stations.invite("Window"))
    assert posted(live, token, content=b"x" * 24_000_001).status_code == 413


def test_a_forged_fact_is_refused_and_the_true_one_stays(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    station = stations[0]
    patient = with_a_history(station.store)
    other = station.store.add_patient("BERT-2")
    station.round()
    before = facts_of(live.store)
    true = next(f for f in before if f["kind"] == "play")["fact"]

    def outcome(document: dict, kind: str = "play", digest: str | None = None) -> str:
        one = {"kind": kind, "fact": document, "digest": digest or content_digest(document)}
        return station.link.post("/sync/facts", {"facts": [one]})["answers"][0]["outcome"]

    assert outcome(true) == "known"
    assert outcome(true, digest="0" * 64) == "refused"  # changed on its way
    assert outcome({**true, "score": 9999}) == "refused"  # another content under its name
    assert outcome({**true, "patient_id": other.id}) == "refused"  # somebody else's
    assert outcome({**true, "id": "../../etc/passwd"}) == "refused"
    assert outcome({**true, "id": "'; DROP TABLE plays; --"}) == "refused"
    assert outcome({**true, "counted": 10**9, "id": patient.id}) == "refused"
    assert outcome({**true, "id": patient.id, "data": "AAAA"}) == "refused"
    assert outcome({"fact": "play"}) == "refused"
    assert outcome({**true, "fact": "account"}, kind="account") == "later"
    assert facts_of(live.store) == before


def test_a_plan_from_the_future_waits_until_its_time_has_come(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    """Of two versions the later holds: a clock that is ahead would win for good."""
    ahead = stations[0]
    ahead.store.add_patient("ANNA-1")
    ahead.round()
    live.clock.go_on(days=3)
    ahead.store.prescribe("ANNA-1", preset("late", MONDAY), "station")
    live.clock.go_on(days=-3)
    assert ahead.round().waiting >= 1
    assert live.store.prescription("ANNA-1") is None
    live.clock.go_on(days=3)
    assert ahead.round().waiting == 0
    assert live.store.prescription("ANNA-1") is not None


# ---------------------------------------------------------------- two hands at one row


def test_of_two_edits_of_a_plan_the_later_holds_everywhere_and_the_other_is_kept(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    one.store.add_patient("ANNA-1")
    one.store.prescribe("ANNA-1", preset("middle", MONDAY), "Ann")
    one.round(), other.round()
    live.clock.go_on(minutes=1)
    one.store.prescribe("ANNA-1", preset("early", MONDAY), "Bert")
    live.clock.go_on(minutes=1)
    other.store.prescribe("ANNA-1", preset("late", MONDAY), "Cleo")
    # The later one arrives first.
    for station in (other, one, other, one):
        station.round()
    for store in (live.store, one.store, other.store):
        held = store.prescription("ANNA-1")
        assert held is not None
        assert held.author == "Cleo"
        assert [v.author for v in store.prescriptions("ANNA-1")] == ["Cleo", "Bert", "Ann"]
        assert [v.version for v in store.prescriptions("ANNA-1")] == [3, 2, 1]
    noted = [line for line in live.store.audit_log(code="ANNA-1") if line.action == TWO_PLANS]
    assert len(noted) == 1
    patient = live.store.patient("ANNA-1")
    lately = one_lately(live.store, patient.id, NOON.date())
    assert Why.TWO_PLANS in {reason.why for reason in reasons(lately.lately, NOON.date())}


def test_edits_one_after_the_other_are_no_conflict(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    one.store.add_patient("ANNA-1")
    for number, (station, name) in enumerate([(one, "middle"), (other, "late"), (one, "early")]):
        live.clock.go_on(minutes=1)
        one.round(), other.round()
        station.store.prescribe("ANNA-1", preset(name, MONDAY), f"author {number}")
        station.round()
    assert [v.author for v in live.store.prescriptions("ANNA-1")] == [
        "author 2",
        "author 1",
        "author 0",
    ]
    assert not [line for line in live.store.audit_log() if line.action == TWO_PLANS]


def test_two_people_under_one_code_get_two_codes_and_lose_nothing(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    with_a_history(one.store, "ANNA-1", seed=10)
    live.clock.go_on(minutes=1)
    with_a_history(other.store, "anna-1", seed=20)
    for _ in range(3):
        one.round(), other.round()
    for store in (live.store, one.store, other.store):
        assert sorted(p.code for p in store.patients()) == ["ANNA-1", "anna-1-2"]
    assert live.store.count_plays("ANNA-1") == live.store.count_plays("ANNA-1-2") == 4
    assert other.round().waiting == one.round().waiting == 0


def test_a_patient_and_their_level_are_at_every_station(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    patient = with_a_history(one.store)
    one.round(), other.round()
    assert other.store.patient("ANNA-1") == one.store.patient("ANNA-1")
    assert other.store.difficulty_state("ANNA-1", "right", "virtual") == STATE
    live.clock.go_on(hours=2)
    risen = {**STATE, "x": -0.5}
    other.store.save_play(play(50, patient_id=patient.id), state=risen)
    other.round(), one.round()
    assert one.store.difficulty_state("ANNA-1", "right", "virtual") == risen
    assert live.store.difficulty_state("ANNA-1", "right", "virtual") == risen
    # What the other station knows later does not fall back.
    other.round(), one.round()
    assert other.store.difficulty_state("ANNA-1", "right", "virtual") == risen


def test_a_tap_on_hide_me_at_a_station_hides_at_the_clinic(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    with_a_history(stations[0].store)
    stations[0].round()
    live.clock.go_on(minutes=1)
    stations[0].store.set_board_hidden("ANNA-1", True)
    stations[0].round()
    assert live.store.patient("ANNA-1").board_hidden


# ---------------------------------------------------------------- erasing


@pytest.mark.parametrize("where", ["server", "station"])
def test_whoever_is_erased_in_one_place_is_erased_in_all_and_stays_so(
    live: LiveClinic, stations: list[LiveStation], where: str
) -> None:
    one, other = stations
    patient = with_a_history(one.store)
    one.round(), other.round()
    late = facts_of(one.store)
    (live.store if where == "server" else other.store).erase_patient("ANNA-1")
    for _ in range(2):
        one.round(), other.round()
    answers = one.link.post("/sync/facts", {"facts": late[:50]})["answers"]
    assert {a["outcome"] for a in answers} <= {"erased", "later"}
    for store in (live.store, one.store, other.store):
        assert store.patients() == []
        assert facts_of(store) == []
        with store.reading() as connection:
            assert not connection.execute(select(plays.c.id)).all()
            for table in (outbox_table, received):
                assert not connection.execute(select(table.c.id)).all(), table
    assert one.round().waiting == 0
    for store in (live.store, one.store):
        log = [path.read_bytes() for path in store.data_dir.glob("griptune.db*")]
        assert log
        assert not [content for content in log if patient.id.encode() in content]


# ---------------------------------------------------------------- songs


def test_songs_are_pulled_and_hidden_ones_go_again(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    folder = stations[0].store.data_dir / "songs"
    folder.mkdir()
    (folder / "own.mid").write_bytes(b"mine")
    songs = SharedSongs(live.store)
    songs.add(b"MThd one", 'Für "Elise" \\ <b>', "Ann")
    songs.add(b"MThd two", "Another", "Ann")
    stations[0].round()
    pulled = folder / "clinic"
    assert (pulled / "another.mid").read_bytes() == b"MThd two"
    assert (pulled / "fur-elise-b.toml").read_text(encoding="utf-8") == (
        'title = "Für \\"Elise\\" \\\\ <b>"\n'
    )
    songs.set_hidden("another", True)
    stations[0].round()
    assert sorted(p.name for p in pulled.iterdir()) == ["fur-elise-b.mid", "fur-elise-b.toml"]
    assert (folder / "own.mid").read_bytes() == b"mine"
    # Somebody spoilt the file: it is fetched again.
    (pulled / "fur-elise-b.mid").write_bytes(b"spoilt")
    stations[0].sync._tag = ""
    stations[0].round()
    assert (pulled / "fur-elise-b.mid").read_bytes() == b"MThd one"


@pytest.mark.parametrize(
    "key", ["../evil", "..", "/etc/evil", "a/b", "a\\b", "con", "x\ny", "A", "", "-x", ".evil"]
)
def test_no_name_from_a_server_becomes_a_path(
    live: LiveClinic, stations: list[LiveStation], key: str
) -> None:
    row = {
        "key": key,
        "title": "Evil",
        "digest": "0" * 64,
        "data": b"MThd",
        "hidden": False,
        "uploaded_by": "x",
        "uploaded_at": live.clock(),
    }
    with live.store.writing() as connection:
        connection.execute(insert(songs_shared), row)
    folder = stations[0].store.data_dir.parent

    def files() -> set[Path]:
        return {path for path in folder.rglob("*") if path.suffix in (".mid", ".toml", ".new")}

    before = files()
    stations[0].round()
    assert files() == before


# ---------------------------------------------------------------- pairing


def test_a_code_pairs_once_and_for_a_quarter_of_an_hour(live: LiveClinic) -> None:
    code = live.clinic.stations.invite("Window")
    assert pair(live.url, code.lower().replace("-", " ")).name == "Window"
    with pytest.raises(ClinicError, match="used already"):
        pair(live.url, code)
    old = live.clinic.stations.invite("Door")
    live.clock.go_on(minutes=16)
    with pytest.raises(ClinicError, match="quarter of an hour"):
        pair(live.url, old)


def test_who_guesses_codes_has_to_wait(live: LiveClinic) -> None:
    for n in range(20):
        with pytest.raises(ClinicError):
            pair(live.url, f"AAAA-BBBB-{n:04}")
    with pytest.raises(OfflineError, match="Too many"):
        pair(live.url, live.clinic.stations.invite("Window"))


def test_neither_code_nor_token_is_kept_at_the_server(live: LiveClinic) -> None:
    code = live.clinic.stations.invite("Window")
    token = pair(live.url, code).token
    content = b"".join(p.read_bytes() for p in live.store.data_dir.rglob("*") if p.is_file())
    assert token.encode() not in content
    assert code.encode() not in content


def test_a_pairing_is_kept_for_its_owner_alone(tmp_path, live: LiveClinic) -> None:
    pairing = pair(live.url, live.clinic.stations.invite("Window"))
    write_pairing(tmp_path, pairing)
    assert read_pairing(tmp_path) == pairing
    assert (tmp_path / "station.json").stat().st_mode & 0o077 == 0
    assert read_pairing(tmp_path / "elsewhere") is None


def test_the_certificate_is_pinned_and_another_one_is_not_believed(tmp_path) -> None:
    made = own_certificate(tmp_path / "one", ("127.0.0.1",), NOON)
    again = own_certificate(tmp_path / "one", ("127.0.0.1",), NOON + timedelta(days=1))
    assert again.fingerprint == made.fingerprint
    assert made.key.stat().st_mode & 0o077 == 0
    other = own_certificate(tmp_path / "two", ("127.0.0.1",), NOON)
    assert other.fingerprint != made.fingerprint
    moved = own_certificate(tmp_path / "one", ("127.0.0.1", "clinic.test"), NOON)
    assert moved.fingerprint != made.fingerprint  # made anew for another name


def test_pairing_over_tls_believes_the_shown_certificate_alone(tmp_path) -> None:
    from game.records.identifiers import utc_now

    made = own_certificate(tmp_path / "one", ("127.0.0.1",), utc_now())
    other = own_certificate(tmp_path / "two", ("127.0.0.1",), utc_now())
    with live_clinic(tmp_path / "server", certificate=made) as live:
        pinned, shown = certificate_to_pin(live.url, made.fingerprint.upper())
        assert shown == made.fingerprint
        pairing = pair(live.url, live.clinic.stations.invite("Window"), pinned)
        link = pairing.link()
        assert link.get("/sync/manifest")[0]["people"] == {}
        link.close()
        with pytest.raises(ClinicError, match="somebody may be in between"):
            certificate_to_pin(live.url, other.fingerprint)
        for wrong in ("", other.certificate.read_text()):
            wary = Link(live.url, pairing.token, wrong)
            with pytest.raises(OfflineError):
                wary.get("/sync/manifest")


@pytest.mark.parametrize(
    "url",
    [
        "clinic.test",
        "ftp://clinic.test",
        "http://192.168.1.4:8484",
        "https://",
        "https://x/path",
        "https://me:secret@x",
        "https://x:99999",
        "https://x?y",
        "http://[",
    ],
)
def test_a_server_is_named_by_https_or_is_this_machine(url: str) -> None:
    with pytest.raises(ClinicError):
        checked_url(url)


# ---------------------------------------------------------------- boards


def test_a_station_sees_the_boards_of_the_whole_clinic_and_its_own_patients_place(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    week_of_plays(one.store, count=3)
    me = with_a_history(other.store, "ANNA-1", seed=90)
    one.round(), other.round()
    answer = other.link.post("/sync/boards", {"me": me.id})
    effort = next(b for b in answer["boards"] if b["board"] == "effort")
    assert [row["name"] for row in effort["rows"] if row["me"]] == [me.shown_name]
    assert {row["name"] for row in effort["rows"]} > {me.shown_name}
    with pytest.raises(RefusedByServerError):
        other.link.post("/sync/boards", {"me": "ANNA-1"})


# ---------------------------------------------------------------- following


def test_following_sends_at_once_waits_while_the_server_is_gone_and_says_so(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    station = stations[0]
    patient = station.store.add_patient("ANNA-1")
    said: list[str] = []
    steps = iter(range(200))
    found, lost = station.sync._link, Link("http://127.0.0.1:9")
    at_server: list[int] = []

    def sleep(seconds: float) -> None:
        """Where the test turns: what happens between two looks."""
        n = next(steps)
        at_server.append(len(kept_plays(live.store)))
        if n == 3:
            station.store.save_play(play(1, patient_id=patient.id))
        if n == 10:
            station.sync._link = lost
            station.store.save_play(play(2, patient_id=patient.id))
        if n == 40:
            station.sync._link = found

    follow(
        station.store,
        station.sync,
        every_s=60.0,
        longest_wait_s=30.0,
        going_on=lambda: len(at_server) < 150,
        say=said.append,
        sleep=sleep,
    )
    assert at_server[3] == 0
    assert at_server[4] == 1  # at the next look
    assert at_server[39] == 1
    assert at_server[-1] == 2
    assert said[0].startswith("waiting: http://127.0.0.1:9 does not answer")
    assert said[1:] == ["the server is back"]


def test_the_outbox_takes_out_what_was_erased_before_it_was_sent(
    stations: list[LiveStation],
) -> None:
    station = stations[0]
    with_a_history(station.store)
    with station.store.writing() as connection:
        assert outbox.queue_new(connection, station.store.clock()) > 0
    station.store.erase_patient("ANNA-1")
    done = station.round()
    assert (done.sent, done.waiting) == (0, 0)
