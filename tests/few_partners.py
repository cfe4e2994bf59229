"""A few partners, each there for one sentence or figure, as a folder of facts.

All but the first have one private cloud app paid via the platform, so R1, R2, R3, R6 and R7 of
every tier are met. Reviewed for 1 July 2025 by the program of 2024:

- P1 holds Gold: $541,200 of sales, $200,000 of it cloud. A small public app is outside the bug
  bounty program, so Platinum misses R6 beside R5.
- P2 has no time zone and one escalation: R4 is unknown. Named to be escaped.
- P3 has $500,000.00 of sales, of it $124,999.99 cloud: a cent below a quarter.
- P4 has no listing at all.
- P5 answered in exactly 48 hours, and sold $150,000 in cloud; $99,999.99 more were sold a day
  too late, and one sale the day before the window.
"""

from pathlib import Path

PROGRAM = "atlassian-marketplace@2024-06-13"
NAUGHTY = '<script>alert("x")</script>'

PARTNERS = f"""partner_id,name,country,time_zone,joined_on
P1,Acme,SE,Europe/Stockholm,2020-01-01
P2,"{NAUGHTY.replace('"', '""')}",SE,,2020-01-01
P3,Cent,SE,Europe/Stockholm,2020-01-01
P4,,SE,Europe/Stockholm,2020-01-01
P5,Exact,SE,UTC,2020-01-01
"""
APPS = """app_id,partner_id,name,public
a1,P1,Big,true
a1b,P1,Small,true
a2,P2,Two,false
a3,P3,Three,false
a5,P5,Five,false
"""
LISTINGS = """app_id,hosting,listed_on,payment,retired_on,approved_on
a1,cloud,2023-01-10,platform,,
a1b,cloud,2023-01-10,platform,,
a2,cloud,2023-01-10,platform,,
a3,cloud,2023-01-10,platform,,
a5,cloud,2023-01-10,platform,,
"""
INSTALLS = """app_id,hosting,on_date,active_installs
a1,cloud,2025-06-01,5000
a1b,cloud,2025-06-01,50
"""
TRANSACTIONS = """\
transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,vendor_amount,currency
t11,P1,a1,cloud,2024-09-02,new,200000,,USD
t12,P1,a1,data_center,2025-01-15,renewal,341200,,USD
t31,P3,a3,cloud,2024-09-02,new,124999.99,,USD
t32,P3,a3,data_center,2024-09-02,new,375000.01,,USD
t50,P5,a5,cloud,2024-06-30,new,10,,USD
t51,P5,a5,cloud,2024-07-01,new,150000,,USD
t52,P5,a5,cloud,2025-07-01,new,99999.99,,USD
t61,PX,a9,cloud,2025-01-01,new,1,,USD
"""
BOUNTY_ENROLMENTS = """app_id,enrolled_on,left_on
a1,2023-02-01,
"""
ESCALATIONS = """escalation_id,partner_id,opened_at,responded_at
e2,P2,2025-03-03T08:00:00Z,2025-03-03T10:00:00Z
e5,P5,2025-03-03T08:00:00Z,2025-03-05T08:00:00Z
"""
BEFORE = """partner_id,tier
P1,silver
P2,partner
P3,gold
P5,partner
P9,gold
"""


def write_facts(folder: Path) -> Path:
    """Write the folder of facts, with earlier decisions beside it, and give its path."""
    facts = folder / "facts"
    facts.mkdir()
    for name, rows in (
        ("partners", PARTNERS),
        ("apps", APPS),
        ("listings", LISTINGS),
        ("installs", INSTALLS),
        ("transactions", TRANSACTIONS),
        ("bounty_enrolments", BOUNTY_ENROLMENTS),
        ("escalations", ESCALATIONS),
    ):
        (facts / f"{name}.csv").write_text(rows, encoding="utf-8")
    (folder / "before.csv").write_text(BEFORE, encoding="utf-8")
    return facts
