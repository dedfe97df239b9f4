//! The price book: what providers charge, each figure with where it is from and how sure it is.
//!
//! The book that comes with the program is a file a provider ([`FILES`]), put over one another; `--prices FILE` puts one
//! more over them, whole or in part. What is not known is absent. Which provider tunes a model, up to which length and until
//! when, stands with the models in `tokens`.

mod file;
mod sourced;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use super::billing::Billing;
use super::epochs::DefaultEpochs;
use super::method::Method;
use super::money::Rate;
use crate::error::{Error, Result};
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;

pub use sourced::{Day, Source, Sourced, Sure};

/// The files of the built-in book, sorted by provider.
static FILES: &[(&str, &str)] = &[
    ("azure", include_str!("azure.toml")),
    ("bedrock", include_str!("bedrock.toml")),
    ("fireworks", include_str!("fireworks.toml")),
    ("gpus", include_str!("gpus.toml")),
    ("mistral", include_str!("mistral.toml")),
    ("openai", include_str!("openai.toml")),
    ("ori", include_str!("ori.toml")),
    ("prime-intellect", include_str!("prime-intellect.toml")),
    ("tinker", include_str!("tinker.toml")),
    ("together", include_str!("together.toml")),
    ("vertex", include_str!("vertex.toml")),
];

/// Days after which a figure is called old: half a year, a choice of ours.
pub const OLD_AFTER_DAYS: i32 = 180;

/// A kind of GPU to rent.
#[derive(Debug, Clone, PartialEq)]
pub struct Gpu {
    /// Its name.
    pub name: String,
    /// Gigabytes (10^9 bytes) of its memory.
    pub memory: Sourced<u64>,
    /// 10^12 operations a second in bfloat16, without sparsity.
    pub tflops: Sourced<u64>,
    /// An hour of one that can be taken away.
    pub spot: Sourced<Rate>,
    /// An hour of one on demand.
    pub on_demand: Sourced<Rate>,
}

/// What a provider charges.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tariff {
    /// The provider's name as people write it, where `tokens` does not know it.
    pub title: Option<String>,
    /// What is billed.
    pub billing: Option<Sourced<Billing>>,
    /// Passes over the file when nobody says how many.
    pub epochs: Option<Sourced<DefaultEpochs>>,
    /// Most passes a job may ask for.
    pub epochs_max: Option<Sourced<u64>>,
    /// Most tokens a job may have, all passes together.
    pub tokens_max: Option<Sourced<u64>>,
    /// Most hours a job takes, where hours are billed.
    pub hours_max: Option<Sourced<u64>>,
    /// What a job has cost when it is paused, where hours are billed.
    pub paused_at: Option<Sourced<Rate>>,
    /// Least that a job costs.
    pub minimum: Option<Sourced<Rate>>,
    /// What a stored model costs a month.
    pub storage: Option<Sourced<Rate>>,
    /// What serving a tuned model costs an hour, the cheapest first.
    pub hosting: Vec<Hosting>,
    /// Prices by the size of the model, sorted by size.
    #[serde(rename = "class")]
    pub classes: Vec<Class>,
    /// Prices of single models, which go before those of their size.
    #[serde(rename = "model")]
    pub models: Vec<Entry>,
    /// What else is to be known, a line each.
    pub notes: Vec<String>,
    /// The prices of training of each file, the latest first: the user's own go before all of what comes with the program.
    #[serde(skip)]
    lists: Vec<PriceList>,
}

/// The prices of training of one file.
#[derive(Debug, Clone, Default, PartialEq)]
struct PriceList {
    /// By the name of the model.
    models: Vec<(String, Prices)>,
    /// By the size of the model, their bounds those of the whole book.
    classes: Vec<Class>,
}

/// What a million tokens of training cost, or an hour, by method.
type Prices = BTreeMap<Method, Sourced<Rate>>;

impl PriceList {
    /// The price of training a model of so many millions of parameters by `method`: that of the model before that of its size.
    fn training(&self, model: &str, millions: Option<u32>, method: Method) -> Option<Training<'_>> {
        let of = |prices: &'_ Prices| -> Option<Method> {
            method.priced_as().into_iter().find(|method| prices.contains_key(method))
        };
        let models = self.models.iter().filter(|(name, _)| name == model);
        let named = models.map(|(_, prices)| (prices, None));
        let sized =
            self.classes.iter().filter(|class| millions.is_some_and(|millions| class.holds(millions)));
        let sized = sized.map(|class| (&class.training, Some(class.name.as_str())));
        named.chain(sized).find_map(|(prices, class)| {
            let method = of(prices)?;
            Some(Training { method, price: prices.get(&method)?, class })
        })
    }
}

/// A way to serve a tuned model that is paid by the hour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosting {
    /// What it is.
    pub what: String,
    /// An hour of it.
    pub hour: Sourced<Rate>,
}

