//! Price files read and judged: what is wrong is an error that names the place.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::super::epochs::DefaultEpochs;
use super::super::money::Rate;
use super::sourced::{Day, Said, Source, Sourced, Sure};
use super::{Class, Entry, Gpu, Tariff};
use crate::error::{Error, Result};
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;
use crate::tokens::{self, PROVIDERS};

/// No price file is larger; a bound against the wrong file.
const FILE_BYTES: u64 = 1 << 20;

/// A price file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceFile {
    /// Day on which the figures were compared with their sources.
    as_of: Day,
    pub(super) currency: String,
    #[serde(default)]
    source: BTreeMap<String, Source>,
    #[serde(default)]
    pub(super) provider: BTreeMap<String, Tariff>,
    #[serde(default)]
    pub(super) gpu: Vec<GpuEntry>,
}

/// A GPU as written: whole, or what differs from one that is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GpuEntry {
    pub(super) name: String,
    memory: Option<Sourced<u64>>,
    tflops: Option<Sourced<u64>>,
    spot: Option<Sourced<Rate>>,
    on_demand: Option<Sourced<Rate>>,
}

impl GpuEntry {
    /// Puts what it says over a GPU that is known.
    pub(super) fn put_over(self, known: &mut Gpu) {
        let Self { memory, tflops, spot, on_demand, name: _ } = self;
        known.memory = memory.unwrap_or_else(|| known.memory.clone());
        known.tflops = tflops.unwrap_or_else(|| known.tflops.clone());
        known.spot = spot.unwrap_or_else(|| known.spot.clone());
        known.on_demand = on_demand.unwrap_or_else(|| known.on_demand.clone());
    }

    /// A GPU that is not among those `known`, of which everything has to be said.
    pub(super) fn whole<'a>(
        self,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> std::result::Result<Gpu, String> {
        let name = excerpt(&self.name, 80);
        let near = suggestion(if self.name.len() <= 100 { &self.name } else { "" }, known);
        let missing =
            |what: &str| format!("the GPU `{name}` has no `{what}`, and no GPU is called so; {near}");
        Ok(Gpu {
            memory: self.memory.ok_or_else(|| missing("memory"))?,
            tflops: self.tflops.ok_or_else(|| missing("tflops"))?,
            spot: self.spot.ok_or_else(|| missing("spot"))?,
            on_demand: self.on_demand.ok_or_else(|| missing("on_demand"))?,
            name: self.name,
        })
    }
}

/// The text of a price file, and how errors call it.
pub(super) fn read(path: &Path) -> Result<(String, String)> {
    let place = format!("the price file `{}`", excerpt(&path.display().to_string(), 200));
    let unreadable = |error: std::io::Error| Error::input(format!("{place} cannot be read: {error}"));
    let mut text = String::new();
    let mut file = File::open(path).map_err(unreadable)?.take(FILE_BYTES + 1);
    file.read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_BYTES {
        return Err(Error::input(format!("{place} is larger than 1 MiB"))
            .with_hint("a price file is a short TOML file"));
    }
    Ok((text, place))
}

