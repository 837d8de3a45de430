"""The same commands with records in PostgreSQL: named by the environment or by the settings."""

from pathlib import Path

from game.records.store import FILE_NAME, Store
from tests.cli.running import answer, griptune, refusal


def test_a_song_is_played_into_a_database_and_taken_home_in_a_backup(
    tmp_path: Path, postgres_url: str
) -> None:
    station, other, home = tmp_path / "station", tmp_path / "other", tmp_path / "home"
    database = {"GRIPTUNE_DATABASE": postgres_url}
    assert griptune("patient", "add", "ANNA-1", "--data", station, **database).returncode == 0
    play = ["play", "frere-jacques", "--patient", "ANNA-1", "--headless", "--fast"]
    glove = ["--glove", "virtual:steady?seed=3"]
    played = answer(*play, *glove, "--data", station, **database)
    assert not (station / FILE_NAME).exists()

    other.mkdir()
    settings = f'[records]\nurl = "{postgres_url}"\n'
    (other / "settings.toml").write_text(settings, encoding="utf-8")
    shown = answer("patient", "show", "ANNA-1", "--data", other, GRIPTUNE_DATABASE=None)
    assert shown["plays"] == 1
    assert shown["counted"] == played["counted"]

    backup = tmp_path / "safe.db"
    assert answer("backup", backup, "--data", other)["tables"]["plays"] == 1
    assert griptune("restore", backup, "--data", home).returncode == 0
    with Store.open(home) as store:
        assert [p.id for p in store.plays("ANNA-1")] == [played["play_id"]]


def test_a_database_that_cannot_be_is_refused_in_one_line(tmp_path: Path) -> None:
    for url, said in (
        ("mysql://kim:secret@host/griptune", "postgresql://user@host/name"),
        ("postgresql://kim:secret@127.0.0.1:1/griptune", "cannot be reached"),
    ):
        line = refusal("patient", "list", "--data", tmp_path, GRIPTUNE_DATABASE=url)
        assert said in line
        assert "secret" not in line
