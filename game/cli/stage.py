"""Opening the game: the window first, then everything else while the loading screen shows."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firmware_bridge.errors import GloveError
from game.cli.common import UserError, bad_input_errors, cache_folder
from game.cli.crash import report
from game.cli.in_touch import InTouch
from game.cli.keeping import Keeper, now_here
from game.core.say import mark
from game.play.setup import PlayOptions

if TYPE_CHECKING:
    from game.music.song import Song
    from game.records.replays import Replay

NO_GLOVE = mark("No glove found. The keyboard plays.")


def open_game(
    data: Path,
    glove_spec: str,
    *,
    full_screen: bool,
    language: str | None = None,
    therapist: bool = False,
) -> None:
    """Open the game and run it until the person quits."""
    run_game(data, glove_spec, full_screen=full_screen, language=language, therapist=therapist)


def play_one_song(
    data: Path,
    song: str,
    patient: str | None,
    glove_spec: str,
    options: PlayOptions,
    tell: Callable[[dict[str, Any]], None],
) -> None:
    """Play one song in the window; ``tell`` gets the play's document."""
    run_game(data, glove_spec, full_screen=True, one_song=(song, patient, options), tell=tell)


def watch_replay(data: Path, replay: "Replay", *, full_screen: bool) -> None:
    """Show a play that is over, with its song if the library has it as it was."""
    from game.cli.replay import song_of

    song = song_of(data, replay.play)
    run_game(data, "keyboard", full_screen=full_screen, watch=(replay, song))


def run_game(
    data: Path,
    glove_spec: str,
    *,
    full_screen: bool,
    language: str | None = None,
    one_song: tuple[str, str | None, PlayOptions] | None = None,
    watch: "tuple[Replay, Song | None] | None" = None,
    ready: Callable[[], bool] | None = None,
    first_frame: Callable[[], None] | None = None,
    tell: Callable[[dict[str, Any]], None] | None = None,
    therapist: bool = False,
) -> None:
    """Run the game; with ``one_song`` (name, patient, options) that song, and ``tell`` of it;
    with ``watch`` (a replay, and its song if it is known) that play is shown.

    ``language`` is that of the screen, where it is not to be what the settings say.
    ``therapist``: one sits beside whoever plays.
    ``first_frame`` is called when the first frame is on the screen; ``ready`` when a song could be
    chosen, and ends the game there if it says so.
    """
    from game.cli.settings import read_settings
    from game.stage import palettes
    from game.stage.errors import StageError
    from game.stage.language import platform_languages
    from game.stage.window import close_window, draw_first_frame, open_window
    from game.words import best_language, use

    settings = read_settings(data)
    wanted = language or settings.display.language
    use(best_language([wanted] if wanted else platform_languages()))
    look = settings.look()
    palettes.use(settings.stage.palette)
    bindings = settings.input.bindings()
    try:
        surface = open_window(full_screen and settings.stage.full_screen)
    except StageError as error:
        raise UserError(str(error)) from error
    draw_first_frame(surface, look.scale)
    if first_frame is not None:
        first_frame()
    from game.stage.app import App  # brings numba along, which takes the better part of a second
    from game.stage.crash import show_crash

    opened: list[Keeper] = []
    in_touch = InTouch(data)

    def start(report: Callable[[float, str], None]) -> Any:
        services = _open_services(data, glove_spec, opened, report)
        in_touch.start(services.desk.clinic_boards)
        return services

    markers = _markers(settings.markers)
    app = App(
        surface,
        start,
        look,
        ready=ready,
        bindings=bindings,
        cues=settings.glove.cues,
        markers=markers,
        voice=_voice(settings.sound),
        menu_rules=settings.input.rules(),
        therapist=therapist,
    )
    try:
        app.run(one_song, watch)
        if one_song is not None:
            if app.last_outcome is None:
                raise UserError("the play was ended before its first target")
            from game.play.outcome import play_document

            if tell is not None:
                tell(play_document(app.last_outcome, app.last_play_id))
        for keeper in opened:
            keeper.wait_until_kept()
    except bad_input_errors():
        raise
    except Exception as error:
        told = report(error, data, now_here())
        show_crash(surface, look.scale)
        raise told from error
    finally:
        if markers is not None:
            markers.close()
        for keeper in opened:
            keeper.close()
        close_window()
        in_touch.stop()


def _voice(settings: Any) -> Any:
    """The platform's speech, if screens are to be read aloud, or None."""
    if not settings.speak:
        return None
    from game.stage.voice import Voice, find_speech

    return Voice(find_speech(), volume=settings.voice)


def _markers(settings: Any) -> Any:
    """The line for markers that the settings name, or None."""
    if not settings.port:
        return None
    from game.play.markers import Markers

    return Markers(settings.port, settings.baud)


def _open_services(
    data: Path,
    glove_spec: str,
    opened: list[Keeper],
    report: Callable[[float, str], None],
) -> Any:
    """Open records, songs, sound and glove, warming every kernel on the way."""
    from firmware_bridge.warm import warm_up as warm_bridge
    from game.core.judge import warm_up as warm_judge
    from game.music.sound import RenderWorker
    from game.stage.audio import AudioOut
    from game.stage.desk import Services

    report(0.05, mark("Opening your records"))
    keeper = Keeper.open(
        data,
        lambda done, total: report(0.05 + 0.25 * done / total, mark("Reading your songs")),
    )
    opened.append(keeper)
    renderer = RenderWorker(cache_folder(data) / "sound")
    renderer.start()
    report(0.3, mark("Warming up"))
    warm_judge()
    report(0.45, mark("Warming up"))
    warm_bridge()
    report(0.65, mark("Tuning the sound"))
    audio = AudioOut()
    audio.mixer.volumes(keeper.settings.sound.music, keeper.settings.sound.notes)
    audio.open()
    report(0.85, mark("Looking for the glove"))
    try:
        glove, notice = _find_glove(glove_spec)
    except BaseException:
        audio.close()
        renderer.close()
        raise
    keeper.begin_backup()
    report(1.0, mark("Ready"))
    return Services(
        keeper,
        glove,
        audio,
        renderer,
        notice,
        previews=keeper.settings.sound.preview,
        look_for_glove=_look_for_glove,
    )


def _look_for_glove() -> Any:
    """A glove that was plugged in since; None if there is none."""
    from game.cli.gloves import open_glove

    try:
        return open_glove("auto", seed=0)
    except GloveError:
        return None


def _find_glove(spec: str) -> tuple[Any, str]:
    """The glove, or the keyboard in its place with a word about it."""
    from game.cli.gloves import open_glove

    try:
        return open_glove(spec, seed=0), ""
    except GloveError:
        if spec != "auto":
            raise
        return open_glove("keyboard", seed=0), NO_GLOVE
