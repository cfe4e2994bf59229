"""Technical partner managers: assigned, handed over, ended with the benefit."""
