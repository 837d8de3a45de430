"""The progress report: figures as plain data, and the same two pages as HTML and as PDF."""
