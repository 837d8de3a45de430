"""The process that renders: real processes, killed for real."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from game.music.errors import MusicError
from game.music.sound import SAMPLE_RATE, RenderWorker, render
from tests.music.sound.songs import band, notes, song


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    with RenderWorker(tmp_path_factory.mktemp("cache")) as made:
        made.start()
        yield made


def test_a_song_comes_back_as_it_would_be_rendered_here(worker):
    made = band(5)
    job = worker.request(made, 0.9)
    stems = job.result()
    assert stems.whole.wait(60)
    here = render(made, 0.9)
    assert np.array_equal(stems.melody, here.melody)
    assert np.array_equal(stems.backing, here.backing)
    assert job.done
    assert job.progress == 1.0


def test_a_song_that_is_kept_needs_no_process(worker):
    made = band(5, seed=3)
    first = worker.request(made).result()
    with RenderWorker(worker.cache_dir) as another:
        again = another.request(made).result()
        assert another._process is None
    assert first.whole.wait(60)
    assert again.whole.wait(60)
    assert np.array_equal(again.melody, first.melody)


def test_what_is_kept_can_be_looked_for_without_rendering_anything(worker):
    made = band(5, seed=5)
    assert worker.kept(made) is None
    first = worker.request(made).result()
    assert worker.kept(made, 0.8) is None
    job = worker.kept(made)
    assert job is not None
    again = job.result()
    assert again.whole.wait(60)
    assert np.array_equal(again.melody, first.melody)


def test_looking_for_what_is_kept_calls_off_nothing(worker):
    made = band(5, seed=6)
    worker.request(made).result()
    other = worker.request(band(5, seed=7), ahead=True)
    assert worker.kept(made) is not None
    assert not other.cancelled
    other.result()


def test_a_kept_sound_that_was_cut_short_is_rendered_anew(worker):
    made = band(5, seed=4)
    first = worker.request(made).result()
    assert first.whole.wait(60)
    for kept in worker.cache_dir.glob("*.npy"):
        with kept.open("r+b") as file:
            file.truncate(5_000)
    again = worker.request(made).result()
    assert again.whole.wait(60)
    assert np.array_equal(again.melody, first.melody)


def test_asking_does_not_wait_and_songs_come_in_the_order_asked(worker):
    jobs = [worker.request(band(8, seed=10 + k)) for k in range(3)]
    assert not jobs[-1].done
    order, seen = [], [0.0] * 3
    until = time.perf_counter() + 60
    while len(order) < 3 and time.perf_counter() < until:
        for k, job in enumerate(jobs):
            assert job.progress >= seen[k]
            seen[k] = job.progress
            if job.done and k not in order:
                order.append(k)
        time.sleep(0.002)
    assert order == [0, 1, 2]


def test_a_song_that_cannot_be_rendered_fails_alone_in_one_sentence(worker):
    job = worker.request(song(notes((0, 1, 60)), 40 * 60, path="endless.mid"))
    with pytest.raises(MusicError, match=r"endless\.mid"):
        job.result()
    assert job.done
    assert len(worker.request(band(2, seed=4)).result()) > 0


def test_a_file_that_is_not_there_fails_in_one_sentence_that_names_it(worker, tmp_path):
    with pytest.raises(MusicError, match=r"nowhere\.mid") as caught:
        worker.request(tmp_path / "nowhere.mid").result()
    assert "\n" not in str(caught.value)


def test_a_file_is_read_in_the_process(worker):
    path = Path(__file__).parents[3] / "songs" / "amazing-grace.mid"
    stems = worker.request(path).result()
    assert stems.whole.wait(60)  # kept by a song of before, it is there with its first seconds
    assert np.abs(stems.melody).max() > 0.05


def test_a_crash_fails_the_song_at_hand_and_the_next_one_gets_a_new_process(tmp_path):
    with RenderWorker(tmp_path) as worker:
        worker.request(band(2)).result()
        killed = worker._process
        job = worker.request(band(120, seed=5))
        while job.progress == 0.0:
            time.sleep(0.001)
        killed.kill()
        with pytest.raises(MusicError, match="try again"):
            job.result(timeout_s=60)
        assert len(worker.request(band(2, seed=6)).result()) > 0


def test_what_is_called_off_before_it_began_is_not_rendered(tmp_path):
    with RenderWorker(tmp_path) as worker:
        first = worker.request(band(20, seed=7))
        second = worker.request(band(20, seed=8))
        second.cancel()
        third = worker.request(band(2, seed=9))
        third.result()
        first.result()
        with pytest.raises(MusicError, match="called off"):
            second.result()
        assert len(list(tmp_path.glob("*.npy"))) == 2


def test_what_is_called_off_half_way_is_given_up_at_once(tmp_path):
    with RenderWorker(tmp_path) as worker:
        worker.request(band(2)).result()
        long = worker.request(band(1_100, seed=13))
        while long.progress == 0.0:
            time.sleep(0.001)
        process = worker._process
        long.cancel()
        worker.request(band(2, seed=14)).result()
        assert worker._process is process
        with pytest.raises(MusicError, match="called off"):
            long.result()
        assert len(list(tmp_path.glob("*.npy"))) == 2, "it was rendered to its end"


def test_calling_off_what_is_done_changes_nothing(tmp_path):
    with RenderWorker(tmp_path) as worker:
        job = worker.request(band(2))
        stems = job.result()
        job.cancel()
        assert job.result() is stems
        assert len(worker.request(band(2, seed=15)).result()) > 0


def test_what_is_asked_for_ahead_gives_way_to_what_is_needed(tmp_path):
    with RenderWorker(tmp_path) as worker:
        worker.request(band(2)).result()
        ahead = worker.request(band(1_100, seed=16), ahead=True)
        while ahead.progress == 0.0:
            time.sleep(0.001)
        worker.request(band(2, seed=17)).result()
        with pytest.raises(MusicError, match="called off"):
            ahead.result()
        assert len(list(tmp_path.glob("*.npy"))) == 2, "it was rendered to its end"


def test_what_was_begun_ahead_goes_on_when_it_is_needed(tmp_path):
    with RenderWorker(tmp_path) as worker:
        worker.request(band(2)).result()
        made = band(60, seed=18)
        ahead = worker.request(made, ahead=True)
        needed = worker.request(made)
        assert needed is ahead
        other = worker.request(band(2, seed=19))  # ahead no longer: it does not give way
        assert len(needed.result()) > 60 * SAMPLE_RATE
        assert len(other.result()) > 0


def test_at_another_tempo_it_is_another_song(tmp_path):
    with RenderWorker(tmp_path) as worker:
        made = band(10, seed=20)
        ahead = worker.request(made, ahead=True)
        needed = worker.request(made, 0.5)
        assert needed is not ahead
        assert len(needed.result()) > 20 * SAMPLE_RATE


def test_closing_ends_the_process_and_fails_what_was_wanted(tmp_path):
    worker = RenderWorker(tmp_path)
    job = worker.request(band(60, seed=11))
    process = worker._process
    pid = process.pid
    worker.close()
    with pytest.raises(MusicError):
        job.result(timeout_s=5)
    with pytest.raises(MusicError, match="closing"):
        worker.request(band(2, seed=12)).result(timeout_s=5)
    if hasattr(os, "kill") and sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="a file cannot stand for a folder there")
def test_without_a_cache_the_sound_still_comes(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with RenderWorker(tmp_path / "file" / "cache") as worker:
        assert len(worker.request(band(2)).result()) > 0


def test_the_process_brings_neither_the_main_program_nor_pygame_along(tmp_path):
    main = tmp_path / "main.py"
    marker = tmp_path / "imported"
    main.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        f"if __name__ != '__main__': Path({str(marker)!r}).write_text('again')\n"
        "else:\n"
        "    from game.music.sound import RenderWorker\n"
        "    from tests.music.sound.songs import band\n"
        f"    with RenderWorker(Path({str(tmp_path / 'cache')!r})) as worker:\n"
        "        print(len(worker.request(band(2)).result()) > 0, __file__ == sys.argv[0])\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(main)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert done.stdout.split() == ["True", "True"]
    assert done.stderr == ""
    assert not marker.exists()
