"""Appeals against decisions, corrections by staff, and looks at facts that came late."""
