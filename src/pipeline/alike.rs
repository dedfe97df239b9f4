//! Near twins among all examples of a run.

use super::watch::{Watch, until_stopped};
use crate::config::NearSettings;
use crate::dedup::near::{Method, Search, SetSpool, Sets, Twin, components, recall, star_behind};
use crate::error::Result;

/// Rows for which all pairs are looked for, to say how many an approximate search finds.
const RECALL_SAMPLE: usize = 1_000;

/// Near twins as they were found.
pub(super) struct Alike {
    /// Shingles of all rows.
    pub sets: Sets,
    /// Of whom each row is the twin.
    pub twins: Vec<Option<Twin>>,
    /// Twins that stay.
    pub links: Vec<(u32, u32)>,
    /// Share of the pairs that were found in a sample, where not all are.
    pub recall: Option<f64>,
}

impl Alike {
    /// Finds them: of those that go each with the kept row it is most alike, of those that stay the links. The first `known`
    /// rows are those of earlier runs, which stay where they are.
    pub fn find(
        terms: NearSettings,
        sets: SetSpool,
        known: u32,
        keep: bool,
        order: Option<&[u32]>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        watch.begin("comparing", 0);
        let progress = until_stopped(watch);
        let sets = sets.finish()?;
        let search = Search { threshold: terms.threshold, method: terms.method, progress: &progress };
        let (mut twins, mut links) = (Vec::new(), Vec::new());
        if keep {
            let found = components(&sets, &search)?;
            let linked = (0..).zip(&found.link).filter_map(|(row, twin)| Some((row, twin.as_ref()?.of)));
            links.extend(linked);
        } else {
            twins = star_behind(&sets, known, &search, order)?;
        }
        let recall = match terms.method {
            Method::Exact => None,
            Method::MinHash => recall(&sets, terms.threshold, RECALL_SAMPLE)?.share(),
        };
        watch.end();
        Ok(Self { sets, twins, links, recall })
    }
}
