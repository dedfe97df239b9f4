//! The settings of a run as its manifest has them: all that decides what is written, stage by stage, with digests of the
//! files that settings name.
//!
//! Paths stand as the user typed them. What decides nothing (threads) is not there, and neither is the day, which only says
//! how old prices are.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::config::{NearSettings, Settings};
use crate::cost::Weights;
use crate::diagnostic::Severity;
use crate::disk::digest;
use crate::error::{Error, Result};
use crate::pipeline::plan::Plan;
use crate::pipeline::provenance::PROVENANCE;
use crate::split::Amount;

/// The settings, by stage; what is not said by anybody, or not done, is left out.
#[derive(Serialize)]
struct Stages<'a> {
    read: Value,
    users: Option<FileOf>,
    speakers: Value,
    /// Not there where rows stay as they stand.
    mend: Option<Mend<'a>>,
    /// How bad the findings of each rule are that was asked.
    rules: BTreeMap<&'static str, Severity>,
    personal: Personal<'a>,
    grader_fields: &'a [String],
    twins: Twins,
    split: Option<Split<'a>>,
    tokens: Tokens,
    cost: Option<Cost<'a>>,
}

#[derive(Serialize)]
struct Mend<'a> {
    system: Option<&'a str>,
    gap_ms: Option<i64>,
    max_tokens: Option<u64>,
    done: Vec<&'static str>,
}

/// Kinds of personal data and secrets that are looked for, and what is let pass.
#[derive(Serialize)]
struct Personal<'a> {
    kinds: &'a [String],
    allow: &'a [String],
}

#[derive(Serialize)]
struct Twins {
    on: String,
    keep: bool,
    kept: String,
    near: Option<Near>,
}

#[derive(Serialize)]
struct Near {
    threshold: f64,
    shingle: String,
    masks: String,
    method: String,
}

#[derive(Serialize)]
struct Split<'a> {
    seed: u64,
    valid: Amount,
    test: Amount,
    tolerance: f64,
    stratify: Option<String>,
    after: Option<&'a str>,
    test_after: Option<&'a str>,
    group_by: &'a [String],
    group_known: bool,
    time_field: Option<&'a str>,
    previous: Option<FileOf>,
}

#[derive(Serialize)]
struct Tokens {
    count: bool,
    vocabulary: String,
    tokenizer: Option<FileOf>,
    chat_template: Option<FileOf>,
}

#[derive(Serialize)]
struct Cost<'a> {
    provider: Option<&'a str>,
    weights: Option<&'static str>,
    epochs: Option<u64>,
    evaluations: u64,
    no_packing: bool,
    max_length: Option<u64>,
    seconds: Option<u64>,
    prices: Option<FileOf>,
    residual: Option<FileOf>,
}

/// A file that a setting names.
#[derive(Serialize)]
struct FileOf {
    path: String,
    blake3: String,
}

impl FileOf {
    fn of(path: Option<&Path>) -> Result<Option<Self>> {
        path.map(|path| Self::read(path, path)).transpose()
    }

    /// The file that is `named` and was read from `path`.
    fn read(named: &Path, path: &Path) -> Result<Self> {
        let digest = digest(path)
            .map_err(|error| Error::input(format!("cannot read `{}` again: {error}", path.display())))?;
        Ok(Self { path: named.display().to_string(), blake3: digest.to_hex().to_string() })
    }
}

/// All that decided what was written.
pub(super) fn settings(plan: &Plan) -> Result<Value> {
    let settings = &plan.settings;
    let personal = &settings.lint.personal;
    let job = settings.job;
    json(&Stages {
        read: json(&settings.read)?,
        users: FileOf::of(settings.read.users.as_deref().map(Path::new))?,
        speakers: json(&settings.speakers)?,
        mend: (!job.as_it_stands()).then(|| Mend {
            system: settings.mend.system.as_deref(),
            gap_ms: settings.mend.gap_ms,
            max_tokens: settings.mend.max_tokens,
            done: plan.assemble.active().collect(),
        }),
        rules: plan.rules.active().map(|(rule, severity)| (rule.def.code, severity)).collect(),
        personal: Personal { kinds: personal.kinds(), allow: personal.allow() },
        grader_fields: &settings.lint.grader_fields,
        twins: twins(settings),
        split: job.has_sides().then(|| split(settings)).transpose()?,
        tokens: Tokens {
            count: settings.count,
            vocabulary: plan.meter.vocabulary.clone(),
            tokenizer: FileOf::of(settings.tokenizer.as_deref())?,
            chat_template: FileOf::of(settings.chat_template.as_deref())?,
        },
        cost: settings.count.then(|| cost(settings)).transpose()?,
    })
}

fn twins(settings: &Settings) -> Twins {
    let twins = &settings.twins;
    let near = |near: NearSettings| Near {
        threshold: near.threshold.value(),
        shingle: near.shingle.to_string(),
        masks: near.masks.to_string(),
        method: near.method.to_string(),
    };
    Twins {
        on: twins.on.to_string(),
        keep: twins.keep,
        kept: twins.which.to_string(),
        near: twins.near.map(near),
    }
}

fn split(settings: &Settings) -> Result<Split<'_>> {
    let split = &settings.split;
    let previous = settings.previous.as_deref();
    Ok(Split {
        seed: split.seed,
        valid: split.valid,
        test: split.test,
        tolerance: split.tolerance,
        stratify: split.stratify.as_ref().map(ToString::to_string),
        after: split.after.as_ref().map(|moment| moment.text.as_str()),
        test_after: split.test_after.as_ref().map(|moment| moment.text.as_str()),
        group_by: &settings.group_by,
        group_known: settings.group_known,
        time_field: settings.time_field.as_deref(),
        previous: previous.map(|folder| FileOf::read(folder, &folder.join(PROVENANCE))).transpose()?,
    })
}

fn cost(settings: &Settings) -> Result<Cost<'_>> {
    let billing = &settings.billing;
    Ok(Cost {
        provider: billing.provider.as_deref(),
        weights: billing.weights.map(Weights::name),
        epochs: settings.epochs,
        evaluations: billing.evaluations,
        no_packing: billing.no_packing,
        max_length: billing.max_length,
        seconds: billing.seconds,
        prices: FileOf::of(settings.prices.as_deref())?,
        residual: FileOf::of(billing.residual.as_deref())?,
    })
}

/// A value without what nobody said.
fn json(value: &impl Serialize) -> Result<Value> {
    let mut value = serde_json::to_value(value)
        .map_err(|error| Error::internal(format!("cannot write the settings as JSON: {error}")))?;
    leave_out_unsaid(&mut value);
    Ok(value)
}

fn leave_out_unsaid(value: &mut Value) {
    if let Value::Object(members) = value {
        members.values_mut().for_each(leave_out_unsaid);
        members.retain(|_, member| match member {
            Value::Null => false,
            Value::Object(members) => !members.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        });
    }
}
