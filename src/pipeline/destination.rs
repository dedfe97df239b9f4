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
    let plan = Plan::measuring(settings)?;
    if !has_preferences(&plan) {
        return Ok(plan);
    }
    let target = target_of(provider, model, Shape::Preference, None).ok_or_else(|| {
        Error::usage(format!(
            "the rows are preference pairs, and {} has no target of them",
            title_of(provider)
        ))
        .with_hint("name a target with `--target` (`chatmill list targets`)")
    })?;
    plan.measuring_for(target)
}

/// Whether the rows are preferences: where a reader of those reads them.
pub(super) fn has_preferences(plan: &Plan) -> bool {
    is_read_by(plan, "preference") || is_read_by(plan, "kto")
}

/// Whether a reader reads some of the rows.
pub(super) fn is_read_by(plan: &Plan, reader: &str) -> bool {
    plan.sources.iter().any(|planned| planned.choice.reader.spec().name == reader)
}

/// The target that rows for a model at a provider are written for.
pub(super) fn target_of(
    provider: &str,
    model: &Model,
    shape: Shape,
    only: Option<&'static TargetSpec>,
) -> Option<&'static str> {
    if let Some(spec) = only {
        return (is_at(spec, provider) && takes(spec, model)).then_some(spec.name);
    }
    let of_it = targets_at(provider, model).filter(|spec| spec.shape == shape && is_chat(spec));
    // One of its own before one that it shares.
    let first = of_it.min_by_key(|spec| provider_of(spec.name) != Some(provider)).map(|spec| spec.name);
    // A provider whose rules are not known is counted with rows as everybody takes them.
    let usual = if shape == Shape::Preference { "openai-dpo" } else { "openai-chat" };
    first.or_else(|| (!has_target(provider)).then_some(usual))
}

/// Every target that a provider takes for a model.
pub(super) fn targets_at(provider: &str, model: &Model) -> impl Iterator<Item = &'static TargetSpec> {
    TARGETS.iter().map(|target| target.spec()).filter(move |spec| is_at(spec, provider) && takes(spec, model))
}

/// Whether there is a target that is the provider's: then its rules are known.
pub(super) fn has_target(provider: &str) -> bool {
    TARGETS.iter().any(|target| is_at(target.spec(), provider))
}

/// Whether a provider takes the rows of a target.
pub(super) fn is_at(spec: &TargetSpec, provider: &str) -> bool {
    provider_of(spec.name) == Some(provider) || spec.also_at.contains(&provider)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{PROVIDERS, model};

    #[test]
    fn providers_take_their_own_targets_before_those_they_share() {
        let model = model("gpt-4o").unwrap();
        let names: Vec<&str> = targets_at("azure", model).map(|spec| spec.name).collect();
        assert_eq!(names, ["azure", "azure-rft", "openai-chat", "openai-dpo"]);
        let of = |provider, shape| target_of(provider, model, shape, None);
        assert_eq!(of("azure", Shape::Example), Some("azure"));
        assert_eq!(of("azure", Shape::Preference), Some("openai-dpo"));
        assert_eq!(of("openai", Shape::Example), Some("openai-chat"));
        assert_eq!(of("bedrock", Shape::Preference), None);
        let shared = TARGETS.iter().flat_map(|target| target.spec().also_at);
        assert!(shared.into_iter().all(|name| PROVIDERS.iter().any(|known| known.name == *name)));
    }
}
