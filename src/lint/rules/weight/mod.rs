//! Rules about which answers are trained.

pub(super) mod all_weights_zero;
pub(super) mod weight_beside_other_role;
pub(super) mod weight_not_0_or_1;
pub(super) mod weighted_image;
