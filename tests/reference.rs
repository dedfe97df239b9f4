//! The reference pages equal what the code says; `BLESS=1 cargo test` writes them.

use std::fmt::Write as _;

use chatmill::cost::{Book, DefaultEpochs, Hosting, Method, Rate, Source, Sourced, Use};
use chatmill::detect::{DETECTORS, KEYS};
use chatmill::lint::severities_in_words;
use chatmill::pipeline::codes;
use chatmill::read::READERS;
use chatmill::read::assemble::MENDINGS;
use chatmill::target::TARGETS;
use chatmill::text::number::thousands;
use chatmill::tokens::{Digits, FAMILIES, MODELS, PROVIDERS};

use crate::support::{compare, root};

fn check(name: &str, text: &str) {
    let page = format!("<!-- Made from the code by tests/reference.rs; do not edit. -->\n\n{text}");
    if let Err(fault) = compare(&root().join("docs/reference").join(name), &page) {
        panic!("{fault}");
    }
}

#[test]
fn readers() {
    let mut page = String::from("# Readers\n");
    for reader in READERS {
        let spec = reader.spec();
        let _ = write!(
            page,
            "\n## {}\n\n{}.\n\nRecognised by {}.\n\n{}\n",
            spec.name, spec.title, spec.recognised_by, spec.notes
        );
        if !spec.how_to_get.is_empty() {
            let _ = write!(page, "\nHow to get it:\n\n{}\n", spec.how_to_get);
        }
    }
    check("readers.md", &page);
}

#[test]
fn targets() {
    let number = |number: Option<u64>| number.map_or_else(|| "not published".into(), thousands);
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let mut page = String::from(
        "# Targets\n\n| target | examples | tokens an example | longer ones | a bad row | weights | tools |\n|---|---|---|---|---|---|---|\n",
    );
    for target in TARGETS {
        let spec = target.spec();
        let limits = spec.limits;
        let examples = match (limits.examples_min, limits.examples_max) {
            (None, None) => String::new(),
            (least, most) => {
                format!("{} to {}", least.map_or("1".into(), thousands), most.map_or("…".into(), thousands))
            }
        };
        let tokens = match (spec.length.tokens, spec.length.setting) {
            (None, _) if spec.length.parts == 2 => "half of the model's".to_owned(),
            (None, _) => "the model's".to_owned(),
            (Some(tokens), None) => thousands(tokens),
            (Some(tokens), Some(setting)) => format!("{} (`{setting}`)", thousands(tokens)),
        };
        let _ = writeln!(
            page,
            "| [{0}](#{0}) | {examples} | {tokens} | {1} | {2} | {3} | {4} |",
            spec.name,
            spec.length.overlong.in_words(),
            spec.on_fault.in_words(),
            yes(spec.message_keys.contains(&"weight")),
            yes(spec.message_keys.contains(&"tool_calls")),
        );
    }
    for target in TARGETS {
        let spec = target.spec();
        let roles: Vec<&str> = spec.roles.iter().map(chatmill::model::Role::name).collect();
        let _ = write!(page, "\n## {}\n\n{}. Rules checked {}.\n\n", spec.name, spec.title, spec.checked);
        let forbidden: Vec<String> = spec.forbidden_text.iter().map(|text| format!("`{text}`")).collect();
        let facts = [
            ("a row is", spec.shape.in_words().to_owned()),
            ("keys of a row", format!("`{}`", spec.row_keys.join("`, `"))),
            (
                "keys of a message, as the chat format calls them",
                format!("`{}`", spec.message_keys.join("`, `")),
            ),
            ("roles", roles.join(", ")),
            ("system message", spec.system.in_words().to_owned()),
            ("the first message after it must be the user's", yes(spec.user_first).to_owned()),
            ("two messages of one role side by side", spec.adjacent.in_words().to_owned()),
            ("the last message", spec.last.in_words().to_owned()),
            ("calls of tools", spec.tool_results.in_words().to_owned()),
            ("identifiers of calls", spec.call_ids.in_words().to_owned()),
            ("several calls in a message", yes(spec.parallel_calls).to_owned()),
            ("text beside calls", yes(spec.content_beside_calls).to_owned()),
            ("blank content is refused", yes(spec.blank_content_refused).to_owned()),
            ("content in parts", yes(spec.content_parts).to_owned()),
            ("what is learned", spec.trained.in_words().to_owned()),
            ("longer examples", spec.length.overlong.in_words().to_owned()),
            ("a row against the rules", spec.on_fault.in_words().to_owned()),
            ("fewest examples", number(spec.limits.examples_min)),
            ("recommended to begin with", number(spec.limits.examples_recommended)),
            ("most examples", number(spec.limits.examples_max)),
            ("most examples with pictures, films or sounds", number(spec.limits.media_examples_max)),
            ("largest file in bytes", number(spec.limits.file_bytes)),
            ("the file for validation", spec.limits.validation.in_words()),
            (
                "its trainer is told of a file in",
                spec.registration
                    .map_or("-".to_owned(), |one| format!("`{}`, which `convert` writes", one.file)),
            ),
            (
                "texts refused in messages",
                if forbidden.is_empty() { "none".into() } else { forbidden.join(" ") },
            ),
        ];
        for (what, fact) in facts {
            let _ = writeln!(page, "- {what}: {fact}");
        }
        page.push_str("\nSources:\n\n");
        for source in spec.sources {
            let _ = writeln!(page, "- {source}");
        }
    }
    check("targets.md", &page);
}

