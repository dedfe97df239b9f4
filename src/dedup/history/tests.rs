//! Indexes that were cut off, changed, locked, made again: nothing is lost, and nothing is called known that no folder holds.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::segment::{Head, Row as Entry};
use super::*;
use crate::disk::Packed;

/// Folders and what they hold, by name.
struct Home {
    home: tempfile::TempDir,
    held: RefCell<BTreeMap<PathBuf, Held>>,
}

/// A row: fingerprint, source, line, set.
type Row = (u128, u32, u32, Vec<u64>);

fn rows(from: u64, count: u64) -> Vec<Row> {
    let row = |number: u64| {
        let line = u32::try_from(number).unwrap() + 1;
        (
            u128::from(number) << 70,
            line % 2,
            line,
            (number..number + number % 4).map(|key| key << 40).collect(),
        )
    };
    (from..from + count).map(row).collect()
}

fn terms() -> Terms {
    Terms::new(crate::dedup::Compare::default(), None)
}

impl Home {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), held: RefCell::default() }
    }

    fn index(&self) -> PathBuf {
        self.home.path().join("known.index")
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn hold(&self, name: &str, held: Held) {
        self.held.borrow_mut().insert(place::home(&self.index()).join(name), held);
    }

    fn open(&self, output: &str) -> Result<(History, Vec<Finding>)> {
        let held = |folder: &Path| {
            let folder = place::home(&self.index()).join(folder.file_name().unwrap_or_default());
            Ok(self.held.borrow().get(&folder).copied().unwrap_or(Held::Nothing))
        };
        History::open(&self.index(), &terms(), &self.folder(output), held)
    }

    /// Runs to `output` up to where it breaks off.
    fn run(&self, output: &str, rows: &[Row], digest: u8, until: Until) -> Vec<Finding> {
        let (history, findings) = self.open(output).unwrap();
        let mut addition = Addition::begin(&history, self.home.path()).unwrap();
        for (fingerprint, source, line, set) in rows {
            addition.add(*fingerprint, *source, *line, set).unwrap();
        }
        if until == Until::Rows {
            return findings;
        }
        let sources = vec!["march.csv".to_owned(), "april.csv".to_owned()];
        addition.seal(&self.folder(output), sources, [digest; 32]).unwrap();
        if until >= Until::Whole {
            self.hold(output, Held::Whole([digest; 32]));
        }
        if until == Until::Counts {
            addition.confirm().unwrap();
        }
        findings
    }

    fn known(&self) -> Result<(Vec<Row>, Vec<Finding>)> {
        let (history, findings) = self.open("elsewhere")?;
        let mut rows: Vec<Row> = Vec::new();
        history.each(|fingerprint, set| {
            rows.push((fingerprint, 0, 0, set.to_vec()));
            Ok(())
        })?;
        for (number, row) in (0..).zip(&mut rows) {
            let recorded = history.row(number)?;
            row.1 = u32::from(recorded.path == "april.csv");
            row.2 = recorded.line;
        }
        assert_eq!(rows.len(), history.rows() as usize);
        Ok((rows, findings))
    }
}

/// How far a run comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Rows,
    Sealed,
    Whole,
    Counts,
}

#[test]
fn runs_are_known_in_their_order() {
    let home = Home::new();
    home.run("one", &rows(0, 5), 1, Until::Counts);
    home.run("two", &[], 2, Until::Counts);
    home.run("three", &rows(5, 3), 3, Until::Counts);
    let (history, findings) = home.open("four").unwrap();
    assert_eq!((history.runs(), history.rows(), history.next_run(), findings.len()), (3, 8, 4, 0));
    let recorded = history.row(6).unwrap();
    assert_eq!((recorded.run, recorded.path, recorded.line), (3, "april.csv", 7));
    assert!(recorded.folder.ends_with("three") && history.row(8).is_err());
    drop(history);
    assert_eq!(home.known().unwrap().0, rows(0, 8));
}

#[test]
fn a_run_counts_when_its_folder_is_whole_and_not_before() {
    for (until, known, told) in
        [(Until::Rows, 4, 0), (Until::Sealed, 4, 1), (Until::Whole, 6, 0), (Until::Counts, 6, 0)]
    {
        let home = Home::new();
        home.run("one", &rows(0, 4), 1, Until::Counts);
        home.run("two", &rows(4, 2), 2, until);
        let (found, findings) = home.known().unwrap();
        assert_eq!((found, findings.len()), (rows(0, known), told), "{until:?}");
        // What does not count makes room for the next run.
        home.run("three", &rows(known, 3), 3, Until::Counts);
        assert_eq!(home.known().unwrap().0, rows(0, known + 3), "{until:?}");
    }
}

