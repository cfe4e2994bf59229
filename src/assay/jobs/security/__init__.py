"""Security programs: apps apply, staff decide, enrolments end; and what hangs on their rules."""
