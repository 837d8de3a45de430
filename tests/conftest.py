"""What all tests share: no test touches the user's own data, and skips can be forbidden."""

import os
import signal

import pytest

pytest_plugins = ["tests.postgres", "tests.records.databases"]


@pytest.fixture(autouse=True)
def _own_data_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIPTUNE_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("GRIPTUNE_DATABASE", raising=False)


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start: a shell's background jobs ignore it, and
    whatever they start does too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the walls first, then everything else."""
    items.sort(key=lambda item: "test_walls" not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """What may run beside what with ``-n``; see :mod:`tests.side_by_side`."""
    from tests.side_by_side import SideBySide

    return SideBySide(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With GRIPTUNE_NO_SKIPS=1 (as in .ci/run) a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("GRIPTUNE_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
