"""Forms of an app: what it says of itself, its screenshots, what staff decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assay.core.facts import Vocabulary
from assay.core.listings import (
    CATEGORIES,
    MOST_CATEGORIES,
    MOST_PRODUCTS,
    PRODUCTS,
    AppContent,
    hosting_title,
    payment_title,
)
from assay.portal.forms.fields import AppKey, Line, PictureField, Text

_HOSTING = "hosting_"


class AppForm(forms.Form):
    """What an app says of itself; kinds of hosting and payment are the vocabulary's."""

    name = Line(label=_("Name"), max_length=120)
    tagline = Line(
        label=_("Tagline"),
        max_length=160,
        required=False,
        help_text=_("One line that says what it does. At most 160 characters."),
    )
    description = Text(
        label=_("Description"),
        max_length=8000,
        required=False,
        help_text=_("You can use Markdown; no HTML and no pictures. At most 8,000 characters."),
    )
    products = forms.MultipleChoiceField(
        label=_("Works with"),
        choices=[(product, product) for product in PRODUCTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        choices=[(category, category) for category in CATEGORIES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One to three."),
    )
    public = forms.ChoiceField(
        label=_("Who can see it"),
        choices=[
            ("public", _("Everybody: it has a public page")),
            ("private", _("Only those it is meant for: no public page")),
        ],
        widget=forms.RadioSelect,
        initial="public",
    )

    def __init__(
        self,
        *arguments: Any,
        vocabulary: Vocabulary,
        content: AppContent | None = None,
        **options: Any,
    ) -> None:
        listings = vocabulary.tables["listings"].columns
        self.hostings = listings["hosting"].values
        options["initial"] = _initial(content)
        super().__init__(*arguments, **options)
        payments = [("", gettext("Not offered"))]
        payments += [(value, payment_title(value)) for value in listings["payment"].values]
        for hosting in self.hostings:
            self.fields[_HOSTING + hosting] = forms.ChoiceField(
                label=hosting_title(hosting), choices=payments, required=False
            )

    def clean_products(self) -> list[str]:
        """Refuse too many products."""
        return self._at_most("products", MOST_PRODUCTS)

    def clean_categories(self) -> list[str]:
        """Refuse too many categories."""
        return self._at_most("categories", MOST_CATEGORIES)

    def _at_most(self, field: str, most: int) -> list[str]:
        chosen: list[str] = self.cleaned_data[field]
        if len(chosen) > most:
            raise ValidationError(gettext("Choose at most %(most)d.") % {"most": most})
        return chosen

    def content(self) -> AppContent:
        """Return what is said, without screenshots."""
        said = self.cleaned_data
        return AppContent(
            name=said["name"],
            tagline=said["tagline"],
            description=said["description"],
            products=tuple(said["products"]),
            categories=tuple(said["categories"]),
            public=said["public"] == "public",
            hostings={
                hosting: said[_HOSTING + hosting]
                for hosting in self.hostings
                if said.get(_HOSTING + hosting)
            },
        )


class NewAppForm(AppForm):
    """An app nobody has spoken of yet: its key comes first."""

    key = AppKey(
        label=_("App key"),
        max_length=200,
        help_text=_(
            "The key under which the marketplace and its reports know the app, such as "
            "com.example.links. It cannot be changed later."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("key",)


def _initial(content: AppContent | None) -> dict[str, Any]:
    if content is None:
        return {}
    return {
        "name": content.name,
        "tagline": content.tagline,
        "description": content.description,
        "products": list(content.products),
        "categories": list(content.categories),
        "public": "public" if content.public else "private",
        **{_HOSTING + hosting: payment for hosting, payment in content.hostings.items()},
    }


class ScreenshotForm(forms.Form):
    """One more screenshot."""

    picture = PictureField(
        label=_("Picture"),
        help_text=_(
            "PNG, JPEG or WebP, at least 200 pixels on each side and at most 8 MB. We draw it anew."
        ),
    )
    caption = Line(
        label=_("Caption"),
        max_length=160,
        help_text=_("What it shows, also for those who cannot see it."),
    )


class DecisionForm(forms.Form):
    """What staff decide about an app, and why."""

    reason = Text(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("The partner reads it. Needed to send the app back."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
