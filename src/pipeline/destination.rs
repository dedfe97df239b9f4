//! Where rows go when somebody asks for a bill: the target that was named, else the one of whoever is asked that takes rows
//! of their shape.

use super::plan::{Plan, find_model};
use crate::config::Settings;
use crate::cost::title_of;
use crate::error::{Error, Result};
use crate::target::{Shape, TARGETS, TargetSpec};
use crate::tokens::{Model, provider_of};

/// The plan of who asks for a bill. No rule of length refuses a row: what is too long is billed as the provider treats it.
/// Where nobody named a target, it is that of the provider for rows of their shape.
pub fn plan_to_bill(mut settings: Settings) -> Result<Plan> {
    settings.lint.ignore.push("LEN".into());
    if settings.target_named {
        return Plan::measuring(settings);
    }
    let model = find_model(&settings)?;
    let asked = settings.billing.provider.clone();
    let provider = asked.as_deref().or_else(|| provider_of(&settings.target)).unwrap_or_default();
    if let Some(target) = target_of(provider, model, Shape::Example, None) {
        target.clone_into(&mut settings.target);
    }
    let plan = Plan::measuring(settings.clone())?;
    // Standard input is read once, and was looked at by now.
    if !has_preferences(&plan) || settings.inputs.iter().any(|input| input == "-") {
        return Ok(plan);
    }
    let target = target_of(provider, model, Shape::Preference, None).ok_or_else(|| {
        Error::usage(format!(
            "the rows are preference pairs, and {} has no target of them",
            title_of(provider)
        ))
        .with_hint("name a target with `--target` (`chatmill list targets`)")
    })?;
    target.clone_into(&mut settings.target);
    Plan::measuring(settings)
}

/// Whether the rows are preference pairs: where a reader of those reads them.
pub(super) fn has_preferences(plan: &Plan) -> bool {
    plan.sources.iter().any(|planned| matches!(planned.choice.reader.spec().name, "preference" | "kto"))
}

/// The target that rows for a model at a provider are written for.
pub(super) fn target_of(
    provider: &str,
    model: &Model,
    shape: Shape,
    only: Option<&'static TargetSpec>,
) -> Option<&'static str> {
    if let Some(spec) = only {
        return (provider_of(spec.name) == Some(provider) && takes(spec, model)).then_some(spec.name);
    }
    let of_it =
        TARGETS.iter().map(|target| target.spec()).filter(|spec| provider_of(spec.name) == Some(provider));
    let mut fitting = of_it.filter(|spec| spec.shape == shape && takes(spec, model) && is_chat(spec));
    let first = fitting.next().map(|spec| spec.name);
    // A provider whose rules are not known is counted with rows as everybody takes them.
    let usual = if shape == Shape::Preference { "openai-dpo" } else { "openai-chat" };
    first.or_else(|| (!has_target(provider)).then_some(usual))
}

/// Whether there is a target that is the provider's: then its rules are known.
pub(super) fn has_target(provider: &str) -> bool {
    TARGETS.iter().any(|target| provider_of(target.spec().name) == Some(provider))
}

/// Whether the target is one of whole chats: others of the same provider take parts of them.
fn is_chat(spec: &TargetSpec) -> bool {
    !["-instruction", "-text", "-rft"].iter().any(|end| spec.name.ends_with(end))
}

/// Bedrock has a target for each family of models; any other provider takes all of its models by one.
fn takes(spec: &TargetSpec, model: &Model) -> bool {
    let family = match spec.name {
        "bedrock-claude" => "claude",
        "bedrock-llama" => "llama",
        "bedrock-nova" => "nova",
        _ => "",
    };
    model.name.starts_with(family)
}
