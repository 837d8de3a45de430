"""What the helper at home and ``griptune patient change`` do with patients and their plans."""

import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from game.cli import main
from game.cli.daily_backup import DailyBackup
from game.cli.helping import Helping, change_patient, removable_drives, show_folder
from game.core.grips import GRIPS, Grip
from game.records.errors import RecordsError
from game.records.patients import Patient
from game.records.store import Store
from game.therapy.prescription import Prescription, preset
from tests.cli.running import answer, refusal
from tests.records.examples import open_store, play

DAY = date(2026, 3, 2)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "home") as store:
        store.add_patient("ANNA-1", nickname="Blue Heron")
    return tmp_path / "home"


def helping(store: Store) -> Helping:
    return Helping(store.data_dir, store, DailyBackup(store))


def test_a_patient_is_changed_by_a_command(home):
    changed = ["--nickname", "Red Fox", "--hand", "left", "--board", "--picture", "fox"]
    assert answer("patient", "change", "anna-1", *changed, "--data", home) == {
        "code": "ANNA-1",
        "nickname": "Red Fox",
        "hand": "left",
        "board": True,
        "glove_size": None,
    }
    with Store.open(home) as store:
        assert store.patient("ANNA-1").picture == "fox"


def test_glove_size_and_pin_are_set_by_a_command(home):
    answer("patient", "change", "anna-1", "--glove-size", "m", "--pin", "0417", "--data", home)
    with Store.open(home) as store:
        assert store.patient("ANNA-1").glove_size == "M"
        assert not store.pin_fits("ANNA-1", "0418")
    answer("patient", "change", "anna-1", "--no-pin", "--data", home)
    with Store.open(home) as store:
        assert store.patient("ANNA-1").glove_size == "M"
        assert not store.has_pin("ANNA-1")


def test_what_is_not_given_stays(home, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["patient", "change", "ANNA-1", "--board", "--data", str(home)])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said == "ANNA-1 is Blue Heron (heron), right hand, on the boards.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ANNA-1"], "nothing to change"),
        (["ANNA-1", "--pin", "12"], "4 digits"),
        (["ANNA-1", "--pin", "0417", "--no-pin"], "not both"),
        (["ANNA-1", "--glove-size", "XL"], "S, M, L"),
        (["NOBODY", "--board"], "no patient"),
        (["ANNA-1", "--hand", "middle"], "a hand is"),
        (["ANNA-1", "--picture", "unicorn"], "no picture"),
        (["ANNA-1", "--nickname", "x" * 40], "cannot be a nickname"),
    ],
)
def test_a_wrong_change_is_one_line(home, arguments, words):
    assert words in refusal("patient", "change", *arguments, "--data", home)


def test_nothing_is_changed_where_one_thing_is_wrong(home):
    with Store.open(home) as store:
        before = store.patient("ANNA-1")
        with pytest.raises(RecordsError):
            change_patient(store, "ANNA-1", author="x", nickname="Red Fox", hand="third")
        assert store.patient("ANNA-1") == before


def test_the_plan_follows_the_hand(home):
    with Store.open(home) as store:
        store.prescribe("ANNA-1", preset("early", DAY, "right"), "therapist")
        change_patient(store, "ANNA-1", author="helper at home", hand="left")
        kept = store.prescription("ANNA-1")
        assert kept is not None
        assert (kept.version, kept.author, kept.prescription.hand) == (2, "helper at home", "left")
        assert kept.prescription.minutes == preset("early", DAY).minutes
        assert store.patient("ANNA-1").hand == "left"


def test_codes_are_made_up_that_nobody_has(home):
    with Store.open(home) as store:
        desk = helping(store)
        codes = []
        for _ in range(3):
            codes.append(desk.new_code())
            assert isinstance(desk.add(codes[-1], None, None), Patient)
        assert codes == ["P2", "P3", "P4"]
        store.erase_patient("P2")
        assert desk.new_code() == "P5"


def test_grips_are_asked_as_a_new_version_of_the_plan(home):
    with Store.open(home) as store:
        desk = helping(store)
        assert desk.grips("ANNA-1") == (tuple(GRIPS), 0)
        desk.ask_grips("ANNA-1", [Grip.INDEX, Grip.KEY], 0)
        assert desk.grips("ANNA-1") == ((Grip.INDEX, Grip.KEY), 1)
        kept = store.prescription("ANNA-1")
        assert kept is not None
        assert kept.author == "helper at home"
        # Nothing else is prescribed by it: the rest is what holds without a plan.
        plain = Prescription(start=kept.prescription.start, review=kept.prescription.review)
        assert kept.prescription.model_dump(exclude={"grips"}) == plain.model_dump(
            exclude={"grips"}
        )


def test_weights_that_a_therapist_gave_stay(home):
    with Store.open(home) as store:
        plan = Prescription(
            grips={"index": 3, "ring": 1}, start=DAY, review=date(2026, 4, 1), locked=True
        )
        store.prescribe("ANNA-1", plan, "therapist")
        helping(store).ask_grips("ANNA-1", [Grip.INDEX, Grip.MIDDLE], 1)
        kept = store.prescription("ANNA-1")
        assert kept is not None
        assert kept.prescription.grips == {"index": 3, "middle": 1}
        assert kept.prescription.locked


