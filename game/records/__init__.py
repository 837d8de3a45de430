"""What is kept: schema, store, boards."""
