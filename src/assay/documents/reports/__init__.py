"""Read what `assay import` is given: the marketplace's reports, and tables of facts."""