#[test]
fn a_run_that_broke_off_at_any_byte_takes_nothing_with_it() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    let counted = fs::metadata(home.index()).unwrap().len();
    home.run("two", &rows(4, 3), 2, Until::Sealed);
    let whole = fs::read(home.index()).unwrap();
    for end in 0..whole.len() {
        fs::write(home.index(), &whole[..end]).unwrap();
        let found = home.known();
        if (end as u64) < counted {
            let error = found.unwrap_err();
            assert!(error.hint().is_some(), "{end}: {error}");
            assert_eq!(fs::read(home.index()).unwrap(), whole[..end], "{end}");
        } else {
            let (known, findings) = found.unwrap();
            assert_eq!((known, findings.len()), (rows(0, 4), usize::from(end as u64 > counted)), "{end}");
        }
    }
    // A disk may also give back other bytes than were written.
    for at in usize::try_from(counted).unwrap()..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(home.index(), &bytes).unwrap();
        home.hold("two", Held::Whole([2; 32]));
        let (known, findings) = home.known().unwrap();
        assert_eq!((known, findings.len()), (rows(0, 4), 1), "{at}");
    }
}

#[test]
fn no_changed_bit_changes_what_is_known() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    home.run("two", &rows(4, 3), 2, Until::Counts);
    let whole = fs::read(home.index()).unwrap();
    let mut refused = 0_u64;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(home.index(), &bytes).unwrap();
        match home.known() {
            Ok((known, findings)) => assert_eq!((known, findings.len()), (rows(0, 7), 0), "{at}"),
            Err(error) => {
                refused += 1;
                assert!(error.hint().is_some(), "{at}: {error}");
            }
        }
    }
    // All but one slot and the empty rest of three sectors.
    assert!(refused > whole.len() as u64 - START, "{refused}");
    // The end that was written last wins over one that is older or damaged.
    for slot in [512, 1024] {
        let mut bytes = whole.clone();
        bytes[slot] ^= 0x40;
        fs::write(home.index(), &bytes).unwrap();
        assert_eq!(home.known().unwrap().0, rows(0, 7));
    }
}

#[test]
fn the_last_run_is_made_again_in_its_place() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    home.run("two", &rows(4, 3), 2, Until::Counts);
    // Until the folder is replaced, the run that is there counts.
    home.run("two", &rows(4, 2), 3, Until::Sealed);
    assert_eq!(home.known().unwrap().0, rows(0, 7));
    home.run("two", &rows(4, 2), 3, Until::Counts);
    assert_eq!(home.known().unwrap().0, rows(0, 6));
    let error = home.open("one").err().unwrap();
    assert!(error.to_string().contains("run 1") && error.hint().unwrap().contains("-o"), "{error}");
}

#[test]
fn a_folder_that_broke_while_it_was_replaced_holds_neither_run() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    home.run("two", &rows(4, 3), 2, Until::Counts);
    home.run("two", &rows(4, 2), 3, Until::Sealed);
    home.hold("two", Held::Broken);
    let (known, findings) = home.known().unwrap();
    assert_eq!((known, findings.len()), (rows(0, 4), 1));
    assert!(findings[0].message.contains("in the place of run 2"), "{}", findings[0].message);
    home.run("two", &rows(4, 5), 4, Until::Counts);
    assert_eq!(home.known().unwrap().0, rows(0, 9));
}

#[test]
fn a_folder_that_was_taken_away_is_told() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    home.hold("one", Held::Nothing);
    let (history, findings) = home.open("one").unwrap();
    assert_eq!((history.rows(), findings.len()), (4, 1));
    assert_eq!(findings[0].def.code, "HIST002");
}

#[test]
fn an_index_without_rows_is_none() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Rows);
    assert!(!home.index().exists());
    // One that a killed run left takes the terms of the next.
    fs::write(home.index(), header::fresh("other terms").unwrap()).unwrap();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    assert_eq!(home.known().unwrap().0, rows(0, 4));
}

