//! What reading and assembling may say about a source or a record.

use crate::diagnostic::{Def, Severity};

macro_rules! defs {
    ($($constant:ident = $code:literal $name:literal $severity:ident; $summary:literal; $why:literal; $remedy:literal;)+) => {
        $(
            #[doc = concat!("`", $code, "` ", $name, ": ", $summary, ".")]
            pub static $constant: Def = Def {
                code: $code,
                name: $name,
                severity: Severity::$severity,
                summary: $summary,
                why: $why,
                remedy: $remedy,
            };
        )+
        /// Every code of reading, sorted.
        pub static ALL: &[&Def] = &[$(&$constant),+];
    };
}

defs! {
    JSON_INVALID = "READ001" "invalid-json" Error;
        "the record is not valid JSON";
        "services refuse the whole file, trainers stop at the line";
        "mend the place named; a comma too many, a missing quote and a cut line are the usual causes";
    JSON_TOO_DEEP = "READ002" "too-deep-json" Error;
        "the record nests deeper than 128 levels";
        "parsers stop or crash on such input, and no training format needs it";
        "take the nested part out of the export";
    JSON_SURROGATE = "READ003" "lone-surrogate" Error;
        "a `\\uD800` to `\\uDFFF` escape stands without its other half";
        "it is no character: some parsers pass it on, others refuse the file";
        "remove or complete the escape; exporters that cut text in the middle of an emoji make it";
    NOT_UTF8 = "READ004" "not-utf8" Error;
        "the record is not valid UTF-8";
        "services accept UTF-8 only; guessing would change what was said";
        "say the encoding with `--encoding windows-1252`, or convert the file";
    RECORD_TOO_LONG = "READ005" "too-long-record" Error;
        "the record is longer than the limit";
        "one record of that size is a broken export, and reading it would need memory without bound";
        "raise `--max-record`, or mend the export";
    NO_CHAT_SHAPE = "READ006" "no-conversation" Error;
        "the record holds nothing that looks like a conversation";
        "there is nothing to learn from";
        "say where things are with `--messages-path`, `--role-path`, `--text-path`, or choose a reader with `--from`";
    WRONG_SHAPE = "READ007" "different-shape" Error;
        "the record has another shape than its reader expects";
        "a file of two formats is refused by services and misread by trainers";
        "put records of different shapes in different files, or choose the reader with `--from`";
    NO_ANSWERS = "READ008" "no-answer" Warning;
        "there is a question and no answer to learn";
        "fine-tuning learns answers; questions with labels are a classification set, not a chat";
        "name the answer with `--answer-column` where a table has one under another name; rows that nobody answered cannot be used";
    WINDOWS_1252 = "READ009" "windows-1252-text" Info;
        "the text was not UTF-8 and was read as Windows-1252";
        "the usual other encoding of Western exports; a wrong guess shows as odd letters";
        "look at one such record; give `--encoding` where the guess is wrong";
    DUPLICATE_KEY = "READ010" "duplicate-key" Warning;
        "one JSON object has a key twice";
        "parsers keep the last one, and what the first one said is lost without a word";
        "remove one of them";
    AFFIX_STRIPPED = "READ011" "affix-stripped" Info;
        "a separator or stop suffix of the old completion format was taken away";
        "in a chat format the roles separate; left in place, the model learns to write the marks";
        "keep them with `--keep-affixes`";
    RAGGED_ROW = "READ012" "ragged-row" Warning;
        "the row has fewer cells than the header";
        "the missing ones are empty; a stray quote or separator may have shifted the rest";
        "look at the row; quote cells that hold the separator";
    FILE_SKIPPED = "READ013" "skipped-file" Warning;
        "a file in the folder or archive was not read";
        "nothing of it is in the outputs; where its name says that it holds data (`.jsonl`, `.ndjson`, `.json`, `.csv`, `.tsv`, `.txt`) this is an error";
        "choose a reader with `--from`, or name only the files that are meant";
    REPEATED_HEADER = "READ014" "repeated-header" Info;
        "a row repeats the header and was left out";
        "files put together with `cat` keep every header";
        "nothing to do";
    EMPTY_FILE = "READ015" "empty-file" Warning;
        "the file holds no record";
        "an export that ran for the wrong dates looks like this";
        "leave the file out, or export again";
    BYTE_ORDER_MARK = "READ016" "byte-order-mark" Info;
        "a UTF-8 byte order mark stood at the beginning and was taken away";
        "OpenAI's upload check and Python's `json` refuse it; outputs are written without";
        "nothing to do";
    CONVERTED_ENCODING = "READ017" "converted-encoding" Info;
        "the file was converted to UTF-8; places count bytes after conversion";
        "services accept UTF-8 only";
        "nothing to do";
    NOTHING_READ = "READ018" "nothing-read" Error;
        "none of the files found holds conversations in a known format";
        "there is nothing to train on";
        "choose a reader with `--from`, or say where things are in JSON with `--messages-path`";
    SURPLUS_CELLS = "READ019" "surplus-cells" Error;
        "the row has more cells than the header, and text stands in them";
        "a separator in a text without quotes cuts it, and the model learns to stop in the middle of a sentence";
        "quote cells that hold the separator, or export the table again";
    STRAY_QUOTE = "READ020" "stray-quote" Warning;
        "a quote opens a cell and nothing closes it";
        "read by the book it would swallow the rows behind it; it was read as text, up to the end of its line";
        "look at the row; double quotes inside quoted cells";
    REPLY_QUOTE = "READ021" "quote-of-reply-cut" Info;
        "the quoted beginning of the message that a reply answers was taken away";
        "the chat program wrote it; left in place, the model learns to quote the customer before it answers";
        "nothing to do";
    SEPARATE_MEDIA = "READ022" "separate-media" Error;
        "the text refers to pictures, sounds or films in files of their own";
        "without them the model learns to answer about what it does not see";
        "put pictures into the messages as `image_url` parts, or leave such records out";
    COMPANION = "READ023" "companion-file" Info;
        "a file that says who is who was read beside the export";
        "messages carry identifiers, and names and sides stand in a list of their own";
        "nothing to do";
    JOINED_CELLS = "READ024" "joined-cells" Warning;
        "a text without quotes held the separator, and was put together again";
        "the row has more cells than the header; a space stands behind the separators of a text and behind no other";
        "look at the row; quote cells that hold the separator";
    UNREAD_TIME = "READ025" "unread-time" Warning;
        "rows of a conversation have no time that is understood";
        "times put turns in order; without them an answer can come before its question";
        "write times as `2024-03-01 10:00`, or name a column of numbers that has the order with `--order-column`";
    WORD_FOR_NOTHING = "READ026" "word-for-nothing" Warning;
        "a cell of a turn holds `None`, `null`, `N/A` or `-`, and was read as nothing said";
        "programs write so what is missing, and people answer so";
        "where it was an answer, put a full stop behind it; where it was none, empty the cell";
    CONVERTED_TABLE = "READ030" "converted-table" Info;
        "the file is a table and no text, and was converted; places count lines and bytes after conversion";
        "readers know text; a row that is rejected is shown as it was converted";
        "nothing to do";
    CUT_CELL = "READ031" "cut-cell" Warning;
        "cells are as long as a cell of Excel can be, so their ends are most likely missing";
        "the model learns answers that stop in the middle";
        "export the rows to CSV or JSON from where they came from, without Excel";
    ROUNDED_NUMBER = "READ032" "rounded-number" Warning;
        "numbers have more than the fifteen digits that Excel keeps";
        "long identifiers end in zeros, and two conversations can become one";
        "export identifiers as text, or without Excel";
    FORMULA_ERROR = "READ033" "formula-error" Warning;
        "cells show an error such as `#N/A` instead of a value";
        "as text it would be learned, as a missing value the row is lost";
        "mend the formula, or leave the rows out";
    PARTIAL_CONVERSATION = "READ040" "partial-conversation" Warning;
        "the export holds fewer messages of a conversation than there were";
        "what is missing may be the question or the answer; interfaces give a bounded number of messages and leave the rest to further pages";
        "export the conversation again with all its pages";
    OTHER_BRANCHES = "READ041" "other-branches" Info;
        "messages stand on other branches of the conversation";
        "edited prompts and regenerated answers make a tree; its paths share their beginnings, and a training and a validation row of one beginning are twins";
        "nothing to do: the path that was shown last, or is ranked best, is the conversation";
    BROKEN_TREE = "READ042" "broken-tree" Warning;
        "the links between messages are broken";
        "a message whose parent is missing, or that is its own ancestor, has no certain place";
        "look at the conversation; export it again";
    CITATION_CUT = "READ043" "citation-cut" Info;
        "marks of sources were cut from answers";
        "they point at search results that are not in the row; the model would learn to write marks that lead nowhere";
        "nothing to do";
    NOT_RELEASED = "READ044" "not-released" Error;
        "the source marks the record as deleted, refused or unfinished";
        "those who made the set have taken it out of use";
        "nothing to do";
    REFUSED_ANSWER = "READ045" "refused-answer" Info;
        "an answer that the source marks as wrong is not in the conversation";
        "it would be learned";
        "nothing to do";
    CUT_TEXT = "READ048" "cut-text" Warning;
        "the export cut the text of a message";
        "the model learns to stop in the middle of a sentence";
        "get the original text of the message named";
    ASSUMED_SIDE = "READ049" "assumed-side" Warning;
        "somebody's side was assumed, since the export does not say who is an agent";
        "a customer in copy who is taken for an agent teaches the wrong side";
        "put the list of users beside the export, or give it with `--users`";
    EDIT_MARK = "READ050" "edit-mark-cut" Info;
        "the mark that a message was edited was cut from its end";
        "the messenger wrote it; left in place, the model learns to write it";
        "nothing to do";
    INCOMPLETE_THREAD = "READ060" "incomplete-thread" Warning;
        "the first message of a thread, or some of its replies, are not in the export";
        "an answer without its question teaches little, and a question that was answered looks as if it was not";
        "export again for a longer time; a day's file that is missing in the middle looks like this too";
    DOUBLE_ESCAPE = "READ061" "double-escape" Warning;
        "an entity was escaped twice (`&amp;gt;`), and one layer of it is left";
        "the model learns to write entities where people wrote a character";
        "export again without the step that escapes what is escaped already; people who write about HTML do mean it";
    CUT_EXPORT = "READ062" "cut-export" Error;
        "the export breaks off in the middle of its list of messages";
        "it was interrupted, and the messages that are missing cannot be accounted for";
        "export again; what is whole was read";
}
