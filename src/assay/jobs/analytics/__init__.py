"""How partners do against others in the categories of their apps."""
