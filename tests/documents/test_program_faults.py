"""What is wrong with a program file, told with its line: one fault alone, and what it brings."""

import pytest

from tests.documents.program_text import faults, spoilt

NONE = "`none` is the name of being below all tiers"
ONE_FAULT = [
    # the head
    ("currency: USD\n", "currency: usd\n", 6, "program: `currency` cannot be `usd`"),
    ("program: helpers", "program: ../x", 1, "program: `program` cannot be `../x`"),
    ("time_zone: UTC", "time_zone: Mars", 7, "no time zone `Mars`"),
    ("placement: highest_tier_met", "placement: x", 8, "program: no placement `x`"),
    ("title: Helpers\n", "", 1, "program: `title` is missing"),
    (
        "vocabulary: marketplace-1\n",
        "vocabulary: marketplace-1\nnoets: x\n",
        6,
        "program: `noets` is not known",
    ),
    # the review and windows
    ("  month: 7", "  month: 13", 10, "`review`: `month` is a number from 1 to 12"),
    ("  month: 7", "  month: ²", 10, "`review`: `month` is a number from 1 to 12"),
    ("months: 12", "months: twelve", 49, "window `year`: `months` is a number from 1 to 1200"),
    ("months: 12", "months: 99999", 49, "window `year`: `months` is a number from 1 to 1200"),
    # tiers
    ("title: Gold", "title: Silver", 43, "two tiers have the title `Silver`"),
    (
        "answers_given >= 1}",
        "answers_gven >= 1}",
        38,
        "tier `member`, `base`: no measure `answers_gven`",
    ),
    ("    clause: C4\n", "", 96, "requirement `quality`: `clause` is missing"),
    (
        "    clause: C4\n    since: 2026-01-01\n",
        "    clause: C4\n",
        96,
        "requirement `quality`: `since` is missing",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 1 July",
        99,
        "requirement `quality`: `1 July` is no date",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 2026-02-30",
        99,
        "requirement `quality`: `2026-02-30` is no date",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 0026-02-03",
        99,
        "requirement `quality`: `0026-02-03` is no date",
    ),
    ("{title: Gold, clause: C1,", "{title: Gold,", 43, "tier `gold`: `clause` is missing"),
    # amounts
    ("long: 20.50", "long: ''", 56, "amounts `least_gift`, since `2026-01-01`: `long` is missing"),
    (
        "long: 20.50",
        "long: 20.505",
        56,
        "amounts `least_gift`, since `2026-01-01`: `20.505` is no amount",
    ),
    ("long: 20.50", "long: -1", 56, "amounts `least_gift`, since `2026-01-01`: `-1` is no amount"),
    (
        "long: 20.50",
        "long: 1e9",
        56,
        "amounts `least_gift`, since `2026-01-01`: `1e9` is no amount",
    ),
    (
        "      2026-01-01: {short",
        "      soon: {short",
        56,
        "amounts `least_gift`, since `soon`: `soon` is no date",
    ),
    (
        "{short: 10,",
        "{short' then 1 end: 10,",
        63,
        "measure `answers_given`, `where`: amounts `least_gift`: `short' then 1 end` is no kind",
    ),
    # measures
    (
        "    from: answer_days\n    window: year\n    value: max(answers)",
        "    from: listings_on_the_day\n    window: year\n    value: max(installs)",
        83,
        "measure `busiest`: its rows have no date for a window",
    ),
    (
        "    from: answer_days\n",
        "    from: answer_day\n",
        82,
        "measure `busiest`: no table `answer_day`",
    ),
    (
        "    from: answer_days\n",
        "    from: apps_by_day\n",
        82,
        "measure `busiest`: no table `apps_by_day`",
    ),
    (
        "    from: answer_days\n    window: year\n",
        "    from: answer_days\n",
        78,
        "measure `busiest`: `window` is missing; its rows are dated",
    ),
    (
        "    from: answer_days\n    window: year\n",
        "    from: answer_days\n    window: yaer\n",
        83,
        "measure `busiest`: no window `yaer`",
    ),
    (
        "value: max(answers)",
        "value: max(given_on)",
        84,
        "measure `busiest`, `value`: `MAX(given_on)`: date is no number",
    ),
    (
        "value: max(answers)",
        "value: max(answers, 5)",
        84,
        "measure `busiest`, `value`: `MAX(answers, 5)` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: avg(answers)",
        84,
        "measure `busiest`, `value`: `AVG(answers)` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: answers",
        84,
        "measure `busiest`, `value`: `answers` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: max(replies)",
        84,
        "measure `busiest`, `value`: `answer_days` has no column `replies`",
    ),
    ("    none: 0\n", "", 78, "measure `busiest`: `none` is missing"),
    ("    none: 0\n", "    none: few\n", 85, "measure `busiest`, `none`: few is no number"),
    (
        "    none: 0\n",
        "    none: 0.5\n",
        85,
        "measure `busiest`, `none`: 0.5 is finer than integer is kept",
    ),
    (
        "value: count(*)",
        "value: count(thanks)",
        65,
        "measure `answers_given`, `value`: `COUNT(thanks)` is not read",
    ),
    ("value: count(*)", "value: count(distinct kind, gift)", 65, None),
    ("value: count(*)", "value: count(*) filter (where true)", 65, None),
    (
        "value: sum(gift), unit",
        "value: sum(kind), unit",
        68,
        "measure `gifts`, `value`: `SUM(kind)`: choice is no number",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "answer[s]"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "{} {} answers"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "{} answer[s"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        "where: kind = 'short' and",
        "where: kind = 5 and",
        63,
        "measure `answers_given`, `where`: 5 cannot be compared with a value of type choice",
    ),
    (
        "where: kind = 'short' and",
        "where: thanks >= 'x' and",
        63,
        "measure `answers_given`, `where`: 'x' cannot be compared with a value of type integer",
    ),
    (
        "where: kind = 'short' and",
        "where: gift = given_on and",
        63,
        "measure `answers_given`, `where`: `gift = given_on` compares money with date",
    ),
    (
        "where: kind = 'short' and",
        "where: read_csv('/etc/passwd') and",
        63,
        "measure `answers_given`, `where`: `READ_CSV('/etc/passwd')` is not allowed here",
    ),
    (
        "where: kind = 'short' and",
        "where: getenv('HOME') = 'x' and",
        63,
        "measure `answers_given`, `where`: `getenv` is no function here",
    ),
    (
        "least_gift(kind, given_on)",
        "least_gft(kind, given_on)",
        63,
        "measure `answers_given`, `where`: `least_gft` is no function here",
    ),
    (
        "share: short_gifts",
        "share: short_gfts",
        91,
        "measure `short_share`: no measure `short_gfts` above",
    ),
    ("of: gifts", "of: short_share", 92, "measure `short_share`: no measure `short_share` above"),
    (
        "when_not_positive: not_met",
        "when_not_positive: perhaps",
        93,
        "measure `short_share`: `when_not_positive` is met or not_met",
    ),
    # requirements
    (
        "    silver: answers_given >= 3",
        "    sliver: answers_given >= 3",
        100,
        "requirement `quality`: `sliver` is neither a field nor a tier",
    ),
    (
        "    silver: answers_given >= 3",
        "    member: answers_given >= 3",
        100,
        "requirement `quality`: `member` is neither a field nor a tier",
    ),
    (
        "    silver: answers_given >= 3",
        "    silver: answers >= 3",
        100,
        "requirement `quality`, `silver`: no measure `answers`",
    ),
    (
        "    silver: answers_given >= 3",
        "    silver:",
        100,
        "requirement `quality`: `silver` is missing",
    ),
    (
        "short_share >= 0.25",
        "short_share >= 25",
        101,
        "requirement `quality`, `gold`: `short_share >= 25`: a share lies between 0 and 1",
    ),
    (
        "short_share >= 0.25",
        "gifts >= '2026-01-01'",
        101,
        "requirement `quality`, `gold`: `'2026-01-01'` is no number in range",
    ),
    (
        "    silver: busiest < answers_given\n    gold: busiest < answers_given\n",
        "",
        102,
        "requirement `rush` asks nothing of any tier",
    ),
    (
        "    remedy: Take",
        "    clause: C6\n    remedy: Take",
        106,
        "`clause` is repeated; it stands first on line 104",
    ),
    # benefits
    ("kind: level\n", "kind: levels\n", 115, "benefit `help`: no kind `levels`"),
    ("    silver: some", "    silver: lots", 116, "benefit `help`, `silver`: no level `lots`"),
    (
        "    silver: some",
        "    bronze: some",
        116,
        "benefit `help`: `bronze` is neither a field nor a tier",
    ),
    (
        "gold: 2500}",
        "gold: 2500, unspent: burns}",
        118,
        "benefit `credit`: no unspent `burns`",
    ),
    (
        "member: yes}",
        "member: yes, lowered: kept}",
        119,
        "benefit `portal` is no amount: it has no `lowered`",
    ),
    ("gold: 2500}", "gold: 2.5k}", 118, "benefit `credit`: `2.5k` is no amount"),
    (
        "member: yes}",
        "member: no}",
        119,
        "benefit `portal`, `member`: write yes or leave the tier out",
    ),
    ("kind: access, member: yes}", "kind: access}", 119, "benefit `portal` is given to no tier"),
    # names
    ("  rush:", "  Rush:", 102, "requirement `Rush`: the name is no plain identifier"),
    ("  rush:", "  a__b:", 102, "requirement `a__b`: the name is no plain identifier"),
    ("  badge: {", "  1st: {", 110, "benefit `1st`: the name is no plain identifier"),
    ("  year:\n", "  _year:\n", None, None),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), ONE_FAULT)
def test_a_fault_is_told_with_its_line(tmp_path, old, new, line, message):
    found = faults(tmp_path, spoilt(old, new))
    if message is not None:
        assert found == [(line, message)]
    elif line is not None:
        assert line in [at for at, _ in found]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  gold: {title: Gold", "  none: {title: Gold", 43, NONE),
        (
            "{title: Gold,",
            "{base: gifts > 1, title: Gold,",
            43,
            "a base tier stands above a ranked one",
        ),
        ("  short_share:", "  tier:", 87, "measure `tier`: the name has a meaning of its own"),
        (
            "  short_share:",
            "  partner_id:",
            87,
            "measure `partner_id`: the name has a meaning of its own",
        ),
        (
            "    from: answer_days\n    window: year\n",
            "    from: app_numbers\n",
            82,
            "measure `busiest`: `app_numbers` has no `partner_id`",
        ),
    ],
)
def test_a_fault_that_brings_others(tmp_path, old, new, line, message):
    assert (line, message) in faults(tmp_path, spoilt(old, new))
