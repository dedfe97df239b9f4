//! What the benchmarks share: figures that are made up from a fixed seed, and the page they are written to.

use std::path::Path;

/// Variety that is the same each time: xorshift64 (Marsaglia 2003); randomness is not needed.
pub struct Variety(u64);

impl Variety {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `below`.
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

/// Replaces what stands in `docs/performance.md` between the marks of `section`.
pub fn put(section: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {section} -->"), format!("<!-- end of {section} -->"));
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    std::fs::write(path, format!("{before}{begin}\n\n{text}\n{end}{after}")).unwrap();
}
