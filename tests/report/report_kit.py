"""Documents to print: a rich one, an empty one and a hostile one."""

from datetime import UTC, date, datetime, timedelta

from facilitator.model.document import Document
from facilitator.model.records import (
    Evidence,
    Fix,
    FollowUp,
    Incident,
    Moment,
    Parked,
    Person,
    Series,
    Waiver,
    Why,
)

ZONE = "Pacific/Auckland"
AT = datetime(2026, 6, 19, 21, 40, tzinfo=UTC)
HEAD = (214, "7c" * 32)
HOSTILE = (
    "<b>unfinished <i>crossed</b></i>",
    '<img src="file:///etc/passwd">',
    '<img src="/etc/passwd" width="10"/>',
    "fish & chips &amp; &#38; &lt;",
    "type List<String> here",
    '<a href="javascript:alert(1)">x</a>',
    "<font name='Helvetica' color='nocolour'>z</font>",
    "<para><br/></para>",
    "Ōtautahi Māori ā ē ī ō ū",
    "Ошибка платежа · ελληνικά",
    "smile 😀 and あ",
    "{braces} %s %d \\n $x ]]> <!-- -->",
)


def utc(hour, minute, day=18):
    """A time of day in Auckland (NZST) as UTC."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=12)


def moment(number, text, lane, at, key="", **more):
    """A moment with a number for its id."""
    return Moment(f"m{number:02}", text, lane, at, key=key, **more)


def rich():
    """A meeting that went well: everything is filled in."""
    return Document(
        [
            *_incident(),
            *_people(),
            *_moments(),
            *_whys(),
            *_outcome(),
        ]
    )


def _incident():
    yield Incident(
        "i1",
        "First-time patients could not book appointments for 2 h 54 min",
        created_at=utc(22, 0),
        severity="P1",
        organisation="Ōtautahi Health",
        zone=ZONE,
        started_at=utc(18, 14),
        resolved_at=utc(21, 8),
        meeting_at=utc(9, 0, day=19),
        impact="People with no earlier appointments met an error page and could not book. "
        "Some rang the clinic instead; others gave up.",
        services="Booking page, booking service",
        users_affected=2340,
        users_total=45000,
        users_word="patients",
        support_calls=17,
        summary="A change released on Thursday evening stopped the booking page for people with "
        "no earlier appointments. Everyone else could book. A corrected version was released at "
        "21:08 and booking returned to normal.",
        why_allowed="Testing specialists were not part of agreeing what the feature had to "
        "handle, so the case of a patient with no history was neither written down nor tested.",
        went_well="The corrected version went out twelve minutes after it was ready. Support told "
        "callers the same sentence from the first call on.",
        was_hard="The dashboard shows one error rate for all patients, so a fault that only new "
        "patients meet looks like noise.",
        level="scope",
        other_levels=("execution", "operation"),
        label="scenario-gap",
        sample=True,
    )


def _people():
    for n, (name, role, title) in enumerate(
        (
            ("Marama Whetū", "facilitator", "QA lead"),
            ("Tāne Rangi", "tech-lead", ""),
            ("Ines Okafor", "on-call", ""),
            ("Sol Petrov", "product-owner", ""),
            ("Wiremu Hale", "participant", "support lead"),
        )
    ):
        yield Person(f"p{n}", name, role, title, rank=float(n))
    yield Person("p9", "Dana Ruiz", "leadership", "chief executive", False, True, 9.0)


def _moments():
    yield moment(1, "Request that removed a check for missing history was merged", "change",
                 utc(12, 0, day=14), "merged", precision="date", provenance="recorded",
                 source="merges.csv", line=12, original="2026-06-14,merge,#4821 tidy booking",
                 digest="ab" * 32)  # fmt: skip
    yield moment(2, "Release 26.24 went live", "change", utc(18, 10), "deployed",
                 provenance="recorded", source="merges.csv", line=13,
                 original="2026-06-18T18:10,deploy,26.24", digest="ab" * 32)  # fmt: skip
    yield moment(3, "First error page for a patient with no history", "impact", utc(18, 14),
                 "impact_began", provenance="recorded")  # fmt: skip
    yield moment(4, "First call to support: “the page says something went wrong”",
                 "communication", utc(18, 22))  # fmt: skip
    yield moment(5, "Error rate of the booking page passed 2 %", "signal", utc(18, 31),
                 "system_knew", provenance="recorded")  # fmt: skip
    yield moment(6, "Ines read the alert and opened the dashboard", "signal", utc(18, 37),
                 "person_knew")  # fmt: skip
    yield moment(7, "Looked for a database problem: none found", "action", utc(18, 45),
                 until=utc(19, 20), precision="about")  # fmt: skip
    yield moment(8, "Support asked callers to ring the clinic", "communication", utc(19, 5))
    yield moment(9, "Fault reproduced with a new test patient", "action", utc(19, 48))
    yield moment(10, "Notice on the status page", "communication", utc(19, 55),
                 provenance="recorded")  # fmt: skip
    yield moment(11, "Corrected version built and reviewed", "change", utc(20, 51))
    yield moment(12, "Corrected version live, booking back to normal", "change", utc(21, 8),
                 "resolved", provenance="recorded")  # fmt: skip
    yield moment(13, "Chief executive was told", "communication", None)
    start = utc(18, 0).timestamp()
    values = [0.1, 0.1, 0.2, 0.9, 1.6, 2.4, 3.1, 3.3, 3.2, 3.4, 3.1, 2.9, 3.0, 3.2, 3.1, 2.8,
              2.9, 3.0, 2.7, 0.3, 0.1, 0.1]  # fmt: skip
    points = tuple((start + 600 * n, v) for n, v in enumerate(values))
    yield Series("s1", "Error rate", "%", points, "errors.csv", "cd" * 32)


def _whys():
    yield Why("w0", "Patients with no history met an error page instead of free appointments")
    yield Why("w1", "The booking page assumed that every patient has a history", "w0", 1.0,
              "execution")  # fmt: skip
    yield Why("w2", "No test had a patient with no history", "w1", 1.0, "execution")
    yield Why("w3", "The story named no case with empty data", "w2", 1.0, "scope")
    yield Why("w4", "Testing is not part of refining stories, so nobody asks for edge cases",
              "w3", 1.0, "scope", True)  # fmt: skip
    yield Why("w5", "The change was reviewed in the last hours before the freeze", "w1", 2.0,
              "operation")  # fmt: skip
    yield Why("w6", "The freeze has no rule for late changes", "w5", 1.0, "operation")
    yield Why("w7", "It took 23 minutes until a person knew", "w0", 2.0, "operation")
    yield Why("w8", "The alert looks at all patients together", "w7", 1.0, "operation")
    for n, (why, about) in enumerate(
        (("w1", 3), ("w1", 9), ("w2", 9), ("w5", 1), ("w5", 2), ("w7", 5), ("w7", 6))
    ):
        yield Evidence(f"e{n}", why, f"m{about:02}")


def _outcome():
    yield Fix("fix", "Every story names its edge cases before work starts", "brief-template",
              "story template, section “Edge cases”", "product owner", "tech lead",
              date(2026, 6, 26), "no bug of this kind reaches patients in the next release",
              "QA-311", "w4")  # fmt: skip
    yield FollowUp("f1", "Test data and scenarios for first-time patients", "test-design",
                   "QA lead", "development", date(2026, 6, 22), check="the suite has a patient "
                   "with no history in each flow", ticket="QA-312", rank=1.0)  # fmt: skip
    yield FollowUp("f2", "A second reviewer for changes made within 24 hours of a freeze",
                   "process-refinement", "tech lead", "", date(2026, 6, 19), rank=2.0)  # fmt: skip
    yield FollowUp("f3", "An alert of its own for first-time patients", "metric-target", rank=3.0)
    yield Parked("k1", "Should the status page be written by support?", "detection", rank=1.0)
    yield Parked("k2", "The freeze calendar is hard to find", "whys", destination="next", rank=2.0)
    yield Waiver("v1", "absolute", "It is the patient's own sentence", "m04", "text", "00" * 32)


def empty():
    """An incident that somebody has only just begun."""
    return Document([Incident("i2", "Untitled", created_at=utc(9, 0))])


def hostile(length=100_000):
    """Every field full of what breaks careless programs, and one text as long as can be."""
    texts = iter(HOSTILE * 20)
    long_words = "Ōtautahi & <b>x</b> " * (length // 20)
    return Document(
        [
            Incident("i3", next(texts), created_at=utc(9, 0), severity="P0", zone=ZONE,
                     started_at=utc(18, 14), organisation=next(texts), impact=next(texts),
                     services=next(texts), summary=long_words, users_affected=0, users_total=0,
                     users_word=next(texts), support_calls=0, why_allowed=next(texts),
                     went_well=next(texts), was_hard="x" * length, reason=next(texts),
                     not_reached=next(texts)),
            *(Person(f"p{n}", f"<b>Nomen{n}</b>&", "tech-lead", text)
              for n, text in enumerate(HOSTILE)),
            *(Moment(f"m{n}", text, "signal", utc(18, n), source=text, original=text)
              for n, text in enumerate(HOSTILE)),
            Moment("ml", "y" * length, "impact", utc(18, 30)),
            Moment("mn", "a\n" * 2000, "impact", None),
            Series("s", next(texts), next(texts), ((0.0, 1.0), (9e9, 2.0)), next(texts)),
            Why("w0", next(texts)),
            *(Why(f"w{n + 1}", HOSTILE[n % 12], f"w{n}") for n in range(30)),
            Why("wl", "deep and long " * (length // 14), "w30", root_cause=True),
            Evidence("e1", "wl", "ml"),
            Fix("fix", next(texts), "other", next(texts), next(texts), next(texts), None,
                next(texts), next(texts)),
            *(FollowUp(f"f{n}", t, owner=t, helpers=t, check=t, ticket=t)
              for n, t in enumerate(HOSTILE)),
            *(Parked(f"k{n}", t) for n, t in enumerate(HOSTILE)),
            *(Waiver(f"v{n}", t, t) for n, t in enumerate(HOSTILE)),
        ]
    )  # fmt: skip