/// Reads a price file; every figure then has its source.
pub(super) fn parse(text: &str, place: &str) -> Result<PriceFile> {
    let mut file: PriceFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let says = excerpt(&error.message().replace('\n', ", "), 300);
        // A bare date is a kind of its own in TOML, of which its reader speaks by the names it has inside.
        let bare_date = text.lines().nth(line - 1).is_some_and(is_bare_date);
        let says = if bare_date { "a day stands in quotes, as `\"2026-11-21\"`".to_owned() } else { says };
        Error::usage(format!("{place}, line {line}: {says}"))
            .with_hint("docs/reference/prices.md has the form; `as_of` and `currency` stand first")
    })?;
    if file.currency.len() != 3 || !file.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let currency = excerpt(&file.currency, 20);
        return Err(Error::usage(format!("{place}: `currency` is no code of a currency: `{currency}`"))
            .with_hint("write it in three capital letters, as `USD`"));
    }
    file.gpu.iter_mut().for_each(|gpu| made_safe(&mut gpu.name));
    for source in file.source.values_mut() {
        std::iter::once(&mut source.what).chain(&mut source.url).for_each(made_safe);
        source.read.get_or_insert(file.as_of);
    }
    let sources: BTreeMap<String, Arc<Source>> =
        std::mem::take(&mut file.source).into_iter().map(|(name, source)| (name, Arc::new(source))).collect();
    let itself =
        Arc::new(Source { what: place.to_owned(), url: None, read: Some(file.as_of), sure: Sure::Given });
    for (name, tariff) in &mut file.provider {
        texts(tariff).into_iter().for_each(made_safe);
        known_provider(name, tariff, place)?;
        for entry in &mut tariff.models {
            canonical(entry, place)?;
        }
        twice(tariff).map_err(|fault| Error::usage(format!("{place}: `{}`: {fault}", excerpt(name, 60))))?;
    }
    let of_gpus = file.gpu.iter_mut().flat_map(|gpu| {
        let sizes = [&mut gpu.memory, &mut gpu.tflops].into_iter().flatten().map(|figure| &mut figure.said);
        let rates = [&mut gpu.spot, &mut gpu.on_demand].into_iter().flatten().map(|figure| &mut figure.said);
        sizes.chain(rates).collect::<Vec<&mut Said>>()
    });
    for said in file.provider.values_mut().flat_map(saids).chain(of_gpus) {
        said.source = match &said.from {
            None => Arc::clone(&itself),
            Some(from) => sources.get(from).cloned().ok_or_else(|| no_source(from, &sources, place))?,
        };
    }
    Ok(file)
}

/// Most characters of a text that a price file has for people.
const TEXT_MOST: usize = 1_000;

/// What a file says is shown on a terminal: no text of it begins a line of its own or hides.
fn made_safe(text: &mut String) {
    *text = excerpt(text, TEXT_MOST);
}

/// Every text of a provider that people are shown.
fn texts(tariff: &mut Tariff) -> Vec<&mut String> {
    let mut texts: Vec<&mut String> = tariff.title.iter_mut().chain(&mut tariff.notes).collect();
    texts.extend(tariff.hosting.iter_mut().map(|hosting| &mut hosting.what));
    texts.extend(tariff.classes.iter_mut().map(|class| &mut class.name));
    for entry in &mut tariff.models {
        texts.extend(std::iter::once(&mut entry.name).chain(&mut entry.notes));
        texts.extend(entry.hosting.iter_mut().map(|hosting| &mut hosting.what));
    }
    texts
}

fn no_source(from: &str, sources: &BTreeMap<String, Arc<Source>>, place: &str) -> Error {
    let from = excerpt(from, 60);
    let hint = if sources.is_empty() {
        format!("say what it is: `[source.{from}]` with `what` and `sure`")
    } else {
        suggestion(&from, sources.keys().map(String::as_str))
    };
    Error::usage(format!("{place}: `from = \"{from}\"` names no source")).with_hint(hint)
}

/// A slip in the name of a provider would make one that nobody is.
fn known_provider(name: &str, tariff: &Tariff, place: &str) -> Result<()> {
    let shown = excerpt(name, 60);
    if shown != name {
        return Err(Error::usage(format!("{place}: `{shown}` is no name of a provider"))
            .with_hint("a name is short, and all of it can be seen"));
    }
    let known =
        || PROVIDERS.iter().map(|provider| provider.name).chain(super::FILES.iter().map(|(name, _)| *name));
    if tariff.title.is_some() || known().any(|known| known == name) {
        return Ok(());
    }
    let names: std::collections::BTreeSet<&str> = known().collect();
    let hint = format!("{}; a provider of your own has a `title`", suggestion(name, names));
    Err(Error::usage(format!("{place}: unknown provider `{}`", excerpt(name, 60))).with_hint(hint))
}

