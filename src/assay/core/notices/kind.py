"""One kind of notice."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.rights import Role, StaffRole


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice; kinds of one `topic` stand together.

    `roles` are the members of a partner who get it, `staff` those of the program team; neither:
    it goes to the person concerned. `required` says why it cannot be switched off, "" where it
    can; then `by_mail` is what holds until a person chooses.
    """

    key: str
    topic: str
    title: str
    roles: frozenset[Role] = frozenset()
    staff: frozenset[StaffRole] = frozenset()
    required: str = ""
    by_mail: bool = True
