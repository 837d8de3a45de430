"""Which assessments are due: as prescribed, never on the first day, and not too often."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from game.therapy.assessment.charts import AssessmentKind
from game.therapy.prescription import Assessment, Prescription

#: Two as early as may be, so that there is something to compare with; then every so many days, and
#: in the last week before the review. Defaults of ours.
EVERY = timedelta(days=14)
BEFORE_REVIEW = timedelta(days=7)
_FIRST_FEW = 2

_TESTS: dict[Assessment, tuple[AssessmentKind, ...]] = {
    Assessment.SPEED: (AssessmentKind.SPEED,),
    Assessment.DEXTERITY: (AssessmentKind.DEXTERITY,),
    Assessment.TAPPING: (AssessmentKind.TAPPING, AssessmentKind.PACED_TAPPING),
}


def due(
    plan: Prescription,
    first_day: date | None,
    given: Mapping[AssessmentKind, Sequence[date]],
    today: date,
) -> tuple[AssessmentKind, ...]:
    """The tests that are due ``today``, in the order they are given.

    ``first_day`` is the first day on which this hand played (None: it has not yet); ``given`` are
    the days on which each test was taken by this hand and kind of input. Never on the first day,
    and no test twice on one day.
    """
    if first_day is None or today <= first_day:
        return ()
    found = []
    for assessment in plan.assessments:
        for test in _TESTS[assessment]:
            if _is_due(sorted(given.get(test, ())), plan.review, today):
                found.append(test)
    return tuple(found)


def _is_due(days: Sequence[date], review: date, today: date) -> bool:
    if days and days[-1] >= today:
        return False
    if len(days) < _FIRST_FEW or today - days[-1] >= EVERY:
        return True
    last_week = review - BEFORE_REVIEW
    return today >= last_week > days[-1]