/// Models are known by one name, whatever they are called in the file.
fn canonical(entry: &mut Entry, place: &str) -> Result<()> {
    match tokens::model(&entry.name) {
        Ok(model) => model.name.clone_into(&mut entry.name),
        // What is there to be compared with need not be known.
        Err(_) if entry.tunable == Some(false) && !entry.name.trim().is_empty() => {}
        Err(error) => {
            let hint = error.hint().unwrap_or_default().to_owned();
            return Err(Error::usage(format!("{place}: {error}")).with_hint(hint));
        }
    }
    Ok(())
}

/// What stands twice in one file is a slip: one of the two would be lost.
fn twice(tariff: &Tariff) -> std::result::Result<(), String> {
    let models = tariff.models.iter().map(|entry| entry.name.as_str());
    let classes = tariff.classes.iter().map(|class| class.name.as_str());
    for (what, names) in [("model", models.collect::<Vec<_>>()), ("class", classes.collect())] {
        let mut seen = std::collections::BTreeSet::new();
        if let Some(name) = names.into_iter().find(|name| !seen.insert(*name)) {
            return Err(format!("{what} `{}` stands twice", excerpt(name, 80)));
        }
    }
    Ok(())
}

/// The sources of every figure.
fn saids(tariff: &mut Tariff) -> Vec<&mut Said> {
    let mut saids: Vec<&mut Said> = Vec::new();
    saids.extend(tariff.billing.as_mut().map(|figure| &mut figure.said));
    saids.extend(tariff.epochs.as_mut().map(|figure| &mut figure.said));
    for count in [&mut tariff.epochs_max, &mut tariff.tokens_max, &mut tariff.hours_max] {
        saids.extend(count.as_mut().map(|figure| &mut figure.said));
    }
    for rate in [&mut tariff.minimum, &mut tariff.storage, &mut tariff.paused_at] {
        saids.extend(rate.as_mut().map(|figure| &mut figure.said));
    }
    saids.extend(tariff.hosting.iter_mut().map(|hosting| &mut hosting.hour.said));
    for class in &mut tariff.classes {
        saids.extend(class.training.values_mut().map(|figure| &mut figure.said));
    }
    for entry in &mut tariff.models {
        saids.extend(entry.training.values_mut().map(|figure| &mut figure.said));
        saids.extend(entry.hosting.iter_mut().map(|hosting| &mut hosting.hour.said));
        for used in [&mut entry.tuned, &mut entry.base] {
            let rates = [&mut used.input, &mut used.cached, &mut used.output];
            saids.extend(rates.into_iter().flatten().map(|figure| &mut figure.said));
        }
        for day in [&mut entry.shutdown, &mut entry.last_job] {
            saids.extend(day.as_mut().map(|figure| &mut figure.said));
        }
    }
    saids
}

/// What is wrong with the classes that a file puts over those that are known, and the way out: a slip in a name would make a
/// class of all models, and of two classes that hold one model only the first would ever be reached.
pub(super) fn check_classes(
    name: &str,
    known: &Tariff,
    over: &Tariff,
) -> std::result::Result<(), (String, String)> {
    let provider = excerpt(name, 60);
    let mut bounds: Vec<(f64, f64, &Class)> = Vec::new();
    for class in &over.classes {
        let same = known.classes.iter().find(|known| known.name == class.name);
        let (above, to) = same.map_or((None, None), |same| (same.above, same.to));
        let (above, to) = (class.above.or(above), class.to.or(to));
        if same.is_none() && above.is_none() && to.is_none() && !known.classes.is_empty() {
            let names = known.classes.iter().map(|class| class.name.as_str());
            let near = suggestion(if class.name.len() <= 100 { &class.name } else { "" }, names);
            return Err((
                format!("`{provider}` has no class `{}`, and it has no bounds", excerpt(&class.name, 80)),
                format!("{near}; a class of your own has `above` or `to`, in billions of parameters"),
            ));
        }
        let (above, to) = (above.unwrap_or(0.0), to.unwrap_or(f64::INFINITY));
        let beside = bounds.iter().find(|(other_above, other_to, other)| {
            let overlaps = above < *other_to && *other_above < to;
            overlaps && class.training.keys().any(|method| other.training.contains_key(method))
        });
        if let Some((_, _, other)) = beside {
            return Err((
                format!(
                    "`{provider}`: the classes `{}` and `{}` hold models of one size",
                    excerpt(&other.name, 80),
                    excerpt(&class.name, 80)
                ),
                "a model is of one class; change `above` and `to` so that they end where the next begins"
                    .to_owned(),
            ));
        }
        bounds.push((above, to, class));
    }
    Ok(())
}

