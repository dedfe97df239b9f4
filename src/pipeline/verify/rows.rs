//! Rows, groups and twins across the sides.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::manifest::Manifest;
use crate::config::Settings;
use crate::dedup::near::{
    Closest, Cut, Search, SetSpool, Shingler, Similarity, Threshold, across, closest_across,
};
use crate::dedup::{Compare, PromptKeys, fingerprint, questions};
use crate::disk::Sorter;
use crate::error::{Error, Result};
use crate::model::Prints;
use crate::pipeline::earlier::read_provenance;
use crate::pipeline::held::{FirstOwn, HeldKey};
use crate::pipeline::judge::small;
use crate::pipeline::pool::Pool;
use crate::pipeline::rows_back::rows_back;
use crate::pipeline::tasks::Tasks;
use crate::pipeline::watch::{Watch, until_stopped};
use crate::report::proof::{CASES_TOLD, Check};
use crate::split::{Certificate, ClosestPair, Place, Side};
use crate::text::hash::from_hex;
use crate::text::number::count;

/// What the provenance says of a row.
struct Known {
    fingerprint: u128,
    group: u128,
}

/// Every promise about rows and sides.
pub(super) fn rows(
    folder: &Path,
    manifest: &Manifest,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Vec<Check>> {
    let Some(certificate) = &manifest.certificate else { return Ok(Vec::new()) };
    let mut told = Check::new("rows");
    let known = known(folder, &mut told)?;
    let groups = groups(certificate, &known);
    let mut sides = Sides::new(certificate)?;
    let pool = Pool::of(settings)?;
    let settings = (settings, &pool);
    for side in Side::ALL {
        if certificate.sides.iter().any(|proof| proof.file.file == side.file()) {
            sides.read(folder, side, manifest, &known[side as usize], settings, watch, &mut told)?;
        }
    }
    let rows = sides.of_row.len() as u64;
    told.says = format!("{}, each as its line of provenance says", count(rows, "row"));
    let mut checks = vec![told, groups];
    checks.push(std::mem::replace(&mut sides.twins, Check::new("twins")));
    checks.push(pool.install(|| sides.prompts())?);
    checks.extend(pool.install(|| sides.near(certificate, watch))?);
    Ok(checks)
}

/// The provenance, by side and row.
fn known(folder: &Path, told: &mut Check) -> Result<[Vec<Known>; 3]> {
    let mut known: [Vec<Known>; 3] = std::array::from_fn(|_| Vec::new());
    read_provenance(folder, |line, stood| {
        let keys =
            (stood.fingerprint.as_deref().and_then(from_hex), stood.group.as_deref().and_then(from_hex));
        let (Some(side), (Some(fingerprint), Some(group))) = (Side::of_file(&stood.file), keys) else {
            told.fail(|| format!("line {line} of the provenance names no side, fingerprint or group"));
            return Ok(());
        };
        let rows = &mut known[side as usize];
        if stood.row != rows.len() as u64 + 1 {
            told.fail(|| {
                format!(
                    "line {line} of the provenance tells of {} row {}, out of turn",
                    stood.file, stood.row
                )
            });
        }
        rows.push(Known { fingerprint, group });
        Ok(())
    })?;
    Ok(known)
}

/// No group stands on two sides, and there are as many as the certificate says.
fn groups(certificate: &Certificate, known: &[Vec<Known>; 3]) -> Check {
    let mut check = Check::new("groups");
    let mut first: FxHashMap<u128, Place> = FxHashMap::default();
    let mut side_of: FxHashMap<u128, Side> = FxHashMap::default();
    let mut counts = [0u64; 3];
    for (side, rows) in Side::ALL.into_iter().zip(known) {
        for (row, known) in (1..).zip(rows) {
            let at = || Place { file: side.file().to_owned(), row };
            match side_of.get(&known.group) {
                None => {
                    side_of.insert(known.group, side);
                    first.insert(known.group, at());
                    counts[side as usize] += 1;
                }
                Some(other) if *other != side => {
                    let other = first.get(&known.group).map(ToString::to_string).unwrap_or_default();
                    check.fail(|| format!("{} and {other} are of one group", at()));
                }
                Some(_) => {}
            }
        }
    }
    for proof in &certificate.sides {
        let counted = Side::of_file(&proof.file.file).map_or(0, |side| counts[side as usize]);
        if check.holds && counted != proof.groups {
            check.fail(|| {
                format!(
                    "{} has {}, and the certificate says {}",
                    proof.file.file,
                    count(counted, "group"),
                    proof.groups
                )
            });
        }
    }
    check.says = format!("{}, none on two sides", count(counts.iter().sum(), "group"));
    check
}

/// All rows that were read back.
struct Sides {
    on: Compare,
    cut: Option<(Cut, Threshold)>,
    sets: SetSpool,
    of_row: Vec<u32>,
    first_row: [u32; 3],
    prints: FxHashMap<u128, (Side, u64)>,
    /// What is asked in every row; nothing once it is looked at.
    prompts: Option<Sorter<HeldKey>>,
    twins: Check,
}

impl Sides {
    fn new(certificate: &Certificate) -> Result<Self> {
        let terms = &certificate.twins;
        let on = terms.on.parse()?;
        let near = |near: &crate::split::NearTerms| {
            let cut = Cut { on, shingle: near.shingle.parse()?, masks: near.masks.parse()? };
            Ok::<_, Error>((cut, Threshold::new(near.threshold)?))
        };
        Ok(Self {
            on,
            cut: terms.near.as_ref().map(near).transpose()?,
            sets: SetSpool::create(&std::env::temp_dir()),
            of_row: Vec::new(),
            first_row: [0; 3],
            prints: FxHashMap::default(),
            prompts: Some(Sorter::new(&std::env::temp_dir())),
            twins: Check::new("twins"),
        })
    }

    /// Reads one side back.
    #[expect(clippy::too_many_arguments, reason = "all that a side is held against")]
    fn read(
        &mut self,
        folder: &Path,
        side: Side,
        manifest: &Manifest,
        known: &[Known],
        settings: (&Settings, &Pool),
        watch: &dyn Watch,
        told: &mut Check,
    ) -> Result<()> {
        let (on, cut) = (self.on, self.cut.map(|(cut, _)| cut));
        if !folder.join(side.file()).is_file() {
            told.fail(|| format!("{} is gone", side.file()));
            return Ok(());
        }
        self.first_row[side as usize] = u32::try_from(self.of_row.len()).unwrap_or(u32::MAX);
        let mut read = 0;
        let look = |body: &crate::model::Body| {
            let prints = Prints::of(body, &mut Vec::new());
            let set = cut.map(|cut| Shingler::new(cut).set(body).to_vec());
            (fingerprint(body, &prints, on), questions(body, &prints), set.unwrap_or_default())
        };
        rows_back(&folder.join(side.file()), manifest.format()?, settings, watch, look, |row, seen| {
            read = row;
            let (print, asked, set) = match seen {
                Ok(seen) => seen,
                Err(why) => {
                    told.fail(|| format!("{} row {row} cannot be read: {why}", side.file()));
                    (0, PromptKeys::default(), Vec::new())
                }
            };
            if let Some(prompts) = &mut self.prompts {
                let row = small(self.of_row.len() as u64);
                HeldKey::all(&asked.own, &asked.inner, row).try_for_each(|held| prompts.push(held))?;
            }
            self.of_row.push(side as u32);
            self.sets.push(&set)?;
            match usize::try_from(row - 1).ok().and_then(|index| known.get(index)) {
                None => told.fail(|| format!("{} row {row} has no line of provenance", side.file())),
                Some(known) if known.fingerprint != print => {
                    told.fail(|| format!("{} row {row} is not the one its provenance tells of", side.file()));
                }
                Some(_) => {}
            }
            let (at, earlier) = *self.prints.entry(print).or_insert((side, row));
            if at != side {
                self.twins
                    .fail(|| format!("{} row {row} is a twin of {} row {earlier}", side.file(), at.file()));
            }
            Ok(())
        })?;
        if read < known.len() as u64 {
            told.fail(|| {
                format!(
                    "{} has {}, and the provenance tells of {}",
                    side.file(),
                    count(read, "row"),
                    known.len()
                )
            });
        }
        self.twins.says = format!("no row of one side is an exact twin of one of another, by {on}");
        Ok(())
    }

    /// No row asks what another side has an answer to, in the end or on the way.
    fn prompts(&mut self) -> Result<Check> {
        let mut check = Check::new("prompts");
        let prompts = self.prompts.take().map(Sorter::finish).transpose()?;
        let Some(prompts) = prompts else { return Ok(check) };
        let tasks = Tasks::of(&prompts, self.of_row.len() as u64)?;
        let mut first = FirstOwn::default();
        for held in tasks.tell_apart(&prompts) {
            let held = held?;
            let Some(own) = first.of(held) else { continue };
            if self.of_row.get(own as usize) == self.of_row.get(held.row as usize) {
                continue;
            }
            check.fail(|| {
                let place = |row: u32| place(&self.of_row, self.first_row, row);
                let says = if held.inner { "stands inside" } else { "is also that of" };
                format!("the prompt of {} {says} {}", place(own), place(held.row))
            });
        }
        "no row of one side asks what stands in a row of another".clone_into(&mut check.says);
        Ok(check)
    }

    /// No near twins across the sides, and the closest pair is the one of the certificate.
    fn near(self, certificate: &Certificate, watch: &dyn Watch) -> Result<Vec<Check>> {
        let Some((_, threshold)) = self.cut else { return Ok(Vec::new()) };
        let (of_row, first_row) = (self.of_row, self.first_row);
        let place = |row: u32| place(&of_row, first_row, row);
        let sets = self.sets.finish()?;
        let progress = until_stopped(watch);
        let mut near = Check::new("near-twins");
        let search = Search { progress: &progress, ..Search::exact(threshold) };
        let leaks = across(&sets, &search, &of_row, CASES_TOLD)?;
        for leak in &leaks.pairs {
            let similarity = leak.twin.similarity;
            near.fail(|| {
                format!("{} and {} are {:.3} alike", place(leak.row), place(leak.twin.of), similarity.ratio())
            });
        }
        near.count = leaks.rows;
        near.says = format!("no pair across the sides is {threshold} alike or more, all of them compared");
        let mut closest = Check::new("closest");
        // What holds at the threshold has been shown; only what is claimed below it is looked for.
        let below = certificate.closest.searched_from.filter(|from| *from < threshold.value());
        if let Some(from) = below.filter(|_| near.holds) {
            let found = closest_across(&sets, &of_row, Threshold::new(from)?, u64::MAX, &progress)?;
            let shared = if let Closest::Pair(leak) = found { Some(leak.twin.similarity) } else { None };
            let claimed = certificate.closest.pair.as_ref();
            match (&shared, claimed) {
                (Some(found), Some(claimed)) if is_claimed(*found, claimed) => {
                    closest.says = format!(
                        "the most alike across the sides are {:.3} alike: {} and {}",
                        claimed.similarity, claimed.rows[0], claimed.rows[1]
                    );
                }
                (None, None) => closest.says = format!("no pair across the sides is {from} alike"),
                _ => {
                    let says = |ratio: Option<f64>| {
                        ratio.map_or_else(|| format!("below {from}"), |ratio| format!("{ratio:.3}"))
                    };
                    closest.fail(|| {
                        format!(
                            "the most alike across the sides are {}, and the certificate says {}",
                            says(shared.map(Similarity::ratio)),
                            says(claimed.map(|claimed| claimed.similarity))
                        )
                    });
                }
            }
            return Ok(vec![near, closest]);
        }
        Ok(vec![near])
    }
}

/// Whether the pair is as alike as the certificate says: by whole numbers, which are the same on every machine.
fn is_claimed(found: Similarity, claimed: &ClosestPair) -> bool {
    u128::from(found.shared) * u128::from(claimed.union)
        == u128::from(claimed.shared) * u128::from(found.union)
}

fn place(of_row: &[u32], first_row: [u32; 3], row: u32) -> Place {
    let side = of_row.get(row as usize).and_then(|side| Side::ALL.get(*side as usize).copied());
    let side = side.unwrap_or(Side::Train);
    Place { file: side.file().to_owned(), row: u64::from(row.saturating_sub(first_row[side as usize])) + 1 }
}
