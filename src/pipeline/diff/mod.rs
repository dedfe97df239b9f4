//! `diff`: what became of one dataset in another.
//!
//! Each is read once: of a row an entry of 112 bytes stays in memory, what it says goes to a temporary file. Rows are
//! matched by their keys ([`matching`]), what no key decides by words ([`similar`], at most half a gigabyte for a million
//! such rows or fewer); then the texts of rows that differ are taken up again, and compared turn by turn ([`turns`]).

mod dataset;
mod matching;
mod row;
mod similar;
mod turns;

use std::collections::{BTreeMap, BTreeSet};

use self::dataset::{Dataset, Entry};
use self::matching::{Match, Matches, fate};
use self::row::{Beside, Row};
use self::turns::{row_attributes, turn_changes};
use super::belt;
use super::pool::Pool;
use super::pricing::Pricing;
use super::watch::Watch;
use crate::config::Settings;
use crate::cost::Bill;
use crate::error::{Error, Result};
use crate::model::Extra;
use crate::report::difference::{
    CostChange, Difference, FieldChange, FieldTally, FindingChange, MatchedBy, Pair, RoleChange, RowChange,
    RowFate, RowPlace, SCHEMA, SideFlow, TokenChange, UNDIVIDED,
};
use crate::split::Side;
use crate::text::sanitize::excerpt;

/// Most names of fields that are told apart: names may be data.
const FIELDS_KEPT: usize = 256;
/// How many characters of a row are told: from its beginning and, where it is longer, from the end of its first text.
const EXCERPT: usize = 100;
/// Rows that differ worked on at once, and their bytes.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: u64 = 1 << 20;

/// Two datasets, compared.
pub struct Compared {
    /// What is told of all rows.
    pub difference: Difference,
    old: Dataset,
    new: Dataset,
    matches: Matches,
    pool: Pool,
}

/// Compares the dataset at `new` with the one at `old`: files in any shape that is read, or folders. A folder with a
/// training file is a divided dataset, of which only the files of its sides are read.
pub fn diff(settings: &Settings, old: &str, new: &str, watch: &dyn Watch) -> Result<Compared> {
    if old == "-" && new == "-" {
        return Err(Error::usage("standard input can be one of the two datasets, not both")
            .with_hint("give the other one as a file"));
    }
    let pool = Pool::of(settings)?;
    let old = Dataset::read(old, settings, watch)?;
    let new = Dataset::read(new, settings, watch)?;
    let matches = Matches::of(&old, &new, &pool, watch)?;
    let rows = matches.fates(&old.entries, &new.entries)?;
    let difference = Difference {
        schema: SCHEMA,
        chatmill: env!("CARGO_PKG_VERSION"),
        target: settings.target.clone(),
        old: old.told.clone(),
        new: new.told.clone(),
        rows,
        sides: sides(&old, &new, &matches),
        fields: fields(&old, &new, &matches)?,
        messages: messages(&old, &new),
        tokens: tokens(&old, &new),
        cost: cost(settings, &old, &new),
        findings: findings(&old, &new),
    };
    Ok(Compared { difference, old, new, matches, pool })
}

/// Rows before and after, one of them where there is one only.
#[derive(Clone, Copy)]
struct Both<'a> {
    fate: RowFate,
    old: Option<(&'a Entry, bool)>,
    new: Option<(&'a Entry, bool)>,
    matched: Option<Match>,
}

/// A row as it was laid aside, and what stood beside it.
type Bytes = (Vec<u8>, Vec<u8>);

/// A row that differs, and what it says in both datasets, as far as it is there.
type Taken<'a> = (Both<'a>, Option<Bytes>, Option<Bytes>);