/// What is wrong with the figures of a provider, all files together.
pub(super) fn check(name: &str, tariff: &Tariff) -> std::result::Result<(), String> {
    let at = |what: &str, of: &str| format!("`{}`: {what} of `{}`", excerpt(name, 60), excerpt(of, 80));
    let priced = tariff
        .models
        .iter()
        .map(|entry| (entry.name.as_str(), &entry.training))
        .chain(tariff.classes.iter().map(|class| (class.name.as_str(), &class.training)));
    for (of, training) in priced {
        if of.trim().is_empty() {
            return Err(format!("`{}`: a model or class has no name", excerpt(name, 60)));
        }
        if let Some(method) = training.iter().find(|(_, price)| price.is.is_zero()).map(|(method, _)| method)
        {
            return Err(format!("{} is zero", at(&format!("the price of `{method}`"), of)));
        }
        if !training.is_empty() && tariff.billing.is_none() {
            return Err(format!("`{}` has prices of training and no `billing`", excerpt(name, 60)));
        }
    }
    for class in &tariff.classes {
        let bounds = [class.above, class.to].into_iter().flatten();
        if bounds.clone().any(|bound| !(0.0..=1e6).contains(&bound)) {
            return Err(format!("{} are no billions of parameters", at("the bounds", &class.name)));
        }
        if let (Some(above), Some(to)) = (class.above, class.to)
            && above >= to
        {
            return Err(format!("{} hold nothing: above {above} and to {to}", at("the bounds", &class.name)));
        }
    }
    let most = [
        ("epochs_max", &tariff.epochs_max),
        ("tokens_max", &tariff.tokens_max),
        ("hours_max", &tariff.hours_max),
    ];
    for (what, count) in most {
        if count.as_ref().is_some_and(|count| count.is == 0) {
            return Err(format!("`{}`: `{what}` is zero", excerpt(name, 60)));
        }
    }
    if let (Some(DefaultEpochs::Fixed(epochs)), Some(most)) =
        (tariff.epochs.as_ref().map(|epochs| epochs.is), &tariff.epochs_max)
        && epochs > most.is
    {
        let name = excerpt(name, 60);
        return Err(format!("`{name}`: `epochs` is {epochs}, and `epochs_max` {}", most.is));
    }
    Ok(())
}

/// What is wrong with the GPUs, all files together.
pub(super) fn check_gpus(gpus: &[Gpu]) -> std::result::Result<(), String> {
    for gpu in gpus {
        let name = excerpt(&gpu.name, 80);
        if gpu.name.trim().is_empty() {
            return Err("a GPU has no name".to_owned());
        }
        // A thousand times the largest of 2026.
        if !(1..=200_000).contains(&gpu.memory.is) || !(1..=3_000_000).contains(&gpu.tflops.is) {
            return Err(format!(
                "`{name}`: memory in gigabytes and operations in 10^12 a second make no sense"
            ));
        }
        if gpu.spot.is > gpu.on_demand.is {
            return Err(format!("`{name}`: spot is dearer than on demand"));
        }
    }
    Ok(())
}