/// Models of one size.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// What the provider calls it.
    pub name: String,
    /// Billions of parameters that its models have more than.
    #[serde(default)]
    pub above: Option<f64>,
    /// Billions of parameters that its models have at most.
    #[serde(default)]
    pub to: Option<f64>,
    /// A million tokens of training, by method.
    #[serde(default)]
    pub training: BTreeMap<Method, Sourced<Rate>>,
}

impl Class {
    /// Whether a model of so many millions of parameters belongs to it.
    fn holds(&self, millions: u32) -> bool {
        let billions = f64::from(millions) / 1e3;
        self.above.is_none_or(|above| billions > above) && self.to.is_none_or(|to| billions <= to)
    }
}

/// One model.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// Its name, as `tokens` has it.
    pub name: String,
    /// Whether it can be tuned; the others are there to be compared with.
    pub tunable: Option<bool>,
    /// A million tokens of training (an hour, for reinforcement), by method.
    pub training: BTreeMap<Method, Sourced<Rate>>,
    /// Ways to serve it tuned, where they are others than the provider's.
    pub hosting: Vec<Hosting>,
    /// Use of the tuned model.
    pub tuned: Use,
    /// Use of the model as it is.
    pub base: Use,
    /// What else is to be known of tuning it, a line each.
    pub notes: Vec<String>,
    /// First day on which it is out of service, where that differs from what is known with the models.
    pub shutdown: Option<Sourced<Day>>,
    /// Last day on which a job is started, where that differs likewise.
    pub last_job: Option<Sourced<Day>>,
}

/// A million tokens of use.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Use {
    /// Read by the model.
    pub input: Option<Sourced<Rate>>,
    /// Read by the model and kept from a request before.
    pub cached: Option<Sourced<Rate>>,
    /// Written by the model.
    pub output: Option<Sourced<Rate>>,
}

/// A price of training, with the class it is of.
#[derive(Debug, Clone, Copy)]
pub struct Training<'a> {
    /// The method as the book has it: `sft-lora` where `sft` was asked for.
    pub method: Method,
    /// The price.
    pub price: &'a Sourced<Rate>,
    /// The size that the provider prices together, where it does.
    pub class: Option<&'a str>,
}

/// The prices of all providers.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// What day it is for whoever asks; `None`: ages are not judged.
    pub today: Option<Date>,
    tariffs: BTreeMap<String, Tariff>,
    gpus: Vec<Gpu>,
}

impl Book {
    /// The book that comes with the program.
    pub fn built_in() -> Result<Self> {
        let mut book =
            Self { currency: "USD".to_owned(), today: None, tariffs: BTreeMap::new(), gpus: Vec::new() };
        for (name, text) in FILES {
            book.put_over(text, &format!("the price book of `{name}`"))?;
        }
        Ok(book)
    }

    /// The built-in book with a file of the user's over it.
    pub fn with_file(path: &Path) -> Result<Self> {
        let mut book = Self::built_in()?;
        let (text, place) = file::read(path)?;
        book.put_over(&text, &place)?;
        Ok(book)
    }

    /// Puts the figures of a file over those that are there; `place` names it in errors.
    pub fn put_over(&mut self, text: &str, place: &str) -> Result<()> {
        let file = file::parse(text, place)?;
        if file.currency != self.currency {
            let message =
                format!("{place} is in {}, and the book it is put over in {}", file.currency, self.currency);
            return Err(Error::usage(message).with_hint("turn the amounts into one currency"));
        }
        for (name, tariff) in file.provider {
            let known = self.tariffs.entry(name.clone()).or_default();
            file::check_classes(&name, known, &tariff)
                .map_err(|(fault, hint)| Error::usage(format!("{place}: {fault}")).with_hint(hint))?;
            known.put_over(tariff);
        }
        for gpu in file.gpu {
            if let Some(known) = self.gpus.iter_mut().find(|known| known.name == gpu.name) {
                gpu.put_over(known);
                continue;
            }
            let gpu = gpu.whole(self.gpus.iter().map(|known| known.name.as_str()));
            self.gpus.push(gpu.map_err(|fault| Error::usage(format!("{place}: {fault}")))?);
        }
        file::check_gpus(&self.gpus).map_err(|fault| Error::usage(format!("{place}: {fault}")))?;
        for (name, tariff) in &self.tariffs {
            file::check(name, tariff).map_err(|fault| Error::usage(format!("{place}: {fault}")))?;
        }
        Ok(())
    }

    /// The same prices, looked at on that day.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    /// Every provider with its prices, sorted by name.
    pub fn tariffs(&self) -> impl Iterator<Item = (&str, &Tariff)> {
        self.tariffs.iter().map(|(name, tariff)| (name.as_str(), tariff))
    }

    /// GPUs to rent, in the order of the book.
    pub fn gpus(&self) -> &[Gpu] {
        &self.gpus
    }

