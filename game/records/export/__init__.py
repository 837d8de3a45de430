"""Taking records out for others: JSON, tables, the original's layouts, FHIR, replays."""
