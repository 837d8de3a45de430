import json
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from game.music.arranging import arrange
from game.music.checking import chart_document, check, explain
from game.music.reading import read_song
from tests.music import songs as made
from tests.music.test_authored import chart_track


def test_a_good_file_is_described_as_promised(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    document = json.loads(json.dumps(check(path)))
    assert document["ok"] is True
    assert document["title"] == "Ode to joy"
    assert document["seconds"] == 64.0
    assert document["notes"] == 124 + 32 + 96 + 128
    assert document["melody"]["name"] == "Melody"
    assert document["melody"]["track"] == 4
    assert document["melody"]["notes"] == 124
    assert [tier["tier"] for tier in document["tiers"]] == list(
        range(1, len(document["tiers"]) + 1)
    )
    rates = [tier["targets_per_s"] for tier in document["tiers"]]
    assert rates == sorted(rates)
    text = "\n".join(explain(document))
    assert "Ode to joy" in text
    assert "“Melody”" in text


def test_a_bad_file_is_refused_in_the_same_form(tmp_path: Path) -> None:
    path = tmp_path / "bad.mid"
    path.write_bytes(b"no")
    document = check(path)
    assert document["ok"] is False
    assert document["tiers"] == []
    assert document["melody"] is None
    assert len(explain(document)) == len(document["problems"]) == 1


def test_the_chart_document_holds_every_target(tmp_path: Path) -> None:
    chart = arrange(read_song(made.ode(tmp_path / "ode.mid")))
    targets = json.loads(json.dumps(chart_document(chart)))["targets"]
    assert len(targets) == len(chart.targets)
    assert set(targets[0]) == {"time_s", "grip", "duration_s", "pitch", "tier", "phrase"}
    assert {target["grip"] for target in targets} == {"index", "middle", "ring", "little", "key"}
    assert targets[1]["time_s"] == chart.targets["time_us"][1] / 1e6


def test_what_was_understood_is_explained(tmp_path: Path) -> None:
    words = mido.MidiTrack(
        [mido.MetaMessage("lyrics", text=text, time=480) for text in ("Freu-", "de, ", "schö-")]
    )
    marks = mido.MidiTrack([mido.MetaMessage("marker", text="Verse")])
    chart = chart_track(*((4.0 * bar, 60, 127 if bar % 2 else 100) for bar in range(32)))
    tracks = [made.conductor(100), words, marks, chart, made.track(made.ODE, name="Melody")]
    path = made.save(tmp_path / "ode.mid", tracks)
    document = json.loads(json.dumps(check(path)))
    assert document["beat"] == {"per_minute": [100, 100], "per_bar": [4], "pickup": 0}
    assert document["sections"] == ["Verse"]
    assert document["lyrics"] == {"syllables": 3, "words": "Freu-de, schö-"}
    assert document["author_chart"] == {"targets": 32, "levels": [1, 2]}
    assert document["recording"] is None
    text = "\n".join(explain(document))
    for said in (
        "100 a minute, 4 in a bar",
        "sections: Verse",
        "3 syllables, “Freu-de, schö-",
        "chart: the author's, 32 targets on levels 1, 2",
    ):
        assert said in text


def test_a_recorded_song_without_a_melody_is_explained(tmp_path: Path) -> None:
    chart = chart_track(*((float(beat), 60 + beat % 5, 127) for beat in range(64)))
    path = made.save(tmp_path / "song.mid", [chart])
    soundfile.write(path.with_suffix(".wav"), np.zeros(44_100), 44_100)
    path.with_suffix(".toml").write_text("[audio]\noffset_s = 0.5\n")
    document = check(path)
    assert document["ok"] is True
    assert document["melody"] is None
    assert document["recording"] == {"file": "song.wav", "lead": None, "offset_s": 0.5}
    text = "\n".join(explain(document))
    assert "melody: none" in text
    assert "recording: song.wav, song time 0 at 0.5 s" in text


def test_a_recording_that_cannot_be_decoded_is_said(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    path.with_suffix(".ogg").write_bytes(b"no sound")
    document = check(path)
    assert document["ok"] is False
    assert "ode.ogg" in document["problems"][0]


@pytest.mark.parametrize(
    ("count", "says"),
    [(1, "1 note is never let go; it was ended"), (2, "2 notes are never let go; they were ended")],
)
def test_one_thing_is_not_many(tmp_path: Path, count: int, says: str) -> None:
    on = mido.Message("note_on", note=60, velocity=80)
    track = made.track(made.ODE_A, name="Melody")
    track += [on.copy(note=80 + i) for i in range(count)]
    document = check(made.save(tmp_path / "ode.mid", [track]))
    assert any(says in problem for problem in document["problems"])


def test_a_song_of_one_note_is_counted_so(tmp_path: Path) -> None:
    text = "\n".join(explain(check(made.melody_only(tmp_path / "one.mid", [(60, 4.0)]))))
    for said in ("1 note\n", "“Melody”, 1 note:", "; 1 phrase\n", "1 tier:", "(1 to 1 target)"):
        assert said in text
