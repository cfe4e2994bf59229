"""Credits: granted, reserved, spent, released, expired, clawed back and corrected, by entries."""
