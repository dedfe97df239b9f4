//! Framing: where records begin and end. One thread, in order, finding boundaries only.

mod batch;
mod block;
mod chained;
mod cursor;
mod divided;
mod elements;
mod feed;
mod gathered;
mod groups;
mod lines;
mod talk;
mod whole;

pub use batch::{Batch, Frame, FrameFault, Frames, KEPT_OF_TOO_LONG};
pub use block::{Ahead, Block};
pub use chained::{Chained, OpenPart};
pub use cursor::{Cursor, Extent};
pub use divided::Divided;
pub use elements::Elements;
pub use feed::Feed;
pub use gathered::{Belongs, Gathered, Place, Placer, Sorter, Talk};
pub use groups::Groups;
pub use lines::Lines;
pub use whole::Whole;
