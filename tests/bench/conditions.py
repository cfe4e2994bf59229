"""The requirements of the 2024 program over measures, in what pandas and Polars have in common."""

HOUR = 3_600_000_000  # microseconds
UNIT = 100  # cents


def conditions(column):
    """Return each `REQUIREMENT__TIER`, and `base`; `column(NAME)` gives a measure."""
    gross, cloud, slowest = column("gross"), column("cloud"), column("slowest")
    found = {"base": column("platform") >= 1}
    for tier in ("silver", "gold", "platinum"):
        found[f"paid_apps_are_pva__{tier}"] = column("elsewhere") == 0
        found[f"paid_cloud_app__{tier}"] = column("paid_cloud") >= 1
        found[f"server_apps_data_center_approved__{tier}"] = column("unapproved") == 0
        found[f"escalation_response__{tier}"] = slowest < (48 if tier == "silver" else 24) * HOUR
        found[f"bounty_awards_meet_minimum__{tier}"] = column("below") == 0

    def share(percent):
        return (gross > 0) & (100 * cloud >= percent * gross)

    found["annual_gross_sales__silver"] = (gross >= 100_000 * UNIT) & share(15)
    found["annual_gross_sales__gold"] = ((gross >= 500_000 * UNIT) & share(25)) | (
        gross >= 3_000_000 * UNIT
    )
    found["annual_gross_sales__platinum"] = ((gross >= 1_000_000 * UNIT) & share(35)) | (
        cloud >= 2_000_000 * UNIT
    )
    found["bounty_participation__silver"] = column("most_in") >= column("most_out")
    found["bounty_participation__gold"] = column("larger_out") == 0
    found["bounty_participation__platinum"] = column("all_out") == 0
    return found
