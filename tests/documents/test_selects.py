"""The SELECT of a relation reads declared tables, and nothing else."""

import pytest

from assay.core.issues import Refused
from assay.documents.programs import load_program
from tests.documents.program_text import PROGRAM, line_of

SELECT = (
    "select a.partner_id, a.given_on, count(*) as answers from answers a "
    "group by a.partner_id, a.given_on"
)
THREE = "select a.partner_id, a.given_on, 1 as answers from"
CASE = (
    "select a.partner_id, a.given_on, case when a.gift > 5 then 1 else 2 end as answers "
    "from answers a where exists (select 1 from mondays m where m.starts_at < cut_off_at)"
)
NOT_ALLOWED = "is not allowed in a relation"


def loaded(folder, sql):
    path = folder / "program.yaml"
    assert SELECT in PROGRAM
    path.write_text(PROGRAM.replace(SELECT, sql), encoding="utf-8")
    return load_program(str(path))


@pytest.mark.parametrize(
    "sql",
    [
        SELECT,
        f"{THREE} answers a where a.given_on < cut_off",
        f"{THREE} answers a join partners p on p.partner_id = a.partner_id",
        f"{THREE} answers a left join partners p using (partner_id)",
        f"{THREE} answers a union all {THREE} answers a",
        f"{THREE} (select b.partner_id, b.given_on from answers b) a",
        CASE,
        "select partner_id, given_on, thanks as answers from answers where given_on < cut_off",
    ],
)
def test_selects_that_are_read(tmp_path, sql):
    assert loaded(tmp_path, f"|\n      {sql}").vocabulary.relations["answer_days"]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (f"{THREE} '/etc/passwd' a", "no declared table"),
        (f"{THREE} read_csv('/etc/passwd') a", NOT_ALLOWED),
        (f"{THREE} read_parquet('x') a", NOT_ALLOWED),
        (f"{THREE} glob('*') a", NOT_ALLOWED),
        (f"{THREE} secrets a", "`secrets AS a` is no declared table or relation"),
        (f"{THREE} main.answers a", "no declared table"),
        (f"{THREE} information_schema.tables a", "no declared table"),
        (f"{THREE} answer_days a", "no declared table"),
        (f"{THREE} answers a, partners p", "only join and left join are read"),
        (f"{THREE} answers a join partners p", "only join and left join are read"),
        (f"{THREE} answers a natural join partners p", "only join and left join are read"),
        (f"{THREE} answers a right join partners p on true", "only join and left join are read"),
        (f"{THREE} answers a order by 1", NOT_ALLOWED),
        (f"with x as (select 1) {THREE} answers a", NOT_ALLOWED),
        ("select a.partner_id, a.given_on, getenv('HOME') as answers from answers a", NOT_ALLOWED),
        ("select a.partner_id, a.given_on, random() as answers from answers a", NOT_ALLOWED),
        ("select * from answers a", "`*` is not allowed"),
        ("select a.partner_id, a.given_on from answers a", "it selects partner_id, given_on"),
        (
            "select a.partner_id, a.given_on, a.kind as answers from answers a",
            "is declared integer",
        ),
        ("select a.partner_id, a.given_on, a.none as answers from answers a", "none"),
        ("select a.partner_id", None),
        ("select", None),
        ("drop table answers", "one SELECT is expected"),
        (f"{SELECT}; {SELECT}", "one SELECT is expected"),
        ("copy answers to 'x'", "one SELECT is expected"),
        ("pragma version", "one SELECT is expected"),
        ("attach 'x'", "one SELECT is expected"),
        ("(((", "not a SELECT that can be read"),
        ("(" * 2_000, "not a SELECT that can be read"),
        ("select " + "-" * 5 + " 1", None),
        (f"{THREE} answers a where " + " or ".join(["a.gift > 1"] * 10_000), "too long"),
        (f"{THREE} answers a where " + "(" * 30 + "a.gift > 1" + ")" * 30, "nested too deeply"),
        (
            "select a.partner_id, a.given_on, 1" + " + 1" * 60 + " as answers from answers a",
            "nested too deeply",
        ),
    ],
)
def test_selects_that_are_refused(tmp_path, sql, message):
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, f"|\n      {sql}")
    issue = refused.value.issues[0]
    assert issue.line == line_of("    sql: ")
    assert issue.hint
    assert message is None or message in issue.message
    assert len(issue.message) < 400


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("select a.partner_id, 'x' as reason from answers a", None),
        ("select a.partner_id from answers a", "`left_out` selects partner_id"),
        ("select a.partner_id, 'x' as reason from passwords a", "no declared table"),
    ],
)
def test_the_rows_that_a_relation_leaves_out(tmp_path, left_out, message):
    path = tmp_path / "program.yaml"
    path.write_text(PROGRAM.replace("    sql: ", f"    left_out: {left_out}\n    sql: "))
    if message is None:
        assert load_program(str(path))
    else:
        with pytest.raises(Refused, match=message):
            load_program(str(path))