#[test]
fn every_code() {
    let mut page = String::from(
        "# Codes\n\nEvery finding, rejection and mending; `chatmill explain CODE` says the same.\n",
    );
    for described in codes::all() {
        let def = described.def;
        let _ = write!(
            page,
            "\n## {} {}\n\n{}, {}: {}.\n\nWhy it matters: {}.\n\nThe way out: {}.\n",
            def.code, def.name, def.severity, described.kind, def.summary, def.why, def.remedy
        );
        if let Some((safety, does)) = described.fix() {
            let _ = write!(page, "\nThe fix, {}: {does}.\n", safety.name());
        }
        if let Some(rule) = described.rule {
            let _ = write!(page, "\nHow bad: {}.\n", severities_in_words(rule));
            // What a few lines cannot show is in the fixtures.
            for (name, rows) in
                [("Bad", rule.bad), ("Good", rule.good)].iter().filter(|(_, rows)| !rows.is_empty())
            {
                let _ = write!(page, "\n{name}:\n\n```json\n{rows}\n```\n");
            }
            let _ = write!(page, "\nSource: {}\n", rule.source);
        }
    }
    check("codes.md", &page);
}

#[test]
fn detectors() {
    let mut page = String::from(
        "# Detectors\n\nPersonal data and secrets that are found in texts: `check` names them (`PII001`, `PII002`) and shows nothing of \
         them but what stands here. Names and postal addresses of people are not found. Texts are looked at as people see them: \
         full-width characters and digits of Arabic, Persian and Devanagari count as ASCII, odd spaces and hyphens as plain ones, \
         and characters that nobody sees not at all.\n",
    );
    for detector in DETECTORS {
        let spec = detector.spec();
        let _ = write!(
            page,
            "\n## {}\n\n{}, {}.\n\n- found by: {}\n- not reported: {}\n- such as: {}\n",
            spec.name,
            spec.title,
            spec.class.name(),
            spec.found_by,
            spec.left_out,
            spec.example
        );
        if spec.class == chatmill::detect::Class::Personal {
            let _ = writeln!(page, "- shown as: `{}`", (spec.mask)(spec.example));
        }
        let _ = writeln!(page, "- source: {}", spec.source);
        if spec.name == "api-key" {
            page.push_str("\n| service | begins with | then |\n|---|---|---|\n");
            for key in KEYS {
                let (least, most) = key.length;
                let length = if least == most { least.to_string() } else { format!("{least} to {most}") };
                let _ = writeln!(
                    page,
                    "| {} | `{}` | {length} {} |",
                    key.service,
                    key.prefix,
                    key.alphabet.in_words()
                );
            }
        }
    }
    check("detectors.md", &page);
}

