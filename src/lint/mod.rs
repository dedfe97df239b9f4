//! Checking: rules over one example, rules over the whole dataset.
