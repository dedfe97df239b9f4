//! From what a record holds to examples: speakers to roles, then named, counted, switchable mendings.