#[test]
fn mendings() {
    let mut page = String::from(
        "# Mendings\n\nWhat is done to turns on the way to messages; each is counted, and stands in the provenance.\n\n| name | default | what it does |\n|---|---|---|\n",
    );
    for mending in MENDINGS {
        let default = if mending.on_by_default { "on" } else { "off" };
        let _ = writeln!(
            page,
            "| `{}` ({}) | {default} | {} |",
            mending.def.name, mending.def.code, mending.def.summary
        );
    }
    check("mendings.md", &page);
}

const PRICES: &str = r#"# Prices

What providers charge, with where each figure is from. What is not here could not be read, and is not guessed: `cost` says
so. Prices are in US dollars: of training and use for a million tokens, of `rft` and of serving for an hour. `chatmill cost`
warns of figures that were read more than 180 days ago.

`--prices FILE` (or `prices` under `[cost]` in `chatmill.toml`) puts a file of your own over them, whole or in part:

```toml
as_of = "2026-12-01"
currency = "USD"

[source.list]
what = "price list of December"
url = "https://example.com/prices"
sure = "official"   # given, official, copy, weak

[provider.together]
epochs = 3                       # a bare figure is from the file itself
minimum = { is = 4.00, from = "list" }

[[provider.together.class]]
name = "up to 16B"               # by the size of the model
training.sft-lora = { is = 0.52, from = "list" }

[[provider.azure.model]]
name = "gpt-4o"                  # by the name of the model
training.sft = 27.50
tuned = { input = 2.75, cached = 1.38, output = 11.00 }
shutdown = "2027-03-31"

[[gpu]]
name = "our-rack"
memory = 48                      # gigabytes
tflops = 362                     # bfloat16, without sparsity
spot = 0.20
on_demand = 0.20
```

What your file says goes first: a price of its own for a model or a size, for whatever method it names, is taken before any that
comes with chatmill, unless `--weights` asks for other weights. A model with `tunable = false` is not tuned there, and is what a
tuned one is compared with. `sft` is a price for adapters and for all weights, `all` one for every method but `rft`. A class that
chatmill knows keeps its bounds; one of your own has `above` or `to`, in billions of parameters, and two of them hold no model
together. Of a GPU that chatmill knows, what differs is enough.

A provider of your own has a `title` and a `billing`: `tokens`, `tokens-and-evaluations` or `tokens-and-validation`. Methods
are `sft`, `dpo` and `rft`, each with `-lora` or `-full` where that makes a difference, and `all`.
"#;

#[test]
fn the_example_of_a_price_file_is_one() {
    let text = PRICES.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut book = Book::built_in().unwrap();
    book.put_over(text, "the example").unwrap();
    assert_eq!(book.gpus().last().unwrap().name, "our-rack");
}

