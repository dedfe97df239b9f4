//! Training, validation and test: what belongs together, and which side it goes to.

mod assign;
pub mod certificate;
pub mod codes;
mod earlier;
mod groups;
mod settings;
mod side;

pub use assign::{Choice, Group, assign, by_hash, hash_does, misses};
pub use certificate::{
    Certificate, Closest, ClosestPair, FileProof, NearTerms, Place, SideProof, SplitTerms, TwinTerms,
};
pub use codes::{
    ALL, MISSED_NEAR_TWIN, NO_GROUP_FIELD, NO_STRATUM, NO_TIME, NO_VALIDATION, NOTHING_OF_EARLIER_RUN,
    STRADDLING_GROUP, UNEVEN_SIDES,
};
pub use earlier::Earlier;
pub use groups::Groups;
pub use settings::{Amount, Moment, SplitSettings, Stratify};
pub use side::{Side, SideSet};
