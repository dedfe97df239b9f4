//! Whole files, as they come and as they should never come.