impl Compared {
    /// Tells every row that differs, at most `most` of each fate: fate by fate, in the order of the input.
    pub fn changes(
        &self,
        most: usize,
        watch: &dyn Watch,
        mut each: impl FnMut(RowChange) -> Result<()>,
    ) -> Result<()> {
        let mut wanted = RowFate::ALL.iter().flat_map(|fate| self.rows(*fate).take(most));
        let bytes = |dataset: &Dataset, row: Option<(&Entry, bool)>| {
            row.map(|(entry, _)| dataset.bytes(entry)).transpose()
        };
        watch.begin("showing", 0);
        let result = belt::run(
            &self.pool,
            watch,
            || {
                let (mut batch, mut held) = (Vec::new(), 0);
                while batch.len() < BATCH_ROWS
                    && held < BATCH_BYTES
                    && let Some(row) = wanted.next()
                {
                    let (old, new) = (bytes(&self.old, row.old)?, bytes(&self.new, row.new)?);
                    held += [row.old, row.new]
                        .iter()
                        .flatten()
                        .map(|(entry, _)| u64::from(entry.length))
                        .sum::<u64>();
                    batch.push((row, old, new));
                }
                Ok((!batch.is_empty()).then_some(batch))
            },
            |batch: Vec<Taken<'_>>| {
                let change = |(row, old, new): &Taken<'_>| self.change(row, old.as_ref(), new.as_ref());
                batch.iter().map(change).collect::<Result<Vec<RowChange>>>()
            },
            |changes| changes?.into_iter().try_for_each(&mut each),
        );
        watch.end();
        result
    }

    /// All rows of one fate, in the order of the input.
    fn rows(&self, wanted: RowFate) -> Box<dyn Iterator<Item = Both<'_>> + '_> {
        if wanted == RowFate::Added {
            let added = self.new.entries.iter().zip(&self.matches.new_taken).zip(&self.matches.new_copies);
            return Box::new(added.filter(|((_, taken), _)| !**taken).map(|((entry, _), copy)| Both {
                fate: RowFate::Added,
                old: None,
                new: Some((entry, *copy)),
                matched: None,
            }));
        }
        let rows = self.old.entries.iter().zip(&self.matches.of_old).zip(&self.matches.old_copies);
        Box::new(rows.filter_map(move |((entry, matched), copy)| {
            let new = matched.and_then(|matched| self.new.entries.get(matched.new as usize));
            let became = new.map_or(Some(RowFate::Removed), |new| fate(entry, new))?;
            (became == wanted).then_some(Both {
                fate: became,
                old: Some((entry, *copy)),
                new: new.map(|new| (new, false)),
                matched: *matched,
            })
        }))
    }

    fn change(&self, row: &Both<'_>, old: Option<&Bytes>, new: Option<&Bytes>) -> Result<RowChange> {
        let old = old.map(unpacked).transpose()?;
        let new = new.map(unpacked).transpose()?;
        let (mut turns, mut attributes, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        if let (Some((old, old_beside)), Some((new, new_beside))) = (&old, &new) {
            turns = turn_changes(old, new);
            attributes = row_attributes(old, new);
            fields = field_changes(&old_beside.fields, &new_beside.fields);
        }
        let place = |dataset: &Dataset, row: Option<(&Entry, bool)>, read: &Option<(Row<'_>, Beside)>| {
            row.zip(read.as_ref()).map(|((entry, _), (row, beside))| place(dataset, entry, row, beside))
        };
        let by = row.matched.filter(|_| row.fate == RowFate::Changed);
        Ok(RowChange {
            fate: row.fate,
            by: by.map(|matched| matched.by),
            similarity: by
                .filter(|matched| matched.by == MatchedBy::Words)
                .map(|matched| (f64::from(matched.score) * 1000.0).round() / 1000.0),
            copy: [row.old, row.new].iter().flatten().any(|(_, copy)| *copy),
            old: place(&self.old, row.old, &old),
            new: place(&self.new, row.new, &new),
            turns,
            attributes,
            fields,
        })
    }
}

fn unpacked(bytes: &Bytes) -> Result<(Row<'_>, Beside)> {
    let lost = |error| Error::internal(format!("cannot read back a row from a temporary file: {error}"));
    Ok((serde_json::from_slice(&bytes.0).map_err(lost)?, serde_json::from_slice(&bytes.1).map_err(lost)?))
}

fn place(dataset: &Dataset, entry: &Entry, row: &Row<'_>, beside: &Beside) -> RowPlace {
    let text = row.texts().map(str::trim).find(|text| !text.is_empty()).unwrap_or_default();
    let length = text.chars().count();
    let shown = if length <= EXCERPT {
        excerpt(text, EXCERPT)
    } else {
        let end: String = text.chars().skip(length - EXCERPT / 2).collect();
        format!("{}{}", excerpt(text, EXCERPT / 2), excerpt(&end, EXCERPT / 2))
    };
    RowPlace {
        path: dataset.names.get(entry.source as usize).cloned().unwrap_or_default(),
        line: entry.line,
        part: (entry.part > 0).then_some(entry.part + 1),
        id: beside.id.clone(),
        side: entry.side.map(Side::name),
        messages: row.turns.len(),
        tokens: entry.tokens,
        trained: entry.trained,
        excerpt: shown,
    }
}

/// What differs between fields, those of the old row first, in their order.
fn field_changes(old: &Extra, new: &Extra) -> Vec<FieldChange> {
    let added = new.keys().filter(|key| !old.contains_key(*key));
    let change = |key: &String| {
        let value = Pair { old: old.get(key).cloned(), new: new.get(key).cloned() };
        (value.old != value.new).then(|| FieldChange { key: key.clone(), value })
    };
    old.keys().chain(added).filter_map(change).collect()
}

/// Where rows went between sides.
fn sides(old: &Dataset, new: &Dataset, matches: &Matches) -> Vec<SideFlow> {
    type Side3 = Option<Option<Side>>;
    let mut flows: BTreeMap<(Side3, Side3), u64> = BTreeMap::new();
    for (entry, matched) in old.entries.iter().zip(&matches.of_old) {
        let to = matched.and_then(|matched| new.entries.get(matched.new as usize)).map(|new| new.side);
        *flows.entry((Some(entry.side), to)).or_default() += 1;
    }
    for (entry, _) in new.entries.iter().zip(&matches.new_taken).filter(|(_, taken)| !**taken) {
        *flows.entry((None, Some(entry.side))).or_default() += 1;
    }
    let divided = |(from, to): &(Side3, Side3)| from.flatten().is_some() || to.flatten().is_some();
    if !flows.keys().any(divided) {
        return Vec::new();
    }
    let name = |side: Side3| side.map(|side| side.map_or(UNDIVIDED, Side::name));
    let flow = |((from, to), rows)| SideFlow { from: name(from), to: name(to), rows };
    flows.into_iter().map(flow).collect()
}

