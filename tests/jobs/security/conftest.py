"""A partner whose apps take part in security programs, on an installation with a ledger.

P1 sells one public cloud app and one private one in Europe/Berlin; both are known from facts and
claimed. The facts are told by `told`, the standing is refreshed by `stand`.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from assay.core.rights import Role
from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.imports.state_facts import state_facts
from assay.jobs.reviews.refresh_standing import refresh_standing
from assay.store.models import App, Decision, Partner
from tests.people_of_partners import person, seat

PROGRAM = "atlassian-marketplace@2024-06-13"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = {
    "partners": "partner_id,name,country,time_zone\nP1,Acme,DE,Europe/Berlin\n"
    "P2,Other,DE,Europe/Berlin\n",
    "apps": "app_id,partner_id,name,public\nbig,P1,Big,true\nnode,P1,Node,true\nfar,P2,Far,true\n",
    "listings": "app_id,hosting,listed_on,payment,approved_on\nbig,cloud,2024-01-10,platform,\n"
    "node,data_center,2024-01-10,platform,\nnode,server,2024-01-10,platform,\n"
    "far,cloud,2024-01-10,platform,\n",
    "installs": "app_id,hosting,on_date,active_installs\nbig,cloud,2026-02-01,5000\n"
    "node,server,2026-02-01,900\nfar,cloud,2026-02-01,10\n",
    "transactions": "transaction_id,partner_id,app_id,hosting,sale_date,purchase_price,currency\n"
    "t1,P1,big,cloud,2025-10-01,150000,USD\nt2,P2,far,cloud,2025-10-01,200000,USD\n",
    "bounty_enrolments": "app_id,enrolled_on,left_on\nfar,2025-01-01,\n",
    "bounty_submissions": "submission_id,app_id,severity,submitted_on,awarded\n"
    "s1,far,P1,2025-12-01,1500\n",
}


def tell(ledger, folder, at, tables):
    """Import facts, CSV by table."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    order = Order.under(PROGRAM, source="test", partner_id=None, as_of=None)
    import_reports(ledger, sorted(folder.glob("*.csv")), order, imported_at=at)


@pytest.fixture(scope="session")
def first_ledger(tmp_path_factory):
    """The ledger that holds FACTS alone, to be copied."""
    folder = tmp_path_factory.mktemp("first")
    tell(folder / "ledger", folder, AT, FACTS)
    return folder / "ledger"


@pytest.fixture
def told(settings, tmp_path, first_ledger):
    """Import facts, CSV by table, beside FACTS."""
    settings.INSTALLATION = Installation.at(tmp_path / "installation")
    shutil.copytree(first_ledger, settings.INSTALLATION.ledger)

    def more(at=AT, **tables):
        folder = tmp_path / f"told-{at:%Y%m%d%H%M%S}"
        folder.mkdir()
        tell(settings.INSTALLATION.ledger, folder, at, tables)

    return more


@pytest.fixture
def told_facts(told):
    """Import facts, where `told` is another word."""
    return told


@pytest.fixture
def stand(settings):
    """State what people said, refresh the standing, and return the tiers by the partners' keys."""

    def refresh(at):
        state_facts(at=at)
        review = refresh_standing(PROGRAM, settings.INSTALLATION.ledger, at=at)
        held = Decision.objects.filter(review=review).select_related("partner")
        return {one.partner.key: one.tier for one in held}

    return refresh


@pytest.fixture
def world(told, stand):  # noqa: ARG001 - the ledger
    """Know what the facts say; P1 is Acme with Ann as owner, P2 has nobody but Otto."""
    stand(AT)
    Partner.objects.update(state=Partner.State.ACTIVE)
    acme, other = (Partner.objects.get(key=key) for key in ("P1", "P2"))
    return {
        "acme": acme,
        "ann": seat(acme, person("ann@acme.example")),
        "view": seat(acme, person("view@acme.example"), Role.VIEWER),
        "otto": seat(other, person("otto@other.example")),
        "sam": person("sam@demo.example", staff="security"),
        "big": App.objects.get(key="big"),
        "node": App.objects.get(key="node"),
        "far": App.objects.get(key="far"),
    }


@pytest.fixture
def pdf():
    """Make a file that begins as a PDF does."""
    import io  # noqa: PLC0415 - one fixture needs it

    from assay.jobs.security.evidence import SentFile  # noqa: PLC0415 - likewise

    return lambda: SentFile(io.BytesIO(b"%PDF-1.7\nmade up"), "answers.pdf")
