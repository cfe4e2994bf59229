"""The stories that the demo's partners tell: what two years look like, and the tier each earns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Year:
    """Gross sales of a year in whole units, and cloud's part of them in percent: from, to."""

    gross: tuple[int, int]
    cloud: tuple[int, int] = (40, 90)


@dataclass(frozen=True, kw_only=True)
class Story:
    """Partners alike: how many, what happens, and the tiers they hold in the two reviews.

    Everything that is not said is in order. Pairs speak of the earlier and the later review:
    `bounty` whether the large apps take part in the bug bounty program, `slowest` the hours of
    the slowest answer to an escalation (None: no escalation).
    """

    title: str
    count: int
    tiers: tuple[str, str]
    years: tuple[Year, Year]
    bounty: tuple[bool, bool] = (True, True)
    slowest: tuple[int | None, int | None] = (None, 9)
    payment: str = "paid-via-atlassian"
    is_new: bool = False  # joined in the second year
    has_time_zone: bool = True
    has_small_app_outside: bool = False
    has_app_paid_elsewhere: bool = False
    has_low_award: bool = False
    has_award_of_unknown_severity: bool = False
    server: str = ""  # a server app with many installs: approved or unapproved


NOTHING = Year(gross=(0, 0))
LITTLE = Year(gross=(800, 60_000))
SILVER = Year(gross=(110_000, 440_000))
GOLD = Year(gross=(560_000, 940_000))
PLATINUM = Year(gross=(1_100_000, 2_600_000))

STORIES = (
    Story(title="Platinum", count=9, tiers=("platinum", "platinum"), years=(PLATINUM, PLATINUM)),
    Story(
        title="Platinum by $2M of cloud sales, too little a share for Silver",
        count=1,
        tiers=("platinum", "platinum"),
        years=(
            Year(gross=(17_000_000, 18_000_000), cloud=(13, 14)),
            Year(gross=(18_000_000, 19_000_000), cloud=(13, 14)),
        ),
    ),
    Story(
        title="Gold by $3M of sales, not Silver for want of cloud",
        count=3,
        tiers=("gold", "gold"),
        years=(
            Year(gross=(3_000_000, 3_300_000), cloud=(4, 6)),
            Year(gross=(3_100_000, 3_600_000), cloud=(4, 6)),
        ),
    ),
    Story(title="Gold", count=14, tiers=("gold", "gold"), years=(GOLD, GOLD)),
    Story(title="Silver", count=34, tiers=("silver", "silver"), years=(SILVER, SILVER)),
    Story(title="Partner", count=86, tiers=("partner", "partner"), years=(LITTLE, LITTLE)),
    Story(
        title="Partner with a server app that is approved for Data Center",
        count=6,
        tiers=("silver", "silver"),
        years=(SILVER, SILVER),
        server="approved",
    ),
    Story(
        title="free apps only",
        count=16,
        tiers=("none", "none"),
        years=(NOTHING, NOTHING),
        payment="free",
        bounty=(False, False),
    ),
    Story(
        title="paid via the partner only",
        count=4,
        tiers=("none", "none"),
        years=(NOTHING, NOTHING),
        payment="paid-via-vendor",
        bounty=(False, False),
    ),
    Story(
        title="newcomer",
        count=26,
        tiers=("none", "partner"),
        years=(NOTHING, LITTLE),
        bounty=(False, False),
        is_new=True,
    ),
    Story(
        title="newcomer, Silver at once",
        count=2,
        tiers=("none", "silver"),
        years=(NOTHING, SILVER),
        bounty=(False, True),
        is_new=True,
    ),
    # Promoted
    Story(title="to Silver", count=12, tiers=("partner", "silver"), years=(LITTLE, SILVER)),
    Story(title="to Gold", count=7, tiers=("silver", "gold"), years=(SILVER, GOLD)),
    Story(title="to Platinum", count=4, tiers=("gold", "platinum"), years=(GOLD, PLATINUM)),
    Story(
        title="to Gold by the bug bounty program",
        count=3,
        tiers=("partner", "gold"),
        years=(GOLD, GOLD),
        bounty=(False, True),
    ),
    # Demoted
    Story(title="from Silver", count=9, tiers=("silver", "partner"), years=(SILVER, LITTLE)),
    Story(title="from Gold", count=5, tiers=("gold", "silver"), years=(GOLD, SILVER)),
    Story(title="from Platinum", count=2, tiers=("platinum", "gold"), years=(PLATINUM, GOLD)),
    Story(
        title="from Gold by one slow answer",
        count=2,
        tiers=("gold", "silver"),
        years=(GOLD, GOLD),
        slowest=(6, 26),
    ),
    Story(
        title="from Silver by leaving the bug bounty program",
        count=3,
        tiers=("silver", "partner"),
        years=(SILVER, SILVER),
        bounty=(True, False),
    ),
    # Near misses
    Story(
        title="Silver missed by little",
        count=9,
        tiers=("partner", "partner"),
        years=(LITTLE, Year(gross=(96_000, 99_900))),
    ),
    Story(
        title="Silver missed by a cent or so",
        count=1,
        tiers=("partner", "partner"),
        years=(LITTLE, Year(gross=(99_999, 99_999))),
    ),
    Story(
        title="Gold missed by little cloud",
        count=5,
        tiers=("silver", "silver"),
        years=(SILVER, Year(gross=(560_000, 900_000), cloud=(23, 24))),
    ),
    Story(
        title="Gold missed by little money",
        count=4,
        tiers=("silver", "silver"),
        years=(SILVER, Year(gross=(485_000, 499_900))),
    ),
    Story(
        title="Platinum missed by a small app outside the bug bounty program",
        count=3,
        tiers=("gold", "gold"),
        years=(GOLD, PLATINUM),
        has_small_app_outside=True,
    ),
    Story(
        title="Silver missed by a slow answer",
        count=3,
        tiers=("silver", "partner"),
        years=(SILVER, SILVER),
        slowest=(20, 50),
    ),
    Story(
        title="every tier missed by a low award",
        count=3,
        tiers=("silver", "partner"),
        years=(SILVER, SILVER),
        has_low_award=True,
    ),
    Story(
        title="every tier missed by an app paid via the partner",
        count=4,
        tiers=("partner", "partner"),
        years=(SILVER, GOLD),
        has_app_paid_elsewhere=True,
    ),
    Story(
        title="every tier missed by a server app without approval",
        count=4,
        tiers=("partner", "partner"),
        years=(GOLD, GOLD),
        server="unapproved",
    ),
    # Unknown
    Story(
        title="nobody knows the time zone of an escalation",
        count=5,
        tiers=("silver", "partner"),
        years=(SILVER, SILVER),
        has_time_zone=False,
    ),
    Story(
        title="an award without severity",
        count=2,
        tiers=("silver", "partner"),
        years=(SILVER, SILVER),
        has_award_of_unknown_severity=True,
    ),
    Story(
        title="at risk this year",
        count=9,
        tiers=("silver", "silver"),
        years=(SILVER, Year(gross=(101_000, 106_000))),
    ),
)
