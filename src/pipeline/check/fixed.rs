//! One file being fixed: what is done to each row is counted, shown and written.

use std::path::Path;

use super::Tail;
use super::copy::Copy;
use super::fix::{FixTo, Fixer, Mended};
use super::row::Row;
use crate::config::Settings;
use crate::diagnostic::{Change, Finding, FixedFile};
use crate::error::Result;
use crate::lint::file;
use crate::read::Source;

/// One file being fixed.
pub(super) struct FixedSource<'a> {
    fixer: &'a Fixer,
    copy: Option<Copy<'a>>,
    /// The file that findings are about: the one that is written.
    pub(super) name: String,
    /// Lines that were taken out before the row at hand.
    taken_out: u64,
}

impl<'a> FixedSource<'a> {
    pub(super) fn new(fixer: &'a Fixer, settings: &'a Settings, source: &Source, mark: bool) -> Self {
        let path = match &fixer.to {
            FixTo::Nowhere => None,
            FixTo::File(path) => Some(path.clone()),
            FixTo::InPlace { .. } => source.path().map(Path::to_owned),
        };
        let name = match &fixer.to {
            FixTo::File(path) => path.display().to_string(),
            FixTo::Nowhere | FixTo::InPlace { .. } => source.name.clone(),
        };
        Self { copy: path.map(|path| Copy::new(settings, source, path, mark)), fixer, name, taken_out: 0 }
    }

    fn shows(&self) -> bool {
        matches!(self.fixer.to, FixTo::Nowhere)
    }

    /// Takes the byte order mark away, where `findings` has one that is to be fixed, and its finding with it.
    pub(super) fn take_mark(&mut self, findings: &mut Vec<Finding>, tail: &mut Tail<'_>) -> Result<()> {
        let is_mark = |finding: &Finding| finding.def.code == file::BYTE_ORDER_MARK.code;
        if !self.fixer.fixes(&file::BYTE_ORDER_MARK) || !findings.iter().any(is_mark) {
            return Ok(());
        }
        findings.retain(|finding| !is_mark(finding));
        tail.checked.count_fixed(&file::BYTE_ORDER_MARK, 1);
        if self.shows() {
            tail.listener.change(Change::whole(&self.name, 0, &file::BYTE_ORDER_MARK))?;
        }
        self.copy.as_mut().map_or(Ok(()), Copy::begin_without_mark)
    }

    /// Writes what was fixed; how many lines stand before the row no more.
    pub(super) fn row(&mut self, row: &Row, tail: &mut Tail<'_>) -> Result<u64> {
        for (def, places) in &row.fixed {
            tail.checked.count_fixed(def, *places);
        }
        tail.checked.rows_fixed += u64::from(!matches!(row.mended, Mended::Kept | Mended::Left));
        tail.checked.rows_left += u64::from(matches!(row.mended, Mended::Left));
        if self.shows()
            && let Some(change) = row.change(&self.name)
        {
            tail.listener.change(change)?;
        }
        if let Some(copy) = &mut self.copy {
            match &row.mended {
                Mended::Kept | Mended::Left => {}
                Mended::Written { bytes, .. } => copy.replace(row.origin, bytes)?,
                Mended::TakenOut => {
                    copy.take_out(row.origin)?;
                    self.taken_out += 1;
                }
            }
        }
        Ok(self.taken_out)
    }

    /// How many lines stand before the next row no more.
    pub(super) fn taken_out(&self) -> u64 {
        self.taken_out
    }

    pub(super) fn finish(self) -> Result<Option<FixedFile>> {
        let Some(copy) = self.copy else { return Ok(None) };
        match &self.fixer.to {
            FixTo::Nowhere => Ok(None),
            FixTo::File(_) => copy.finish().map(|()| Some(FixedFile { path: self.name, backup: None })),
            FixTo::InPlace { backup } => copy.finish_in_place(*backup),
        }
    }
}
