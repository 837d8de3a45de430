"""Who may do what on the clinic's pages, and how anybody proves who they are."""
