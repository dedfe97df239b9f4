//! Reading: what a source is, which reader understands it and why, where its records begin and end, and how a
//! record becomes a conversation, an example or a preference; then assembling.
//!
//! Adding a format is one file here and one line in [`READERS`]. A reader never judges and never writes.

pub mod assemble;
pub mod codes;
pub mod detect;
pub mod exports;
pub mod frame;
pub mod json;
pub mod mail;
pub mod people;
pub mod phrases;
pub mod reader;
pub mod sample;
pub mod settings;
pub mod source;
pub mod speakers;
pub mod transcript;

mod abcd;
mod alpaca;
mod amazon_connect;
mod anthropic;
mod bedrock;
mod channel;
mod chatgpt;
mod chatml;
mod claude;
mod crisp;
mod crosswoz;
mod csv;
mod desk;
mod discord;
mod dolly;
mod freshdesk;
mod front;
mod genesys;
mod google_insights;
mod help_scout;
mod hubspot;
mod intercom;
mod irc;
mod kto;
mod labels;
mod livechat;
mod nested;
mod oasst;
mod openai_chat;
mod preference;
mod prompt_completion;
mod rows_of;
mod salesforce;
mod sgd;
mod sharegpt;
mod slack;
mod slack_xml;
mod star;
mod subtitles;
mod taskmaster;
mod tawk;
mod teams;
mod telegram;
mod topical_chat;
mod twilio;
mod vcon;
mod vertex;
mod whatsapp;
mod zendesk;
mod zendesk_chat;

pub use detect::detect;
pub use frame::{Batch, Frame, Frames};
pub use reader::{Decode, Decoded, Gathered, Guess, Opened, Reader, ReaderSpec};
pub use sample::Sample;
pub use settings::ReadSettings;
pub use source::Source;

/// Every reader, sorted by name.
pub static READERS: &[&dyn Reader] = &[
    &abcd::ABCD,
    &alpaca::Alpaca,
    &amazon_connect::AmazonConnect,
    &anthropic::ANTHROPIC,
    &bedrock::BEDROCK,
    &chatgpt::CHATGPT,
    &chatml::CHATML,
    &claude::CLAUDE,
    &crisp::Crisp,
    &crosswoz::CROSSWOZ,
    &csv::Csv,
    &discord::Discord,
    &dolly::Dolly,
    &freshdesk::Freshdesk,
    &front::Front,
    &genesys::Genesys,
    &google_insights::GoogleInsights,
    &help_scout::HelpScout,
    &hubspot::HubSpot,
    &intercom::Intercom,
    &irc::Irc,
    &kto::Kto,
    &livechat::LiveChat,
    &mail::Mail,
    &nested::NestedJson,
    &oasst::Oasst,
    &openai_chat::OpenAiChat,
    &preference::PreferencePairs,
    &prompt_completion::PromptCompletion,
    &salesforce::Salesforce,
    &sgd::SGD,
    &sharegpt::ShareGpt,
    &slack::Slack,
    &slack_xml::SlackXml,
    &star::STAR,
    &subtitles::Subtitles,
    &taskmaster::Taskmaster,
    &tawk::Tawk,
    &teams::Teams,
    &telegram::Telegram,
    &topical_chat::TOPICAL_CHAT,
    &transcript::Transcript,
    &twilio::Twilio,
    &vcon::VCon,
    &vertex::VERTEX,
    &whatsapp::WhatsApp,
    &zendesk::Zendesk,
    &zendesk_chat::ZendeskChat,
];

/// The reader of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.spec().name == name)
}
