//! Framing: where records begin and end. One thread, in order, finding boundaries only.

mod batch;
mod divided;
mod elements;
mod feed;
mod gathered;
mod lines;
mod whole;

pub use batch::{Batch, Frame, FrameFault, Frames, KEPT_OF_TOO_LONG};
pub use divided::Divided;
pub use elements::Elements;
pub use feed::Feed;
pub use gathered::{Belongs, Gathered, Sorter};
pub use lines::Lines;
pub use whole::Whole;
