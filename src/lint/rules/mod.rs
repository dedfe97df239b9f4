//! Every rule, one file each.
//!
//! Adding a rule is one file in its family, one `mod` line there, and one line in [`RULES`]. The tests below run the
//! `good` and `bad` of every rule, and those under `fixtures/lint/<code>/`.

mod answer;
mod content;
mod image;
mod job;
mod key;
mod length;
mod personal;
mod preference;
mod role;
mod set;
mod system;
#[cfg(test)]
mod tests;
mod tool;
mod turn;
mod weight;

pub use length::is_too_long;

use super::RuleDef;

/// Every rule, sorted by code.
pub static RULES: &[&RuleDef] = &[
    &answer::refusal::RULE,
    &answer::unfinished_answer::RULE,
    &answer::echoed_question::RULE,
    &content::missing_content::RULE,
    &content::blank_content::RULE,
    &content::content_not_text::RULE,
    &content::invalid_content_part::RULE,
    &content::control_token_in_text::RULE,
    &content::unfilled_placeholder::RULE,
    &content::mojibake::RULE,
    &content::escaped_character::RULE,
    &content::hidden_character::RULE,
    &content::line_separator::RULE,
    &content::control_character::RULE,
    &content::chat_template_token::RULE,
    &content::html_tag::RULE,
    &content::transcript_in_message::RULE,
    &content::quoted_mail::RULE,
    &content::mail_footer::RULE,
    &content::repeated_run::RULE,
    &content::mixed_content::RULE,
    &content::null_answer::RULE,
    &content::part_not_taken::RULE,
    &content::empty_answer::RULE,
    &image::too_many_images::RULE,
    &image::unsupported_image::RULE,
    &image::too_large_image::RULE,
    &image::media_without_mark::RULE,
    &job::unfit_validation_file::RULE,
    &job::missing_validation_file::RULE,
    &job::retiring_model::RULE,
    &key::unknown_row_key::RULE,
    &key::unknown_message_key::RULE,
    &key::wrong_kind_of_value::RULE,
    &key::missing_grader_field::RULE,
    &length::too_long_example::RULE,
    &length::cut_answer::RULE,
    &length::nothing_learned::RULE,
    &personal::personal_data::RULE,
    &personal::secret::RULE,
    &preference::not_one_answer::RULE,
    &preference::identical_answers::RULE,
    &preference::answered_prompt::RULE,
    &role::unknown_role::RULE,
    &role::developer_role::RULE,
    &set::too_few_examples::RULE,
    &set::fewer_examples_than_recommended::RULE,
    &set::too_large_file::RULE,
    &set::several_system_prompts::RULE,
    &set::missing_system_prompts::RULE,
    &set::many_refusals::RULE,
    &set::conflicting_answers::RULE,
    &set::repeated_example::RULE,
    &set::one_answer_for_many::RULE,
    &set::too_many_examples::RULE,
    &set::unrelated_answers::RULE,
    &set::uneven_fields::RULE,
    &set::changing_column::RULE,
    &system::system_not_first::RULE,
    &system::several_system_messages::RULE,
    &tool::malformed_tool_call::RULE,
    &tool::tool_arguments_not_object::RULE,
    &tool::duplicate_tool_call_id::RULE,
    &tool::orphan_tool_result::RULE,
    &tool::unanswered_tool_call::RULE,
    &tool::undeclared_tool::RULE,
    &tool::invalid_tool_definition::RULE,
    &tool::too_many_tools::RULE,
    &tool::legacy_functions::RULE,
    &tool::repeated_tool_result::RULE,
    &tool::arguments_against_schema::RULE,
    &tool::unused_tools::RULE,
    &tool::call_id_format::RULE,
    &tool::parallel_tool_calls::RULE,
    &tool::content_beside_calls::RULE,
    &tool::incomplete_tool::RULE,
    &tool::uneven_results::RULE,
    &tool::invalid_parameters::RULE,
    &tool::strict_not_boolean::RULE,
    &tool::result_name::RULE,
    &turn::first_turn_not_user::RULE,
    &turn::last_turn_not_assistant::RULE,
    &turn::repeated_role::RULE,
    &turn::no_assistant_message::RULE,
    &turn::no_user_message::RULE,
    &turn::order_of_roles::RULE,
    &turn::lone_message::RULE,
    &turn::continued_answer::RULE,
    &weight::weight_not_0_or_1::RULE,
    &weight::weight_beside_other_role::RULE,
    &weight::all_weights_zero::RULE,
    &weight::weighted_image::RULE,
];
