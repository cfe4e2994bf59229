"""The record of a decided case: an appeal against a decision of a closed review, or a correction.

It is a document of its own, signed as that of the review is, and names the review's record by its
digest. Where the case rests on corrected facts, it holds the decision that they give.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.core.records import OUTCOMES, Document, findings_digest

FORMAT = "assay-case-record/1"
KIND = "assay-case-record"


def case_faults(case: Document, record: Document, digest: str) -> Iterator[str]:
    """Yield what in a case does not go together, or not with the review's record.

    `digest` is that of the record. Raises KeyError or TypeError for no case.
    """
    if case["format"] != FORMAT:
        yield f"its format is {case['format']!r:.60}, not {FORMAT}"
        return
    if (case["review"], case["record"]) != (record["review"], digest):
        yield "it is of another review's record"
    by_partner = {one["partner"]: one for one in record["decisions"]}
    decided = by_partner.get(case["partner"], {"tier": None, "digest": None})
    if case["decision"] != {"tier": decided["tier"], "digest": decided["digest"]}:
        yield f"{case['partner']}: the decision is not the one on record"
    if (case["outcome"] == "grant") != (case["grant"] is not None):
        yield f"{case['partner']}: what was granted is not what was decided"
    anew = case["redecision"]
    if anew is None:
        return
    if findings_digest(anew["findings"]) != anew["digest"]:
        yield f"{case['partner']}: the findings are not those that their digest names"
    if {found["outcome"] for found in anew["findings"]} - {*OUTCOMES}:
        yield f"{case['partner']}: an outcome is none of {', '.join(OUTCOMES)}"
