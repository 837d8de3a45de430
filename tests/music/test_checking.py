import json
from pathlib import Path

from game.music.arranging import arrange
from game.music.checking import chart_document, check, explain
from game.music.reading import read_song
from tests.music import songs as made


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
