"""Figures of partners and quartiles of their categories, kept so that pages only read them."""

from __future__ import annotations

from django.db import models

from assay.store.models.partners import Partner


class AnalyticsRun(models.Model):
    """One time that figures were computed: for the months before `until`; the newest is kept.

    `rests_on` is a digest of all that they rest on: facts, categories of apps, who is told.
    """

    until = models.DateField()
    rests_on = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-made_at", "-pk")


class PartnerFigure(models.Model):
    """A figure of a partner's apps in a category, exact: `top` / `bottom`."""

    run = models.ForeignKey(AnalyticsRun, on_delete=models.CASCADE, related_name="figures")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=60)
    figure = models.CharField(max_length=40)
    period = models.CharField(max_length=6)
    top = models.BigIntegerField()
    bottom = models.BigIntegerField()

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(
                fields=("run", "partner", "category", "figure", "period"),
                name="one_figure_of_a_partner",
            ),
        )


class CategoryFigure(models.Model):
    """Quartiles of a category, rounded as they are shown; never of fewer than five partners."""

    run = models.ForeignKey(AnalyticsRun, on_delete=models.CASCADE, related_name="groups")
    category = models.CharField(max_length=60)
    figure = models.CharField(max_length=40)
    period = models.CharField(max_length=6)
    partners = models.PositiveIntegerField()
    lower = models.DecimalField(max_digits=30, decimal_places=12)
    median = models.DecimalField(max_digits=30, decimal_places=12)
    upper = models.DecimalField(max_digits=30, decimal_places=12)

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(
                fields=("run", "category", "figure", "period"), name="one_group_of_a_category"
            ),
            models.CheckConstraint(
                condition=models.Q(partners__gte=5), name="a_group_has_five_partners"
            ),
        )
