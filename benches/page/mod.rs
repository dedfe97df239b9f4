//! What the benchmarks share: figures that are made up from a fixed seed, and the page they are written to.

mod mixed;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[allow(unused_imports, reason = "not every benchmark needs chats")]
pub use mixed::mixed_chats;

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

/// What a benchmark is told on its command line.
#[allow(dead_code, reason = "not every benchmark takes a file")]
pub struct Told {
    /// The table goes into `docs/performance.md`.
    pub write: bool,
    /// A file of the caller's instead of what is made up.
    pub file: Option<PathBuf>,
}

#[allow(dead_code, reason = "not every benchmark takes a file")]
impl Told {
    pub fn here() -> Self {
        let arguments = || std::env::args().skip(1);
        Self {
            write: arguments().any(|argument| argument == "--write"),
            file: arguments().find(|argument| !argument.starts_with("--")).map(Into::into),
        }
    }

    /// The file given, or so many made-up chats in `folder`; and what that is.
    pub fn chats(&self, folder: &Path, rows: usize) -> (PathBuf, String) {
        if let Some(path) = &self.file {
            return (path.clone(), "a file of the caller's".to_owned());
        }
        let path = folder.join("made.jsonl");
        std::fs::write(&path, support_chats(&mut Variety::new(), rows)).unwrap();
        (path, format!("{rows} made-up support chats (English, fixed seed)"))
    }

    /// The file given; or so many bytes of made-up chats, plain ones and mixed ones.
    pub fn sets(&self, folder: &Path, rows: usize) -> Vec<(PathBuf, String)> {
        let plain = self.chats(folder, rows);
        if self.file.is_some() {
            return vec![plain];
        }
        let path = folder.join("mixed.jsonl");
        // They are longer, and the sets about as large.
        let rows = rows * 4 / 5;
        std::fs::write(&path, mixed_chats(&mut Variety::new(), rows)).unwrap();
        let what = "made-up chats with long prompts, tools, lists, code, mail, numbers, eight languages (fixed seed)";
        vec![plain, (path, format!("{rows} {what}"))]
    }
}

/// Replaces what stands in `docs/performance.md` between the marks of `section`.
pub fn put(section: &str, text: &str) {
    // A package below the repository's root uses this too.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let path = above.map(|folder| folder.join("docs/performance.md")).find(|path| path.is_file()).unwrap();
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {section} -->"), format!("<!-- end of {section} -->"));
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    std::fs::write(path, format!("{before}{begin}\n\n{text}\n{end}{after}")).unwrap();
}

/// Support chats made from a fixed seed: three to eight messages, a system prompt, order numbers; some 610 bytes a row.
#[allow(dead_code, reason = "not every benchmark needs chats")]
pub fn support_chats(variety: &mut Variety, rows: usize) -> String {
    const ASKED: [&str; 6] = [
        "Where is my order {}? It should have been here on Tuesday.",
        "I was charged twice for order {}, please look into it.",
        "How do I send back the cups from order {}? Two of them are broken.",
        "Can I still change the address of order {}?",
        "The code for ten per cent did not work with order {}.",
        "Thanks, and when will {} leave your house?",
    ];
    const ANSWERED: [&str; 6] = [
        "I am sorry for the wait. Order {} left our house this morning and will be with you by Friday.",
        "You are right, {} was charged twice. I have sent the second payment back; it takes three to five days.",
        "That should not happen. I have sent you a label for {}; a new set is on its way already.",
        "Yes, I have changed the address of {}. You will get a mail in a minute.",
        "The code had run out, but I have taken ten per cent off {} by hand.",
        "It is being packed right now: {} leaves today.",
    ];
    let mut next = |below| variety.next(below);
    let mut text = String::new();
    for _ in 0..rows {
        let order = (100_000 + next(900_000)).to_string();
        text.push_str(r#"{"messages":[{"role":"system","content":"You are the support of a shop for cups. Be kind and short."}"#);
        for _ in 0..=next(4) {
            let (asked, answered) =
                (ASKED[next(6)].replace("{}", &order), ANSWERED[next(6)].replace("{}", &order));
            let _ = write!(
                text,
                r#",{{"role":"user","content":"{asked}"}},{{"role":"assistant","content":"{answered}"}}"#
            );
        }
        text.push_str("]}\n");
    }
    text
}
