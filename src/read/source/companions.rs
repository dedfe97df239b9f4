//! Files beside an export that say who is who, and what a reader made of them: read once, however many sources of the
//! export need it.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Source;
use crate::error::Result;

/// The companions of a source; sources of one export share them.
#[derive(Clone, Default)]
pub struct Companions {
    files: Arc<[Source]>,
    made: Arc<OnceLock<Arc<dyn Any + Send + Sync>>>,
}

impl Companions {
    /// What `make` makes of the files, made when it is first asked for.
    pub fn once<T: Any + Send + Sync>(&self, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        if let Some(made) = self.made.get().and_then(|made| Arc::clone(made).downcast().ok()) {
            return Ok(made);
        }
        let made = Arc::new(make()?);
        // Another thread or reader may have been first; then what was made serves once.
        let _ = self.made.set(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
        Ok(made)
    }
}

impl Deref for Companions {
    type Target = [Source];

    fn deref(&self) -> &[Source] {
        &self.files
    }
}

impl From<Vec<Source>> for Companions {
    fn from(files: Vec<Source>) -> Self {
        Self { files: files.into(), made: Arc::default() }
    }
}

impl fmt::Debug for Companions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.files.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_for_all_that_share_them() {
        let companions = Companions::from(Vec::new());
        let shared = companions.clone();
        assert_eq!(*companions.once(|| Ok(1u8)).unwrap(), 1);
        assert_eq!(*shared.once(|| Ok(2u8)).unwrap(), 1);
        assert_eq!(*shared.once(|| Ok("another reader")).unwrap(), "another reader");
    }
}
