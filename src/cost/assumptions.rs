//! What is said beside a bill: what its figures take for granted, and what should make the reader pause.

use super::bill::{Bill, Order, Rows};
use super::billing::{Billing, Tokens};
use super::book::{Book, Source, Sure, Tariff, Training};
use super::end::End;
use super::epochs::EpochsHow;
use super::method::Kind;
use crate::target::Overlong;
use crate::text::number::{count, thousands};

/// What the figures take for granted, a line each; `calibrated` says what finished jobs did to them.
pub(super) fn assumptions(
    order: &Order<'_>,
    tariff: &Tariff,
    training: &Training<'_>,
    billing: Billing,
    bill: &Bill,
    calibrated: Option<String>,
) -> Vec<String> {
    let per = if bill.per_hour.is_some() { "an hour" } else { "a million tokens" };
    let class = training.class.map_or_else(String::new, |class| format!(", models {class}"));
    let price = training.price.is.show(&bill.currency);
    let mut lines = vec![format!(
        "{price} for {per} of training ({}{class}), as of {}: {}",
        bill.method,
        bill.as_of,
        source_line(training.price.source())
    )];
    if order.method.weights.is_some() && training.method.weights.is_none() {
        lines.push("the price list has one price, whichever weights are trained".to_owned());
    }
    if let Some(how) = bill.epochs_how {
        lines.extend(of_tokens(order, billing, &bill.rows));
        lines.push(match how {
            EpochsHow::Given => format!("{}, as given", count(bill.epochs, "epoch")),
            EpochsHow::Default => format!("{}, the provider's default", count(bill.epochs, "epoch")),
            EpochsHow::Heuristic => {
                "epochs by the default of OpenAI's cookbook; the service may choose otherwise".to_owned()
            }
            EpochsHow::Unknown => {
                "no default of epochs is published: the figures are for one, and grow with `--epochs`"
                    .to_owned()
            }
        });
    }
    lines.extend(calibrated);
    if let Some(minimum) = &tariff.minimum {
        lines.push(format!("{} at least for a job", minimum.is.show(&bill.currency)));
    }
    if let Some(storage) = &tariff.storage {
        lines.push(format!("storing it costs {} a month besides", storage.is.show(&bill.currency)));
    }
    if bill.per_hour.is_some() {
        if let Some(paused) = &tariff.paused_at {
            lines.push(format!(
                "a job is paused when it has cost {}, graders included; one that is resumed goes on without limit",
                paused.is.show(&bill.currency)
            ));
        }
        if let Some(most) = &tariff.hours_max {
            lines.push(format!("a job takes {} at most", count(most.is, "hour")));
        }
    }
    for hosting in tariff.hosting(order.model.name) {
        lines.push(format!(
            "serving it costs {} an hour besides: {}",
            hosting.hour.is.show(&bill.currency),
            hosting.what
        ));
    }
    let of_model = tariff.entry(order.model.name).map_or(&[][..], |entry| &entry.notes);
    lines.extend(tariff.notes.iter().chain(of_model).cloned());
    lines
}

/// What is said of the tokens.
fn of_tokens(order: &Order<'_>, billing: Billing, rows: &Rows) -> Vec<String> {
    let mut lines = vec![format!("billed: {}; masked tokens, too", billing.in_words())];
    if let (Billing::TokensAndEvaluations, Some(longest)) = (billing, order.unpacked) {
        let of_pairs = if order.method.kind == Kind::Dpo {
            ", a pair perhaps as twice that: how often it counts is not published"
        } else {
            ""
        };
        lines.push(format!("without packing every row is billed as {}{of_pairs}", count(longest, "token")));
    } else {
        let limit =
            |tokens: u64| format!("an example of more than {}{} is", count(tokens, "token"), rows.too_long());
        lines.push(match (order.limit.tokens, order.limit.overlong) {
            (None, _) => "no limit of an example is published; every example is billed whole".to_owned(),
            (Some(tokens), Overlong::CutAtEnd) => format!("{} cut, and the rest not billed", limit(tokens)),
            (Some(tokens), Overlong::Dropped | Overlong::Refused) => {
                format!("{} not taken, and not billed", limit(tokens))
            }
            (Some(tokens), Overlong::Unsaid) => {
                format!(
                    "what becomes of an example of more than {}{} is not published: cut, or billed whole",
                    count(tokens, "token"),
                    rows.too_long()
                )
            }
        });
        if order.method.kind == Kind::Dpo {
            lines.push(
                "the lower bound counts the prompt of a pair once, the upper bound twice: how often it is billed is not \
                 published"
                    .to_owned(),
            );
        }
        let frame = order.model.frame;
        lines.push(if order.exact {
            let around = if frame.certain {
                "priming".to_owned()
            } else {
                format!("what begins a chat, up to {} a row", count(frame.once.high, "token"))
            };
            format!(
                "the lower bound has texts and chat frame; the upper bound adds what is not published: {around}, tools as \
                 JSON, pictures at their largest"
            )
        } else {
            format!("the vocabulary `{}` does not come with chatmill: counts are estimates with their bounds", order.model.vocabulary.name())
        });
    }
    match (billing, order.validation != Tokens::default()) {
        (Billing::Tokens, _) => lines.push("the validation file is not billed".to_owned()),
        (Billing::TokensAndEvaluations, true) => {
            lines.push(format!("{} of the validation file", count(order.evaluations, "evaluation")));
        }
        (Billing::TokensAndEvaluations, false) => {
            lines.push("no validation file, or none that is gone through".to_owned());
        }
        (Billing::TokensAndValidation, true) => lines.push("the validation file is billed once".to_owned()),
        (Billing::TokensAndValidation, false) => lines.push("no validation file".to_owned()),
    }
    lines
}

fn source_line(source: &Source) -> String {
    let url = source.url.as_deref().map_or_else(String::new, |url| format!(", {url}"));
    format!("{} ({}){url}", source.what, source.sure.in_words())
}

/// What should make the reader pause, a line each.
pub(super) fn warnings(order: &Order<'_>, tariff: &Tariff, source: &Source, book: &Book) -> Vec<String> {
    let mut lines: Vec<String> = book.age_warning("the price", source).into_iter().collect();
    if let Some(minimum) = &tariff.minimum {
        lines.extend(book.age_warning("the least that a job costs", minimum.source()));
    }
    if source.sure == Sure::Weak {
        lines.push(format!("the price of `{}` is not sure: {}", order.model.name, source.what));
    }
    if let (Some(longest), Some(limit)) = (order.unpacked, order.limit.tokens)
        && longest > limit
    {
        lines.push(format!(
            "rows of {} are set, and {} are the most that is published for `{}`",
            count(longest, "token"),
            thousands(limit),
            order.model.name
        ));
    }
    let (provider, name) = (order.provider, order.model.name);
    lines.extend(End::of(provider, order.model, tariff.entry(name)).in_words(provider, name, book.today));
    lines
}