#[test]
fn prices() {
    let book = Book::built_in().unwrap();
    let mut sources: Vec<Source> = Vec::new();
    let mut from = |source: &Source| {
        let known = sources.iter().position(|known| known == source);
        if known.is_none() {
            sources.push(source.clone());
        }
        known.map_or(sources.len(), |at| at + 1)
    };
    let mut page = String::from(PRICES);
    for (name, tariff) in book.tariffs() {
        let title = tariff.title.as_deref().unwrap_or(chatmill::cost::title_of(name));
        let _ = write!(page, "\n## {name}\n\n{title}.\n\n");
        if let Some(billing) = &tariff.billing {
            let _ = writeln!(page, "- billed: {} [{}]", billing.is.in_words(), from(billing.source()));
        }
        if let Some(epochs) = &tariff.epochs {
            let said = match epochs.is {
                DefaultEpochs::Fixed(epochs) => epochs.to_string(),
                DefaultEpochs::Cookbook => "by the cookbook's rule".into(),
            };
            let _ = writeln!(page, "- epochs when a job does not say: {said} [{}]", from(epochs.source()));
        }
        for (what, count) in [
            ("most epochs", &tariff.epochs_max),
            ("most tokens of a job", &tariff.tokens_max),
            ("most hours of a job", &tariff.hours_max),
        ] {
            if let Some(count) = count {
                let _ = writeln!(page, "- {what}: {} [{}]", thousands(count.is), from(count.source()));
            }
        }
        for (what, rate) in [
            ("a job by the hour is paused at", &tariff.paused_at),
            ("least for a job", &tariff.minimum),
            ("a stored model, a month", &tariff.storage),
        ] {
            if let Some(rate) = rate {
                let _ = writeln!(page, "- {what}: {} [{}]", rate.is.show("USD"), from(rate.source()));
            }
        }
        let an_hour = |hosting: &Hosting, from: &mut dyn FnMut(&Source) -> usize| {
            let hour = &hosting.hour;
            format!("an hour of {}: {} [{}]", hosting.what, hour.is.show("USD"), from(hour.source()))
        };
        for hosting in &tariff.hosting {
            let _ = writeln!(page, "- {}", an_hour(hosting, &mut from));
        }
        tariff.notes.iter().for_each(|note| {
            let _ = writeln!(page, "- {note}");
        });
        let figure = |figure: Option<&Sourced<Rate>>, from: &mut dyn FnMut(&Source) -> usize| {
            figure.map_or_else(String::new, |figure| {
                format!("{} [{}]", figure.is.show("USD"), from(figure.source()))
            })
        };
        let training = |prices: &std::collections::BTreeMap<Method, Sourced<Rate>>,
                        from: &mut dyn FnMut(&Source) -> usize| {
            let each: Vec<String> = prices
                .iter()
                .map(|(method, price)| format!("{method} {}", figure(Some(price), from)))
                .collect();
            each.join(", ")
        };
        if !tariff.classes.is_empty() {
            page.push_str("\n| size | training |\n|---|---|\n");
            for class in &tariff.classes {
                let _ = writeln!(page, "| {} | {} |", class.name, training(&class.training, &mut from));
            }
        }
        if !tariff.models.is_empty() {
            page.push_str("\n| model | training | tuned: in, cached, out | as it is: in, cached, out |\n|---|---|---|---|\n");
            for entry in &tariff.models {
                let mut used = |used: &Use| {
                    let rates = [&used.input, &used.cached, &used.output];
                    let rates = rates.map(|rate| figure(rate.as_ref(), &mut from));
                    if rates.iter().all(String::is_empty) {
                        return String::new();
                    }
                    rates.map(|rate| if rate.is_empty() { "-".to_owned() } else { rate }).join(", ")
                };
                let (mut tuned, base) = (used(&entry.tuned), used(&entry.base));
                for hosting in &entry.hosting {
                    let _ = write!(tuned, "; {}", an_hour(hosting, &mut from));
                }
                let _ = writeln!(
                    page,
                    "| `{}` | {} | {tuned} | {base} |",
                    entry.name,
                    training(&entry.training, &mut from)
                );
            }
            let noted = tariff.models.iter().filter(|entry| !entry.notes.is_empty());
            for (at, entry) in noted.enumerate() {
                let before = if at == 0 { "\n" } else { "" };
                let _ = writeln!(page, "{before}- `{}`: {}", entry.name, entry.notes.join("; "));
            }
        }
    }
    page.push_str("\n## GPUs\n\n| GPU | memory | operations, bfloat16 | an hour, spot | on demand |\n|---|--:|--:|--:|--:|\n");
    for gpu in book.gpus() {
        let _ = writeln!(
            page,
            "| {} | {} GB [{}] | {} · 10^12 [{}] | {} [{}] | {} [{}] |",
            gpu.name,
            gpu.memory.is,
            from(gpu.memory.source()),
            gpu.tflops.is,
            from(gpu.tflops.source()),
            gpu.spot.is.show("USD"),
            from(gpu.spot.source()),
            gpu.on_demand.is.show("USD"),
            from(gpu.on_demand.source()),
        );
    }
    page.push_str("\n## Sources\n\n");
    for (at, source) in sources.iter().enumerate() {
        let url = source.url.as_deref().map_or_else(String::new, |url| format!(" <{url}>"));
        let read = source.read.map_or_else(String::new, |day| format!(", read {}", day.0));
        let _ = writeln!(page, "{}. {}{read} ({}).{url}", at + 1, source.what, source.sure.in_words());
    }
    check("prices.md", &page);
}

