"""What people fill in: fields, forms and how they look."""
