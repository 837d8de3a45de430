"""The plan as a calendar file (iCalendar, RFC 5545), for the telephone of whoever practises.

Written by hand: three events need no library, and nothing is read. The words say nothing of a
diagnosis, and no name or code is in it: calendars are shared in families and at work.
"""

from datetime import UTC, date, datetime, time, timedelta

from game.therapy.prescription import Prescription

#: The days that a number of days a week falls on: with rests between them, and Sunday free.
_WEEKDAYS: dict[int, tuple[int, ...]] = {
    1: (2,),
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

#: A content line is folded after so many octets (RFC 5545, 3.1).
_LONGEST_LINE = 75


def plan_ics(
    plan: Prescription,
    *,
    uid: str,
    now: datetime,
    at: time = time(10, 0),
    summary: str = "Hand practice",
    review: str = "Look at the plan again",
) -> str:
    """The calendar of ``plan``: practice on its days until the review, and the review itself.

    ``uid`` tells this plan from others and says nothing of the patient; ``now`` is an aware time.
    Practice begins ``at`` this time of the day wherever the reader is (a floating time). Taken in
    a second time, the file replaces the first.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    weekdays = _WEEKDAYS[plan.days]
    first = plan.start
    while first.weekday() not in weekdays:
        first += timedelta(days=1)
    begins = datetime.combine(first, at)
    last = plan.review - timedelta(days=1)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Griptune//Plan//EN"]
    if first <= last:
        days = ",".join(_NAMES[weekday] for weekday in weekdays)
        until = datetime.combine(last, time(23, 59, 59))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}-practice@griptune",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{begins:%Y%m%dT%H%M%S}",
            f"DURATION:PT{plan.minutes}M",
            f"RRULE:FREQ=WEEKLY;BYDAY={days};UNTIL={until:%Y%m%dT%H%M%S}",
            f"SUMMARY:{_escaped(summary)}",
            "END:VEVENT",
        ]
    lines += [
        "BEGIN:VEVENT",
        f"UID:{uid}-review@griptune",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{_day(plan.review)}",
        f"DTEND;VALUE=DATE:{_day(plan.review + timedelta(days=1))}",
        f"SUMMARY:{_escaped(review)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _escaped(text: str) -> str:
    for letter in ("\\", ";", ","):
        text = text.replace(letter, "\\" + letter)
    return " ".join(text.split("\n"))


def _folded(line: str) -> str:
    """``line`` in pieces of at most 75 octets, none of them ending within a letter."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode("utf-8")
        # Every piece but the first begins with a space.
        if len(piece) + len(octets) > _LONGEST_LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece = b""
        piece += octets
    return "\r\n ".join(part.decode("utf-8") for part in (*pieces, piece))
