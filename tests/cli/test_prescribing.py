"""``griptune patient prescribe``: plans by preset, by option, by file, and what is refused."""

from pathlib import Path

import pytest

from game.cli import main
from game.records.store import Store
from tests.cli.running import answer, griptune


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store.open(tmp_path) as store:
        store.add_patient("ANNA-1")
    return tmp_path


def prescribed(home: Path, *options: str) -> dict:
    return answer("patient", "prescribe", "ANNA-1", *options, "--data", home)["versions"][0]


def test_a_plan_begins_with_a_preset_and_is_changed_by_options(home):
    first = prescribed(home, "--preset", "early", "--author", "Dr. Ruiz")
    assert (first["version"], first["author"], first["rate_max"]) == (1, "Dr. Ruiz", 1.0)
    second = prescribed(
        home, "--grips", "ring:2,index", "--minutes", "20", "--hand", "left", "--lock"
    )
    assert (second["version"], second["minutes"], second["locked"]) == (2, 20, True)
    assert second["grips"] == {"index": 1.0, "ring": 2.0}
    assert second["rate_max"] == 1.0
    assert answer("patient", "show", "ANNA-1", "--data", home)["hand"] == "left"


def test_every_version_is_shown_on_request_and_a_person_can_read_it(home):
    prescribed(home, "--preset", "middle")
    prescribed(home, "--days", "3", "--tasks", "clothespin,coin-flips", "--note", "button a shirt")
    done = griptune("patient", "prescribe", "ANNA-1", "--history", "--data", home)
    assert done.returncode == 0
    assert "version 2" in done.stdout
    assert "version 1" in done.stdout
    for words in ("3 days a week", "clothespin, coin-flips", "button a shirt", "80% to hit"):
        assert words in done.stdout


def test_without_a_plan_it_says_how_to_begin(home):
    done = griptune("patient", "prescribe", "ANNA-1", "--data", home)
    assert "--preset middle" in done.stdout


def test_a_plan_can_be_handed_on_as_a_file(home, tmp_path):
    plan = tmp_path / "a plan.toml"
    plan.write_text(
        'hand = "left"\nminutes = 12\nstart = 2026-03-02\nreview = 2026-04-01\n[grips]\nkey = 1\n'
    )
    made = prescribed(home, "--file", str(plan))
    assert (made["hand"], made["minutes"], made["grips"]) == ("left", 12, {"key": 1.0})
    assert (made["start"], made["review"]) == ("2026-03-02", "2026-04-01")


def test_a_later_start_moves_the_review_along(home):
    made = prescribed(home, "--preset", "middle", "--start", "2026-06-01")
    assert (made["start"], made["review"]) == ("2026-06-01", "2026-07-27")
    moved = prescribed(home, "--start", "2026-08-03")
    assert (moved["start"], moved["review"]) == ("2026-08-03", "2026-09-28")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--preset", "heroic"], "no preset"),
        (["--preset", "early", "--file", "x.toml"], "not both"),
        (["--grips", "thumb"], "is no grip"),
        (["--grips", "index:lots"], "--grips is a list"),
        (["--minutes", "400"], "minutes"),
        (["--slowest", "2", "--fastest", "1"], "lowest rate"),
        (["--start", "2026-13-01"], "“first day” has to be a day such as 2026-03-02"),
        (["--modes", "none"], "“play”"),
        (["--file", "nowhere.toml"], "cannot be read"),
    ],
)
def test_what_cannot_be_prescribed_is_one_line(options, words, home, capsys):
    line = refused_here(capsys, "patient", "prescribe", "ANNA-1", *options, "--data", str(home))
    assert words in line
    with Store.open(home) as store:
        assert store.prescriptions("ANNA-1") == []


def test_a_play_stays_within_what_is_prescribed(home):
    prescribed(home, "--grips", "index,ring", "--early", "300", "--late", "300", "--fastest", "0.5")
    virtual = ("--headless", "--fast", "--seed", "1", "--glove", "virtual:steady?seed=1")
    made = answer("play", "ode-to-joy", "--patient", "ANNA-1", *virtual, "--data", home)
    assert {grip for grip, asked in made["presented"].items() if asked} == {"index", "ring"}
    assert made["window_ms"] == 300
    assert made["next"]["rate"] <= 0.5
    fixed = ("--window", "150")
    asked = answer("play", "ode-to-joy", "--patient", "ANNA-1", *virtual, *fixed, "--data", home)
    assert asked["window_ms"] == 150


def test_nobody_is_prescribed_to_who_is_not_there(home, capsys):
    begin = ("patient", "prescribe", "BELA-2", "--preset", "early", "--data", str(home))
    assert "BELA-2" in refused_here(capsys, *begin)


def refused_here(capsys, *arguments: str) -> str:
    """The refusal of the same command in this process, which is quicker than a process each."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    return line