    /// What a provider charges, if anything is known of it.
    pub fn tariff(&self, provider: &str) -> Option<&Tariff> {
        self.tariffs.get(provider)
    }

    /// What a provider charges, asked for by name.
    pub fn find(&self, provider: &str) -> Result<&Tariff> {
        self.tariff(provider).ok_or_else(|| {
            let message = format!("no prices are known of `{}`", excerpt(provider, 60));
            Error::usage(message).with_hint(suggestion(provider, self.tariffs.keys().map(String::as_str)))
        })
    }

    /// What is to be said of the ages of figures, each with what it is called; nothing twice.
    pub fn age_warnings<'a>(
        &self,
        figures: impl IntoIterator<Item = (impl AsRef<str>, &'a Source)>,
    ) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for line in figures.into_iter().filter_map(|(what, source)| self.age_warning(what.as_ref(), source)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// What is to be said of the age of a figure, which is called `what`, if anything.
    pub fn age_warning(&self, what: &str, source: &Source) -> Option<String> {
        let read = source.read?.0;
        let days = self.today?.since(read).ok()?.get_days();
        // Clocks are asked for the day in Greenwich, and a day begins up to 14 hours before it does there.
        if days < -1 {
            return Some(format!("{what} is of {read}, a day that is yet to come"));
        }
        (days > OLD_AFTER_DAYS)
            .then(|| format!("{what} is {days} days old (read {read}); compare it with the provider's list"))
    }
}

impl Tariff {
    /// The entry of a model.
    pub fn entry(&self, model: &str) -> Option<&Entry> {
        self.models.iter().find(|entry| entry.name == model)
    }

    /// The cheapest way to serve a tuned model that is paid by the hour.
    pub fn cheapest_hosting(&self, model: &str) -> Option<&Hosting> {
        self.hosting(model).iter().min_by_key(|hosting| hosting.hour.is)
    }

    /// Ways to serve a tuned model that are paid by the hour.
    pub fn hosting(&self, model: &str) -> &[Hosting] {
        let own = self.entry(model).map_or(&[][..], |entry| &entry.hosting);
        if own.is_empty() { &self.hosting } else { own }
    }

    /// The price of training a model of so many millions of parameters by `method`.
    ///
    /// Asked for without saying whether adapters or all weights are trained, adapters come first in a list: they are what
    /// providers train unless told otherwise, and the cheaper of the two. A price that the user has goes before any of the book.
    pub fn training(&self, model: &str, millions: Option<u32>, method: Method) -> Option<Training<'_>> {
        let asked = method.asked_as();
        self.lists
            .iter()
            .find_map(|list| asked.iter().find_map(|method| list.training(model, millions, *method)))
    }

    fn put_over(&mut self, over: Self) {
        let models = over.models.iter().map(|entry| (entry.name.clone(), entry.training.clone())).collect();
        // A class of the book that is priced anew has its bounds from the book.
        let bounded = |class: &Class| {
            let known = self.classes.iter().find(|known| known.name == class.name);
            let (above, to) = known.map_or((None, None), |known| (known.above, known.to));
            Class { above: class.above.or(above), to: class.to.or(to), ..class.clone() }
        };
        let classes = over.classes.iter().map(bounded).collect();
        self.lists.insert(0, PriceList { models, classes });
        put(&mut self.title, over.title);
        put(&mut self.billing, over.billing);
        put(&mut self.epochs, over.epochs);
        put(&mut self.epochs_max, over.epochs_max);
        put(&mut self.tokens_max, over.tokens_max);
        put(&mut self.hours_max, over.hours_max);
        put(&mut self.paused_at, over.paused_at);
        put(&mut self.minimum, over.minimum);
        put(&mut self.storage, over.storage);
        if !over.hosting.is_empty() {
            self.hosting = over.hosting;
        }
        for class in over.classes {
            match self.classes.iter_mut().find(|known| known.name == class.name) {
                None => self.classes.push(class),
                Some(known) => {
                    put(&mut known.above, class.above);
                    put(&mut known.to, class.to);
                    known.training.extend(class.training);
                }
            }
        }
        for entry in over.models {
            match self.models.iter_mut().find(|known| known.name == entry.name) {
                None => self.models.push(entry),
                Some(known) => known.put_over(entry),
            }
        }
        self.notes.extend(over.notes);
    }
}

impl Entry {
    fn put_over(&mut self, over: Self) {
        put(&mut self.tunable, over.tunable);
        put(&mut self.shutdown, over.shutdown);
        put(&mut self.last_job, over.last_job);
        self.training.extend(over.training);
        self.notes.extend(over.notes);
        if !over.hosting.is_empty() {
            self.hosting = over.hosting;
        }
        for (price, over) in [(&mut self.tuned, over.tuned), (&mut self.base, over.base)] {
            put(&mut price.input, over.input);
            put(&mut price.cached, over.cached);
            put(&mut price.output, over.output);
        }
    }
}

fn put<T>(place: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *place = value;
    }
}
