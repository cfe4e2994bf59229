"""A whole small program file, line by line, for tests that spoil one of its lines."""

from __future__ import annotations

import pytest

from assay.core.issues import Refused
from assay.documents.programs import load_program

# ruff: noqa: E501 - what stands on one line of the program is told by its number
PROGRAM = """\
program: helpers
version: 2026-01-01
title: Helpers
source: A test
vocabulary: marketplace-1
currency: USD
time_zone: UTC
placement: highest_tier_met
review:
  month: 7
  clause: V1
  since: 2026-01-01
facts:
  answers:
    title: Answers
    key: [answer_id]
    dated: given_on
    columns:
      answer_id: {type: text}
      partner_id: {type: text, references: partners}
      kind: {type: choice, values: [short, long]}
      given_on: {type: date}
      thanks: {type: integer, optional: true}
      gift: {type: money}
relations:
  answer_days:
    title: Days with answers
    subject: partner_id
    dated: given_on
    columns:
      partner_id: {type: text}
      given_on: {type: date}
      answers: {type: integer}
    sql: select a.partner_id, a.given_on, count(*) as answers from answers a group by a.partner_id, a.given_on
calendars:
  mondays: {title: Mondays, days: [1], zones: partners.time_zone}
tiers:
  member: {title: Member, clause: C1, since: 2026-01-01, base: answers_given >= 1}
  silver:
    title: Silver
    clause: C1
    since: 2026-01-01
  gold: {title: Gold, clause: C1, since: 2026-01-01}
windows:
  year:
    title: the year
    clause: C2
    since: 2026-01-01
    months: 12
amounts:
  least_gift:
    title: Least gift
    clause: C2
    by: kind
    since:
      2026-01-01: {short: 10, long: 20.50}
measures:
  answers_given:
    title: Answers
    clause: C3
    since: 2026-01-01
    from: answers
    where: kind = 'short' and gift >= least_gift(kind, given_on)
    window: year
    value: count(*)
    unit: answers
    phrase: "{} answer[s]"
  gifts: {title: G, clause: C, since: 2026-01-01, from: answers, window: year, value: sum(gift), unit: $}
  short_gifts:
    title: Gifts for short answers
    clause: C3
    since: 2026-01-01
    from: answers
    where: kind = 'short'
    window: year
    value: sum(gift)
    unit: money
  busiest:
    title: Most answers on a day
    clause: C3
    since: 2026-01-01
    from: answer_days
    window: year
    value: max(answers)
    none: 0
    unit: answers
  short_share:
    title: Short gifts
    clause: C3
    since: 2026-01-01
    share: short_gifts
    of: gifts
    when_not_positive: not_met
levels: [some, more]
requirements:
  quality:
    title: Quality
    clause: C4
    since: 2026-01-01
    silver: answers_given >= 3
    gold: answers_given >= 5 and short_share >= 0.25
  rush:
    title: Not all on one day
    clause: C5
    since: 2026-01-01
    remedy: Take your time.
    silver: busiest < answers_given
    gold: busiest < answers_given
benefits:
  badge: {title: Badge, clause: B1, since: 2026-01-01, kind: badge, silver: S, gold: G}
  help:
    title: Help
    clause: B2
    since: 2026-01-01
    kind: level
    silver: some
    gold: more
  credit: {title: Credit, clause: B3, since: 2026-01-01, kind: money, gold: 2500}
  portal: {title: Portal, clause: B4, since: 2026-01-01, kind: access, member: yes}
security_programs:
  audit:
    title: Audit
    attests: Somebody has looked.
    clause: S1
    since: 2026-01-01
    joins: {words: Cloud apps, hosting: [cloud]}
    evidence:
      report: {title: The report, kind: file}
    valid_months: 24
    badge:
      label: Audited
      sentence: Somebody has looked.
    states: {table: bounty_enrolments, begins: enrolled_on, until: left_on}
settings:
  grace: none
notes:
  - Words.
"""


def line_of(text):
    """Return the line of the one line of PROGRAM that holds `text`."""
    (line,) = [n for n, row in enumerate(PROGRAM.splitlines(), start=1) if text in row]
    return line


def spoilt(old, new):
    """Return PROGRAM with `old`, which stands in it once, replaced."""
    assert PROGRAM.count(old) == 1, old
    return PROGRAM.replace(old, new)


def at(folder, text=PROGRAM):
    path = folder / "program.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder, text):
    """Return line and message of every fault."""
    with pytest.raises(Refused) as refused:
        load_program(at(folder, text))
    assert all(issue.hint for issue in refused.value.issues)
    return [(issue.line, issue.message) for issue in refused.value.issues]


def hint(folder, text):
    with pytest.raises(Refused) as refused:
        load_program(at(folder, text))
    return refused.value.issues[0].hint
