//! Rules about what a job is given: its files together, and its model.

pub(super) mod missing_validation_file;
pub(super) mod retiring_model;
pub(super) mod unfit_validation_file;
