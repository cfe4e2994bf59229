"""How every form looks: label, hint, field and error, in this order."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders forms with the templates of the portal."""

    form_template_name = "assay/form.html"
    field_template_name = "assay/field.html"