/// Which fields differ in rows of which a model sees the same.
fn fields(old: &Dataset, new: &Dataset, matches: &Matches) -> Result<Vec<FieldTally>> {
    let mut tally: BTreeMap<String, u64> = BTreeMap::new();
    for (entry, matched) in old.entries.iter().zip(&matches.of_old) {
        let Some(to) = matched.and_then(|matched| new.entries.get(matched.new as usize)) else { continue };
        if entry.keys.normal != to.keys.normal || entry.keys.fields == to.keys.fields {
            continue;
        }
        let (old, new) = (old.bytes(entry)?, new.bytes(to)?);
        let (old, new) = (unpacked(&old)?.1, unpacked(&new)?.1);
        let keys = field_changes(&old.fields, &new.fields).into_iter().map(|change| shape(&change.key));
        for key in keys.collect::<BTreeSet<String>>() {
            if let Some(rows) = tally.get_mut(&key) {
                *rows += 1;
            } else if tally.len() < FIELDS_KEPT {
                tally.insert(key, 1);
            }
        }
    }
    let mut tally: Vec<FieldTally> = tally.into_iter().map(|(key, rows)| FieldTally { key, rows }).collect();
    tally.sort_by_key(|field| std::cmp::Reverse(field.rows));
    Ok(tally)
}

/// The name of a field without its place in a list.
fn shape(key: &str) -> String {
    match key.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once(']')?))) {
        Some((list @ ("messages" | "prompt" | "chosen" | "rejected"), (_, rest))) => {
            format!("{list}[]{rest}")
        }
        _ => key.to_owned(),
    }
}

fn messages(old: &Dataset, new: &Dataset) -> Vec<RoleChange> {
    let numbers = old.messages.iter().zip(&new.messages);
    let role = |(role, (old, new)): (&'static str, (&u64, &u64))| RoleChange {
        role,
        messages: Pair { old: *old, new: *new },
    };
    let roles = Dataset::ROLES.into_iter().zip(numbers).map(role);
    roles.filter(|role| role.messages.old + role.messages.new > 0).collect()
}

fn tokens(old: &Dataset, new: &Dataset) -> TokenChange {
    let plan = new.plan.as_ref().or(old.plan.as_ref());
    TokenChange {
        encoding: plan.map(|plan| plan.meter.vocabulary.clone()).unwrap_or_default(),
        exact: old.exact && new.exact,
        total: Pair { old: old.total, new: new.total },
        trained: Pair { old: old.trained, new: new.trained },
    }
}

/// The bills; what has no price is no fault of the data.
fn cost(settings: &Settings, old: &Dataset, new: &Dataset) -> Option<CostChange> {
    let pricing = Pricing::of(settings).ok()?;
    let bill = |dataset: &Dataset| -> Option<Bill> {
        let (train, valid) = &dataset.billed;
        let plan = dataset.plan.as_ref().filter(|_| train.examples > 0)?;
        pricing.bill(plan, train, valid.tokens).ok()
    };
    let (old, new) = (bill(old), bill(new));
    let known = new.as_ref().or(old.as_ref())?;
    let epochs = |bill: &Option<Bill>| bill.as_ref().map(|bill| bill.epochs);
    let total = |bill: &Option<Bill>| bill.as_ref().map(|bill| bill.total);
    Some(CostChange {
        provider: known.provider.clone(),
        model: known.model.clone(),
        currency: known.currency.clone(),
        epochs: Pair { old: epochs(&old), new: epochs(&new) },
        total: Pair { old: total(&old), new: total(&new) },
    })
}

/// Findings by code: first those whose number changed, the worst first.
fn findings(old: &Dataset, new: &Dataset) -> Vec<FindingChange> {
    let codes: BTreeSet<&'static str> = old.found.keys().chain(new.found.keys()).copied().collect();
    let change = |code: &'static str| {
        let (before, after) = (old.found.get(code), new.found.get(code));
        let count = |found: Option<&(_, _, u64)>| found.map_or(0, |(_, _, count)| *count);
        let severity =
            before.map(|(_, severity, _)| *severity).max(after.map(|(_, severity, _)| *severity))?;
        let (def, ..) = before.or(after)?;
        Some(FindingChange {
            code,
            name: def.name,
            severity,
            count: Pair { old: count(before), new: count(after) },
        })
    };
    let mut changes: Vec<FindingChange> = codes.into_iter().filter_map(change).collect();
    changes.sort_by_key(|change| {
        (change.count.old == change.count.new, std::cmp::Reverse(change.severity), change.code)
    });
    changes
}