#[test]
fn two_runs_do_not_share_an_index() {
    let home = Home::new();
    let (first, _) = home.open("one").unwrap();
    assert!(home.open("two").err().unwrap().to_string().contains("another run"));
    drop(first);
    home.run("one", &rows(0, 4), 1, Until::Counts);
    // Where locks do not work, a change is seen.
    let (history, _) = home.open("two").unwrap();
    fs::write(home.index(), fs::read(home.index()).unwrap().repeat(2)).unwrap();
    let error = Addition::begin(&history, home.home.path()).err().unwrap();
    assert!(error.to_string().contains("was changed"), "{error}");
}

#[test]
fn what_is_no_index_is_refused_and_left_alone() {
    let home = Home::new();
    let mut newer = header::fresh(terms().text()).unwrap();
    newer[16] = 2;
    let strangers = [
        (Vec::new(), "no index"),
        (b"{\"messages\": []}\n".to_vec(), "no index"),
        (b"chatmill index\r\n".to_vec(), "cut off"),
        (newer, "version 2"),
        (vec![0; 5_000], "no index"),
    ];
    for (bytes, wanted) in strangers {
        fs::write(home.index(), &bytes).unwrap();
        let error = home.open("one").err().unwrap();
        assert!(error.to_string().contains(wanted) && error.hint().is_some(), "{error}");
        assert_eq!(fs::read(home.index()).unwrap(), bytes);
    }
    fs::remove_file(home.index()).unwrap();
    fs::create_dir(home.index()).unwrap();
    assert!(home.open("one").err().unwrap().to_string().contains("is no file"));
}

#[test]
fn lengths_that_lie_make_no_room() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    let whole = fs::read(home.index()).unwrap();
    let start = usize::try_from(START).unwrap();
    // Rows, shingles and names, each as much as the number holds, with a digest that is right.
    for field in [12, 20, 28] {
        for value in [u64::MAX, 1 << 40, 1_000] {
            let mut bytes = whole.clone();
            bytes[start + field..start + field + 8].copy_from_slice(&value.to_le_bytes());
            let sum = *blake3::hash(&bytes[start..start + 164]).as_bytes();
            bytes[start + 164..start + 196].copy_from_slice(&sum);
            fs::write(home.index(), &bytes).unwrap();
            assert!(home.known().unwrap_err().to_string().contains("damaged"), "{field} {value}");
        }
    }
}

#[test]
fn other_terms_are_refused_by_name() {
    let home = Home::new();
    home.run("one", &rows(0, 4), 1, Until::Counts);
    let near = Terms::new(crate::dedup::Compare::default(), Some(crate::dedup::near::Cut::default()));
    let error =
        History::open(&home.index(), &near, &home.folder("two"), |_| Ok(Held::Nothing)).err().unwrap();
    assert!(error.to_string().contains("no near twins") && error.to_string().contains("words:2"), "{error}");
}

/// The bytes of an index of one run, with digests that fit whatever else they say.
fn with_right_sums(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let start = usize::try_from(START).unwrap();
    let mut head = Head::unpack(bytes.get(start..)?)?;
    let mut rest = bytes.get(start + Head::BYTES..)?;
    let mut sum = |length: u64| {
        let (part, behind) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        rest = behind;
        Some(*blake3::hash(part).as_bytes())
    };
    head.sets_sum = sum(head.shingles.checked_mul(8)?)?;
    head.table_sum = sum(head.rows.checked_mul(Entry::BYTES as u64)?)?;
    head.names_sum = sum(head.names)?;
    head.check = head.sum();
    let mut packed = Vec::new();
    head.append(&mut packed);
    bytes[start..start + Head::BYTES].copy_from_slice(&packed);
    Some(bytes)
}

proptest! {
    /// Whoever can write digests can write anything: it is refused or read, and what is read keeps the promises of sets.
    #[test]
    fn lies_with_right_sums_are_refused_or_harmless(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let home = Home::new();
        home.run("one", &rows(0, 6), 1, Until::Counts);
        let mut bytes = fs::read(home.index()).unwrap();
        let start = usize::try_from(START).unwrap();
        for (at, value) in changes {
            let place = start + at.index(bytes.len() - start);
            bytes[place] = value;
        }
        let Some(bytes) = with_right_sums(bytes) else { return Ok(()) };
        fs::write(home.index(), bytes).unwrap();
        let Ok((history, _)) = home.open("two") else { return Ok(()) };
        let mut counted = 0;
        let read = history.each(|_, set| {
            assert!(set.is_sorted_by(|a, b| a < b));
            counted += 1;
            Ok(())
        });
        prop_assert!(read.is_err() || counted == history.rows());
        for number in 0..history.rows() {
            let _ = history.row(number);
        }
    }
}