/// Whether a line gives a date without quotes.
fn is_bare_date(line: &str) -> bool {
    line.split_once('=').is_some_and(|(_, value)| {
        value.trim().get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::super::Book;
    use super::*;

    const HEAD: &str = "as_of = \"2026-01-31\"\ncurrency = \"USD\"\n";

    fn over(text: &str) -> Result<Book> {
        let mut book = Book::built_in()?;
        book.put_over(&format!("{HEAD}{text}"), "the file")?;
        Ok(book)
    }

    fn said(text: &str) -> String {
        over(text).unwrap_err().to_string()
    }

    fn model(line: &str) -> String {
        format!("[[provider.openai.model]]\nname = \"gpt-4o\"\n{line}\n")
    }

    #[test]
    fn wrong_prices_are_refused_with_their_line() {
        assert_eq!(said(&model("training.all = -3.0")), "the file, line 5: a price cannot be negative");
        assert_eq!(said(&model("training.all = nan")), "the file, line 5: a price must be a number");
        assert!(said(&model("training.all = 1e300")).contains("line 5: a price above 1,000,000 is a slip"));
        assert!(said(&model("training.all = 0.00000001")).contains("line 5: a price has six decimals"));
        assert!(said(&model("training.all = \"3\"")).contains("line 5: invalid type: string"));
        assert!(said(&model("training.all = { from = \"x\" }")).contains("line 5: missing field `is`"));
        assert!(said(&model("training.all = { is = 3, of = \"x\" }")).contains("unknown field `of`"));
        assert_eq!(
            said(&model("training.all = 0")),
            "the file: `openai`: the price of `all` of `gpt-4o-2024-08-06` is zero"
        );
    }

    #[test]
    fn wrong_names_are_refused_with_the_nearest() {
        assert!(said(&model("trainnig.all = 3.0")).contains("unknown field `trainnig`"));
        assert!(said(&model("training.stf = 3.0")).contains("did you mean `sft`"));
        let error = over("[provider.openia]\nminimum = 1.0\n").unwrap_err();
        assert_eq!(error.to_string(), "the file: unknown provider `openia`");
        assert!(error.hint().unwrap().starts_with("did you mean `openai`?"), "{error:?}");
        let error = over("[[provider.openai.model]]\nname = \"gpt4o-mini\"\n").unwrap_err();
        assert_eq!(error.to_string(), "the file: unknown model `gpt4o-mini`");
        assert!(error.hint().unwrap().contains("`gpt-4o-mini`"));
        assert!(said(&model("training.all = { is = 3.0, from = \"list\" }")).contains("names no source"));
        assert!(said(&format!("{0}{0}", model("training.all = 3.0"))).contains("stands twice"));
    }

    #[test]
    fn wrong_heads_are_refused() {
        let said = |text: &str| Book::built_in().unwrap().put_over(text, "the file").unwrap_err().to_string();
        assert!(
            said("as_of = \"2026-02-30\"\ncurrency = \"USD\"\n").contains("line 1: `2026-02-30` is no day")
        );
        assert!(said("as_of = \"2026-01-31\"\ncurrency = \"$\"\n").contains("no code of a currency: `$`"));
        assert!(said("as_of = \"2026-01-31\"\ncurrency = \"EUR\"\n").contains("in EUR, and the book"));
        assert!(said("currency = \"USD\"\n").contains("missing field `as_of`"));
        assert!(said("\u{0}").contains("line 1"));
    }

    #[test]
    fn bounds_and_counts_make_sense() {
        let class = |line: &str| format!("[[provider.together.class]]\nname = \"huge\"\n{line}\n");
        assert!(said(&class("above = 10.0\nto = 2.0")).contains("hold nothing"));
        assert!(said(&class("to = -1.0")).contains("no billions"));
        assert!(said(&class("to = nan")).contains("no billions"));
        assert!(said("[provider.openai]\nepochs = 0\n").contains("0 epochs"));
        assert!(said("[provider.openai]\nepochs_max = 0\n").contains("`epochs_max` is zero"));
        assert!(said("[provider.openai]\nepochs = 51\n").contains("`epochs` is 51, and `epochs_max` 50"));
        assert!(over("[provider.openai]\nepochs = 50\n").is_ok());
        assert!(said("[provider.\"a\\nb\"]\ntitle = \"A\"\n").contains("`a⏎b` is no name of a provider"));
        assert!(said("[provider.openai]\nepochs_max = -1\n").contains("line 4"));
        let own = "[provider.acme]\ntitle = \"Acme\"\n[[provider.acme.class]]\nname = \"all\"\ntraining.sft = 1.0\n";
        assert!(said(own).contains("no `billing`"));
    }

    #[test]
    fn days_stand_in_quotes_and_gigabytes_may_have_decimals() {
        let said = |text: &str| Book::built_in().unwrap().put_over(text, "the file").unwrap_err().to_string();
        assert!(said("as_of = 2026-12-01\ncurrency = \"USD\"\n").contains("line 1: a day stands in quotes"));
        assert!(
            super::is_bare_date("shutdown = 2027-03-31") && !super::is_bare_date("shutdown = \"2027-03-31\"")
        );
        let shutdown = format!("{HEAD}{}", model("shutdown = 2027-03-31"));
        assert!(said(&shutdown).contains("line 5: a day stands in quotes"), "{}", said(&shutdown));
        let gpu = |memory: &str| format!("{HEAD}[[gpu]]\nname = \"l4\"\nmemory = {memory}\n");
        assert!(
            said(&gpu("23.6")).contains("line 5: a whole number is wanted, not 23.6"),
            "{}",
            said(&gpu("23.6"))
        );
    }

    #[test]
    fn the_users_file_goes_before_the_book() {
        let sft = |weights| super::super::Method { kind: super::super::super::Kind::Sft, weights };
        let price = |text: &str, provider: &str, model: &str, millions, weights| {
            let book = over(text).unwrap();
            let found = book.tariff(provider).unwrap().training(model, millions, sft(weights)).unwrap();
            found.price.is.show("USD")
        };
        let lora = Some(super::super::super::Weights::Adapter);
        // The book has `sft` of this model at 25.00, and the user one price for whatever is trained.
        let azure = "[[provider.azure.model]]\nname = \"gpt-4o\"\ntraining.all = 99.0\n";
        assert_eq!(price(azure, "azure", "gpt-4o-2024-08-06", None, None), "$99.00");
        let class = |line: &str| format!("[[provider.together.class]]\nname = \"mine\"\n{line}\n");
        // The book has 0.48 for models up to 16B, and 6.00 for the largest one by its name.
        let small = class("to = 100.0\ntraining.sft = 0.01");
        assert_eq!(price(&small, "together", "qwen3-8b", Some(8_190), None), "$0.01");
        assert_eq!(price(&small, "together", "qwen3-8b", Some(8_190), lora), "$0.01");
        let large = class("above = 100.0\ntraining.sft-lora = 7.0");
        assert_eq!(price(&large, "together", "qwen3-235b-a22b", Some(235_000), None), "$7.00");
        // A price for all weights goes before the book's, too, unless adapters are asked for.
        let full = class("to = 100.0\ntraining.sft-full = 0.01");
        assert_eq!(price(&full, "together", "qwen3-8b", Some(8_190), None), "$0.01");
        assert_eq!(price(&full, "together", "qwen3-8b", Some(8_190), lora), "$0.48");
        // A class of the book that is priced anew keeps its bounds.
        let anew = "[[provider.together.class]]\nname = \"up to 16B\"\ntraining.sft-lora = 0.52\n";
        assert_eq!(price(anew, "together", "qwen3-8b", Some(8_190), None), "$0.52");
        assert_eq!(price(anew, "together", "qwen3-32b", Some(32_800), None), "$1.50");
    }

    #[test]
    fn classes_that_are_slips_are_refused() {
        let class =
            |name: &str, line: &str| format!("[[provider.together.class]]\nname = \"{name}\"\n{line}\n");
        let slip = over(&class("up to 16b", "training.sft = 0.01")).unwrap_err();
        assert_eq!(slip.to_string(), "the file: `together` has no class `up to 16b`, and it has no bounds");
        assert!(slip.hint().unwrap().contains("`up to 16B`"), "{slip:?}");
        let two = class("a", "to = 20.0\ntraining.sft = 1.0") + &class("b", "to = 10.0\ntraining.sft = 2.0");
        assert!(said(&two).contains("`a` and `b` hold models of one size"));
        let beside =
            class("a", "to = 10.0\ntraining.sft = 1.0") + &class("b", "above = 10.0\ntraining.sft = 2.0");
        assert!(over(&beside).is_ok());
    }

    #[test]
    fn what_cannot_be_tuned_is_the_model_that_is_known() {
        let book = over(&model("tunable = false")).unwrap();
        let openai = book.tariff("openai").unwrap();
        assert_eq!(openai.models.len(), Book::built_in().unwrap().tariff("openai").unwrap().models.len());
        assert_eq!(openai.entry("gpt-4o-2024-08-06").unwrap().tunable, Some(false));
        assert!(over("[[provider.openai.model]]\nname = \"new\"\ntunable = false\n").is_ok());
    }

    #[test]
    fn no_text_begins_a_line_or_hides() {
        let book = over(
            "[source.s]\nwhat = \"a\\nb\\u202e\"\nurl = \"u\\u001b\"\nsure = \"given\"\n[provider.acme]\ntitle = \"A\\u001b[2J\"\n\
             billing = \"tokens\"\nnotes = [\"n\\nfake\"]\nhosting = [{ what = \"h\\n\", hour = 1 }]\n\
             [[provider.acme.class]]\nname = \"c\\n\"\nto = 1.0\ntraining.sft = { is = 1.0, from = \"s\" }\n\
             [[provider.acme.model]]\nname = \"m\\n\"\ntunable = false\nnotes = [\"o\\u202e\"]\n",
        );
        let shown = format!("{:?}", book.unwrap().tariff("acme").unwrap());
        for safe in ["a⏎b·", "u·", "A·[2J", "n⏎fake", "h⏎", "c⏎", "m⏎", "o·"] {
            assert!(shown.contains(&format!("\"{safe}\"")), "{safe}: {shown}");
        }
    }

    #[test]
    fn a_gpu_is_put_over_in_part() {
        let book = over("[[gpu]]\nname = \"l4\"\nspot = 0.10\n").unwrap();
        let gpu = book.gpus().iter().find(|gpu| gpu.name == "l4").unwrap();
        assert_eq!(
            (gpu.memory.is, gpu.spot.is.show("USD"), gpu.on_demand.is.show("USD")),
            (24, "$0.10".into(), "$0.78".into())
        );
        assert_eq!(gpu.spot.source().what, "the file");
        let error = said("[[gpu]]\nname = \"l40\"\nspot = 0.10\n");
        assert!(error.contains("the GPU `l40` has no `memory`") && error.contains("`l40s`"), "{error}");
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let book = over(&model("training.all = 20.0")).unwrap();
        let openai = book.tariff("openai").unwrap();
        let method = super::super::Method { kind: super::super::super::Kind::Sft, weights: None };
        let price = openai.training("gpt-4o-2024-08-06", None, method).unwrap().price;
        assert_eq!(price.is.show("USD"), "$20.00");
        assert_eq!((price.source().what.as_str(), price.source().sure), ("the file", Sure::Given));
        let entry = openai.entry("gpt-4o-2024-08-06").unwrap();
        assert_eq!(entry.tuned.output.as_ref().unwrap().is.show("USD"), "$15.00");
        assert_eq!(openai.models.len(), Book::built_in().unwrap().tariff("openai").unwrap().models.len());
    }

    #[test]
    fn files_that_are_no_price_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.toml");
        assert!(Book::with_file(&path).unwrap_err().to_string().contains("cannot be read"));
        std::fs::write(&path, vec![b' '; (1 << 20) + 1]).unwrap();
        assert!(Book::with_file(&path).unwrap_err().to_string().ends_with("is larger than 1 MiB"));
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(Book::with_file(&path).unwrap_err().to_string().contains("cannot be read"));
        std::fs::write(&path, super::super::FILES[0].1).unwrap();
        assert!(Book::with_file(&path).is_ok());
    }
}
