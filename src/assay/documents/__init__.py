"""Translate: program files, marketplace reports and fact files to core values and rows."""
