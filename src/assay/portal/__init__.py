"""Shows: public pages, the partner portal, the staff pages. It translates and computes nothing."""