def test_of_two_who_change_a_plan_the_second_is_told(home):
    with Store.open(home) as store:
        desk = helping(store)
        _, seen = desk.grips("ANNA-1")
        store.prescribe("ANNA-1", preset("early", DAY), "therapist")
        with pytest.raises(RecordsError, match="changed meanwhile"):
            desk.ask_grips("ANNA-1", [Grip.INDEX], seen)
        assert desk.grips("ANNA-1") == (tuple(GRIPS), 1)


def test_a_backup_is_written_into_the_data_folder_or_onto_a_drive(home, tmp_path):
    drive = tmp_path / "stick"
    drive.mkdir()
    with Store.open(home) as store:
        desk = helping(store)
        assert desk.last_backup() is None
        assert desk.back_up().parent == home / "backups"
        assert desk.last_backup() is not None
        assert desk.back_up(drive).parent == drive
        drive.rename(tmp_path / "gone")
        with pytest.raises(RecordsError, match="no folder"):
            desk.back_up(drive)


def test_todays_backup_is_made_by_itself_and_once(tmp_path):
    with open_store(tmp_path) as store:
        store.add_patient("P1")
        backups = tmp_path / "backups"
        for _ in range(2):
            daily = DailyBackup(store)
            daily.begin(DAY, after_s=0)
            daily.wait()
            assert daily.trouble is None
            assert [p.name for p in backups.iterdir()] == [f"griptune-{DAY}.db"]


def test_a_server_that_stays_makes_a_backup_on_every_day(tmp_path):
    days = [DAY]
    with open_store(tmp_path) as store:
        store.add_patient("P1")
        daily = DailyBackup(store)
        daily.every_day(lambda: days[-1], after_s=0, look_every_s=0.01)
        for _ in range(3):
            made = tmp_path / "backups" / f"griptune-{days[-1]}.db"
            end = time.monotonic() + 30
            while not made.exists():
                assert time.monotonic() < end
                time.sleep(0.01)
            days.append(days[-1] + timedelta(days=1))
        daily.close()
        daily.wait()
        assert daily.trouble is None


def test_who_quits_at_once_waits_for_nothing_and_leaves_nothing_half(tmp_path):
    with open_store(tmp_path) as store:
        store.add_patient("P1")
        daily = DailyBackup(store)
        daily.begin(DAY, after_s=60)
        began = time.perf_counter()
        daily.close()
        assert time.perf_counter() - began < 1
        assert not (tmp_path / "backups").exists()


def test_copying_that_is_stopped_leaves_no_file(tmp_path, monkeypatch):
    with open_store(tmp_path) as store:
        store.add_patient("P1")
        for seed in range(3):
            store.save_play(play(seed))
        daily = DailyBackup(store)
        monkeypatch.setattr("game.records.backup._PAGES", 1)
        go_on = daily._go_on

        def stop_in_the_middle(share: float) -> None:
            if share > 0.3:
                daily._stop.set()
            go_on(share)

        monkeypatch.setattr(daily, "_go_on", stop_in_the_middle)
        daily.begin(DAY, after_s=0)
        daily.wait()
        assert daily.trouble is None
        assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_that_fails_is_told_and_stops_nobody(tmp_path):
    with open_store(tmp_path) as store:
        store.add_patient("P1")
        (tmp_path / "backups").write_text("in the way")
        daily = DailyBackup(store)
        daily.begin(DAY, after_s=0)
        daily.wait()
        assert "cannot be opened" in (daily.trouble or "")
        assert helping(store).backup_trouble is None  # that of another keeper is not ours
        assert Helping(tmp_path, store, daily).backup_trouble == daily.trouble


@pytest.mark.parametrize(
    ("system", "folder"),
    [("linux", "media/me/STICK"), ("linux", "run/media/me/STICK"), ("darwin", "Volumes/STICK")],
)
def test_drives_are_found_where_the_system_mounts_them(tmp_path, monkeypatch, system, folder):
    monkeypatch.setenv("USER", "me")
    assert removable_drives(system, tmp_path) == []
    (tmp_path / folder).mkdir(parents=True)
    assert removable_drives(system, tmp_path) == [tmp_path / folder]


def test_a_folder_is_shown_by_the_platforms_own_program(tmp_path, monkeypatch):
    told = tmp_path / "told"
    opener = tmp_path / "xdg-open"
    opener.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(told)!r}, 'w').write(sys.argv[1])"
    )
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert show_folder(tmp_path / "songs", "linux")
    for _ in range(100):
        if told.exists() and told.read_text():
            break
        time.sleep(0.05)
    assert told.read_text() == str(tmp_path / "songs")


def test_without_such_a_program_it_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not show_folder(tmp_path, "linux")
    assert not show_folder(tmp_path, "darwin")


def test_a_stuck_disk_keeps_nobody_from_quitting(tmp_path, monkeypatch):
    """Whatever the backup is at, two seconds are the most that it may cost."""
    stuck = threading.Event()
    monkeypatch.setattr(
        "game.cli.daily_backup.keep_backups", lambda *args, **options: stuck.wait(30)
    )
    with open_store(tmp_path) as store:
        daily = DailyBackup(store)
        daily.begin(DAY, after_s=0)
        began = time.perf_counter()
        daily.close()
        assert time.perf_counter() - began < 2.5
        stuck.set()
        daily.wait()
