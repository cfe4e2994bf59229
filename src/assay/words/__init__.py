"""Say: findings and programs in words, tables and self-contained pages; nothing is computed."""