#[test]
fn models() {
    let mut page = String::from(
        "# Models\n\nCounts in a vocabulary that comes with the program are exact, but for the system message that begins every chat \
         of gpt-oss and that no provider says it bills; those of a family are intervals, unless the model's \
         own tokenizer is given. A limit that no provider publishes is `-`.\n\n| model | counted by | tuned by, tokens an \
         example | also called |\n|---|---|---|---|\n",
    );
    for model in MODELS {
        let name = model.vocabulary.name();
        let counted_by =
            if model.vocabulary.is_exact() { name.to_owned() } else { format!("[{name}](#estimates)") };
        let offers = model.offers.iter().map(|offer| {
            format!("{} {}", offer.provider, offer.example_tokens.map_or_else(|| "-".to_owned(), thousands))
        });
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            model.name,
            counted_by,
            offers.collect::<Vec<_>>().join(", "),
            model.aliases.join(", ")
        );
    }
    page.push_str("\n## Providers\n\n| provider | | checked | sources | |\n|---|---|---|---|---|\n");
    for provider in PROVIDERS {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            provider.name, provider.title, provider.checked, provider.source, provider.notes
        );
    }
    page.push_str(
        "\n## Estimates\n\nTokens for a token of `o200k_base` and of `cl100k_base`, digits aside, by the script of most of the text beyond \
         ASCII; the estimate is what lies within both. Of pieces of about 1,500 bytes in some forty languages, 96 to 99 of 100 \
         lay within, 99 of 100 strayed by less than one token in a hundred, and the sum over a file strays less. A language \
         that was not measured may stray further.\n\n| family | models | digits | English, code, JSON | other Latin | Cyrillic, Greek | Chinese, \
         Japanese, Korean | other | measured with | exact with |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for family in FAMILIES {
        let (a, b) = (family.rulers.o200k, family.rulers.cl100k);
        let both = |a: (u64, u64), b: (u64, u64)| {
            let ratio =
                |(low, high)| format!("{:.2} to {:.2}", f64::from(low) / 100.0, f64::from(high) / 100.0);
            let narrow =
                |(low, high): (u64, u64)| (u32::try_from(low).unwrap(), u32::try_from(high).unwrap());
            format!("{}, {}", ratio(narrow(a)), ratio(narrow(b)))
        };
        let digits = match family.digits {
            Digits::Grouped => "up to three",
            Digits::Apart => "one",
            Digits::Unknown => "not known",
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {digits} | {} | {} | {} | {} | {} | {} | {} |",
            family.name,
            family.title,
            both(a.ascii, b.ascii),
            both(a.latin, b.latin),
            both(a.cyrillic, b.cyrillic),
            both(a.cjk, b.cjk),
            both(a.other, b.other),
            family.measured,
            family.exact_by
        );
    }
    check("models.md", &page);
}
