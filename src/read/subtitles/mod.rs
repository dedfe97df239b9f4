//! WebVTT and SubRip: what was said in a meeting or call, written down with times.
//!
//! A file is one conversation. `cues` finds what stands on the screen from when to when, `voices` who says it.

mod cues;
mod voices;

use std::sync::Arc;

use self::cues::{Cue, cues, is_subrip, is_web_vtt};
use self::voices::{Style, turns};
use super::frame::{Feed, Frame, Whole};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source, codes};
use crate::diagnostic::{Finding, Rejection};
use crate::error::Result;
use crate::model::{Conversation, Raw};
use crate::text::encoding::{Stored, to_text};

static SPEC: ReaderSpec = ReaderSpec {
    name: "subtitles",
    title: "meeting and call transcripts as WebVTT or SubRip (Zoom, Teams, Otter, Stream, YouTube)",
    notes: "A file is one conversation. The speaker is what `<v Name>` says (and, in a cue \
            without it, a name before `: ` that is a voice elsewhere or comes again), or what stands before the first `: ` where \
            names stand there throughout the file, or a `(Name)` on a line of its own. Cues in a row of one speaker are \
            one turn: a cue is a piece of a sentence. A cue may hold several speakers: several `<v …>`, lines that begin \
            with `- `, or `>>`. Lines that the next cue repeats (rolling captions) count once. Tags, word times, cue \
            settings, `NOTE`, `STYLE` and `REGION` blocks are left out; `[Music]` and `(applause)` are media. Overlapping cues stay in the order of \
            the file. That Teams leaves out closing tags and writes cue identifiers such as `uuid/12-0` is accepted in either form.",
    how_to_get: "Zoom: the recordings page of the web portal, *Audio transcript* (VTT). Teams: the meeting's *Recap* or \
                 *Transcript* tab, *Download* as .vtt. Otter: *Export* as SRT or TXT.",
    recognised_by: "`WEBVTT` in the first line, or a number and a line `00:00:01,000 --> 00:00:02,500`",
};

/// The reader of subtitles.
pub struct Subtitles;

impl Reader for Subtitles {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let text = sample.text();
        let why = if is_web_vtt(&text) {
            "`WEBVTT` in the first line"
        } else if is_subrip(&text) {
            "numbered cues with times `00:00:01,000 --> 00:00:02,500`"
        } else {
            return None;
        };
        Some(Guess { confidence: 95, why: why.to_owned() })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let text = sample.text();
        let cues = cues(&text);
        let style = Style::of(&cues);
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let id = source.path_within().to_owned();
        Ok(Opened {
            frames: Box::new(Whole::new(feed, source.index, settings.limits.record_bytes)),
            notes: vec![style.describe().to_owned()],
            decoder: Arc::new(Decoder { id }),
        })
    }
}

struct Decoder {
    id: String,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let (text, stored) = to_text(frame.bytes);
        let cues: Vec<Cue<'_>> = cues(&text);
        if cues.is_empty() {
            return Err(Rejection::new(&codes::NO_CHAT_SHAPE, "there is no cue with a time in it"));
        }
        let turns = turns(&cues, &Style::of(&cues));
        let mut findings = Vec::new();
        if stored == Stored::Windows1252 {
            findings.push(Finding::new(
                &codes::WINDOWS_1252,
                "",
                "the conversation was read as Windows-1252",
            ));
        }
        let conversation = Conversation { id: Some(self.id.clone()), turns, ..Conversation::default() };
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}
