"""``griptune play``: what it prints, that it is repeatable, and what it leaves behind."""

import os
import shutil

import pytest

from game.core import GRIPS
from game.music.library import bundled_folder
from tests.cli.running import answer, griptune

STEADY = "virtual:steady?seed=1&success=0.8"
FAST = ("--headless", "--fast")

LABELS = {grip.label for grip in GRIPS}


def play(*more: str, glove: str = STEADY, song: str = "ode-to-joy"):
    return answer("play", song, *FAST, "--glove", glove, *more)


def without_identity(document):
    return {name: value for name, value in document.items() if name != "play_id"}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    data = str(tmp_path_factory.mktemp("module-data"))
    return answer("play", "ode-to-joy", *FAST, "--glove", STEADY, "--seed", "1", GRIPTUNE_DATA=data)


def test_the_document_has_every_field_of_the_contract(document):
    assert set(document) >= {
        "song", "patient", "hand", "rate", "tempo", "window_ms", "targets", "hits", "misses",
        "missed", "near", "wrong", "extra", "counted", "presented", "hit", "repetitions",
        "asynchrony_ms", "dwell_ms", "score", "next", "play_id", "interrupted",
    }  # fmt: skip
    assert set(document["missed"]) == {"omission", "early", "late", "wrong_grip"}
    assert set(document["asynchrony_ms"]) == {"median", "sd"}
    assert set(document["dwell_ms"]) == {"median"}
    assert set(document["next"]) == {"rate", "tempo", "mix", "reason"}
    for name in ("presented", "hit", "repetitions"):
        assert set(document[name]) == LABELS
    assert sum(document["next"]["mix"].values()) == pytest.approx(1, abs=5e-6)  # six digits each


def test_the_sums_add_up(document):
    assert document["hits"] + document["misses"] == document["targets"] > 20
    assert sum(document["missed"].values()) == document["misses"]
    assert sum(document["presented"].values()) == document["targets"]
    assert sum(document["hit"].values()) == document["hits"]
    pressed = sum(document[name] for name in ("hits", "near", "wrong", "extra"))
    assert sum(document["repetitions"].values()) == pressed
    assert document["counted"] == document["hits"] + document["near"]
    assert 0.6 < document["hits"] / document["targets"] < 0.95
    assert 0 < document["score"] < 10_000


def test_the_same_seed_gives_the_same_play_and_another_seed_another(document):
    again = play("--seed", "1")
    assert without_identity(again) == without_identity(document)
    assert again["play_id"] != document["play_id"]
    assert without_identity(play("--seed", "2")) != without_identity(document)
    other_glove = "virtual:steady?seed=2&success=0.8"
    assert without_identity(play("--seed", "1", glove=other_glove)) != without_identity(document)


def test_a_comma_decimal_locale_changes_no_number(document):
    again = answer(
        "play", "ode-to-joy", *FAST, "--glove", STEADY, "--seed", "1", LC_ALL="de_DE.UTF-8"
    )
    assert without_identity(again) == without_identity(document)


@pytest.mark.parametrize("rate", ["0.1", "0.5", "1", "3"])
def test_a_fixed_rate_is_asked_from_beginning_to_end(rate):
    document = play("--rate", rate, "--seed", "3")
    assert document["rate"] == float(rate)
    # Tiers lie at most 15 % or one target apart, as far as the melody has notes.
    seconds = 108
    asked = document["targets"] / seconds
    assert asked <= float(rate) * 1.2 + 1 / seconds
    if float(rate) <= 1:
        assert asked >= float(rate) / 1.25 - 1 / seconds


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_what_is_printed_does_nothing_to_a_terminal(tmp_path):
    song = tmp_path / "red\x1b[31m\nline.mid"
    shutil.copy(bundled_folder() / "ode-to-joy.mid", song)
    done = griptune("play", song, *FAST, "--glove", STEADY, GRIPTUNE_DATA=str(tmp_path / "data"))
    assert done.stdout.splitlines()[0].endswith(" pinches counted in red�[31m line")


def test_a_perfect_hand_scores_ten_thousand_at_any_rate_and_tempo():
    perfect = "virtual:steady?success=1&jitter_ms=0"
    for more in (("--rate", "0.3"), ("--rate", "2", "--tempo", "1.5"), ("--tempo", "0.5")):
        document = play(*more, glove=perfect)
        assert document["hits"] == document["targets"]
        assert document["score"] >= 9_990, more  # the glove's own quantisation is some 0.1 ms


def test_a_patients_level_follows_from_song_to_song():
    assert griptune("patient", "add", "P1", "--nickname", "Blue Heron").returncode == 0
    patient = "virtual:patient?severity=moderate&seed=3"
    first = play("--patient", "p1", glove=patient)
    second = play("--patient", "P1", glove=patient)
    third = play("--patient", "P1", glove=patient)
    assert first["patient"] == "P1"
    assert second["rate"] == pytest.approx(first["next"]["rate"], rel=1e-4)
    assert third["rate"] == pytest.approx(second["next"]["rate"], rel=1e-4)
    shown = answer("patient", "show", "P1")
    assert shown["plays"] == 3
    assert shown["levels"] == [
        {
            "hand": "right",
            "input": "virtual",
            "rate": pytest.approx(third["next"]["rate"], rel=1e-3),
        }
    ]


def test_a_fixed_rate_never_changes_the_level():
    griptune("patient", "add", "P1")
    patient = "virtual:patient?severity=moderate&seed=3"
    before = play("--patient", "P1", glove=patient)
    play("--patient", "P1", "--rate", "3", glove=patient)
    after = play("--patient", "P1", glove=patient)
    assert after["rate"] == pytest.approx(before["next"]["rate"], rel=1e-4)


def test_a_script_says_exactly_what_was_pressed(tmp_path):
    chart = answer("songs", "chart", "ode-to-joy", "--rate", "0.3")["targets"]
    bits = {"index": 1, "middle": 2, "ring": 4, "little": 8, "key": 16}
    lines = []
    for target in chart[:10]:
        at_ms = target["time_s"] * 1000 + 20
        lines += [f"{at_ms:.0f} {bits[target['grip']]}", f"{at_ms + 100:.0f} 0"]
    script = tmp_path / "ten.txt"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    document = play("--rate", "0.3", glove=f"script:{script}")
    assert document["hits"] == 10
    assert document["missed"]["omission"] == document["targets"] - 10
    assert document["asynchrony_ms"]["median"] == pytest.approx(20, abs=1.5)
    assert document["dwell_ms"]["median"] == pytest.approx(100, abs=1.5)


def test_without_json_a_person_reads_the_effort_first():
    done = griptune("play", "ode-to-joy", *FAST, "--glove", STEADY)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split()[1:4] == ["pinches", "counted", "in"]
