"""Running the product: the installation, its health, its backups, its record."""
