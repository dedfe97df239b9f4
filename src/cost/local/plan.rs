//! What a job is on each GPU of the price book: how many are needed, hours, money.

use serde::Serialize;

use super::architecture::Architecture;
use super::memory::{Memory, Span, Training};
use super::work::Work;
use crate::cost::billing::Tokens;
use crate::cost::book::{Book, Gpu, Source};
use crate::cost::money::Interval;
use crate::error::{Error, Result};
use crate::text::number::{count, thousands, whole};
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;

/// Share of a GPU's published operations that training reaches. Published for large clusters: 38 to 43 % (Llama 3,
/// <https://arxiv.org/abs/2407.21783>, 3.3.2), 46 % and with what is computed again 58 % (`PaLM`,
/// <https://arxiv.org/abs/2204.02311>, table 3). Small batches of short rows and weights in few bits stay below: 20 % is our
/// choice, and so is 50 % at most.
const UTILISATION: Span = Span { low: 0.2, high: 0.5 };

/// GPUs of one machine that are used together; more than one machine is another kind of work.
const GPUS: [u64; 4] = [1, 2, 4, 8];

/// Share of a GPU's memory that can be filled (ours).
const FILLED: f64 = 0.95;

/// A job on GPUs of one's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SelfHosted {
    /// The model; empty where it was given by its sizes.
    pub model: String,
    /// All its parameters.
    pub parameters: u64,
    /// Those that a token is multiplied with.
    pub active: u64,
    /// Parameters that are trained, at least and at most.
    pub trained: (u64, u64),
    /// How it is trained.
    pub training: Training,
    /// Passes over the rows.
    pub epochs: u64,
    /// Tokens of all passes.
    pub tokens: Tokens,
    /// Bytes of memory on one GPU.
    pub memory: Memory,
    /// All of them.
    pub memory_total: Span,
    /// Operations.
    pub work: Work,
    /// The GPUs, the cheapest that surely holds it first.
    pub gpus: Vec<OnGpu>,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// What the figures take for granted, a line each.
    pub assumptions: Vec<String>,
    /// What should make the reader pause, a line each.
    pub warnings: Vec<String>,
}

/// A job on one kind of GPU.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnGpu {
    /// The GPU.
    pub gpu: String,
    /// Gigabytes of its memory.
    pub memory: u64,
    /// How many hold the job by the upper bound of its memory; `None`: not those of one machine.
    pub count: Option<u64>,
    /// How many hold it by the lower bound; `None`: not those of one machine.
    pub count_least: Option<u64>,
    /// Hours of that many.
    pub hours: Option<Span>,
    /// What they cost, spot to on demand.
    pub cost: Option<Interval>,
}

/// Plans a job on the GPUs of the book, or on the one that is named.
pub fn self_hosted(
    architecture: &Architecture,
    training: Training,
    epochs: u64,
    tokens: Tokens,
    book: &Book,
    only: Option<&str>,
) -> Result<SelfHosted> {
    check(&training, epochs)?;
    let chosen = chosen(book, only)?;
    let memory = Memory::of(architecture, &training);
    let all = |tokens: u64| {
        tokens.checked_mul(epochs).ok_or_else(|| {
            Error::input("the tokens of all passes together are more than 2^64")
                .with_hint("count the inputs in parts")
        })
    };
    let tokens = Tokens { low: all(tokens.low)?, high: all(tokens.high)? };
    let work = Work::of(architecture, &training, tokens, epochs);
    let mut gpus: Vec<OnGpu> = chosen.iter().map(|gpu| on(gpu, &memory, &work)).collect();
    let cheapest = |on: &OnGpu| on.cost.map(|cost| cost.high);
    let holds = |on: &OnGpu| (on.count_least.is_none(), on.count.is_none());
    gpus.sort_by(|a, b| (holds(a), cheapest(a), &a.gpu).cmp(&(holds(b), cheapest(b), &b.gpu)));
    let rates = chosen.iter().flat_map(|gpu| [&gpu.spot, &gpu.on_demand]);
    let trained = training
        .rank
        .map_or((architecture.parameters(), architecture.parameters()), |rank| architecture.adapters(rank));
    Ok(SelfHosted {
        model: architecture.model.to_owned(),
        parameters: architecture.parameters(),
        active: architecture.active(),
        trained,
        training,
        epochs,
        tokens,
        memory_total: memory.total(),
        memory,
        work,
        gpus,
        currency: book.currency.clone(),
        assumptions: assumptions(&training, &work, &chosen),
        warnings: book.age_warnings(rates.map(|rate| ("the price of an hour", rate.source()))),
    })
}

fn check(training: &Training, epochs: u64) -> Result<()> {
    let bounded = |what: &str, number: u64, most: u64| {
        if (1..=most).contains(&number) {
            return Ok(());
        }
        Err(Error::usage(format!("{what} of {} cannot be trained with", thousands(number)))
            .with_hint(format!("give 1 to {}", thousands(most))))
    };
    if epochs == 0 {
        return Err(Error::usage("0 epochs train nothing").with_hint("give 1 or more epochs, or none at all"));
    }
    bounded("a batch", training.batch, 4_096)?;
    bounded("sequences", training.sequence, 10_000_000)?;
    training.rank.map_or(Ok(()), |rank| bounded("a rank", rank, 4_096))?;
    if training.rank.is_none() && training.precision != super::memory::Precision::Bf16 {
        return Err(Error::usage(format!("weights in {} cannot all be trained", training.precision.name()))
            .with_hint("leave out `--weights full`, or `--precision`"));
    }
    Ok(())
}

fn chosen<'a>(book: &'a Book, only: Option<&str>) -> Result<Vec<&'a Gpu>> {
    let Some(name) = only else { return Ok(book.gpus().iter().collect()) };
    let gpu = book.gpus().iter().find(|gpu| gpu.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let typed = if name.len() <= 100 { name } else { "" };
        let near = suggestion(typed, book.gpus().iter().map(|gpu| gpu.name.as_str()));
        let then = if near.ends_with('?') { " " } else { "; " };
        Error::usage(format!("unknown GPU `{}`", excerpt(name, 60)))
            .with_hint(format!("{near}{then}a price file may have others under `[[gpu]]`"))
    })?;
    Ok(vec![gpu])
}

/// How many GPUs hold so many bytes each.
fn holding(memory: u64, needs: impl Fn(u64) -> f64) -> Option<u64> {
    let room = memory as f64 * 1e9 * FILLED;
    GPUS.into_iter().find(|count| needs(*count) <= room)
}

fn on(gpu: &Gpu, memory: &Memory, work: &Work) -> OnGpu {
    let count = holding(gpu.memory.is, |count| memory.on(count).high);
    let count_least = holding(gpu.memory.is, |count| memory.on(count).low);
    // Hours of one GPU: operations by what it does an hour at the share that training reaches.
    let an_hour = gpu.tflops.is as f64 * 1e12 * 3_600.0;
    let alone = Span {
        low: work.operations.low / (an_hour * UTILISATION.high),
        high: work.operations.high / (an_hour * UTILISATION.low),
    };
    // Money is for whole seconds of all GPUs together, however many share the work.
    let cost = Interval {
        low: gpu.spot.is.of_seconds(seconds(alone.low, f64::floor)),
        high: gpu.on_demand.is.of_seconds(seconds(alone.high, f64::ceil)),
    };
    let possible = count.or(count_least);
    OnGpu {
        gpu: gpu.name.clone(),
        memory: gpu.memory.is,
        count,
        count_least,
        hours: possible.map(|count| Span {
            low: alone.low / count as f64,
            high: alone.high / count_least.unwrap_or(count) as f64,
        }),
        cost: possible.map(|_| cost),
    }
}

fn seconds(hours: f64, round: fn(f64) -> f64) -> u64 {
    whole(round(hours * 3_600.0))
}

fn assumptions(training: &Training, work: &Work, gpus: &[&Gpu]) -> Vec<String> {
    let what = match training.rank {
        None => "all weights".to_owned(),
        Some(rank) => format!("adapters of rank {} beside every linear matrix", thousands(rank)),
    };
    let mut lines = vec![
        format!(
            "{what}, weights in {}, sequences of {} tokens, {} at once on a GPU, activations {}",
            training.precision.name(),
            thousands(training.sequence),
            thousands(training.batch),
            if training.checkpointing { "computed again (gradient checkpointing)" } else { "kept" }
        ),
        format!(
            "{} operations for each parameter and token (https://arxiv.org/abs/2001.08361; frozen weights: \
             https://thinkingmachines.ai/blog/lora/); the upper bound adds attention over full sequences",
            work.each
        ),
        format!(
            "GPUs reach {:.0} to {:.0} % of their published operations in bfloat16 (Llama 3: 38 to 43 %, \
             https://arxiv.org/abs/2407.21783)",
            UTILISATION.low * 100.0,
            UTILISATION.high * 100.0
        ),
        match training.rank {
            None => {
                "memory: at least the weights, gradients used up as they come and the optimizer's states in the machine's memory \
                 (https://github.com/pytorch/torchtune, README at 0031bfb), to 16 bytes for each parameter \
                 (https://arxiv.org/abs/1910.02054), 0.5 to 1.5 GB for the driver, up to a tenth lost; with weights in the \
                 machine's memory, too, it is less"
            }
            Some(_) => {
                "memory: 6 bytes for each trained parameter (https://arxiv.org/abs/2110.02861) to 16 \
                 (https://arxiv.org/abs/1910.02054), 0.5 to 1.5 GB for the driver, up to a tenth lost"
            }
        }
        .to_owned(),
        if training.checkpointing {
            "activations: at least those of one layer at a time, the others in the machine's memory \
             (https://unsloth.ai/blog/long-context, https://arxiv.org/abs/2506.13996); at most with the scores of attention \
             (https://arxiv.org/abs/2205.05198)"
                .to_owned()
        } else {
            "activations with and without the scores of attention (https://arxiv.org/abs/2205.05198)".to_owned()
        },
        "logits: at least none, the loss computed a few tokens at a time (https://arxiv.org/abs/2411.09009)".to_owned(),
        "several GPUs share weights and work, and nothing is lost between them".to_owned(),
        if training.packed {
            "rows are packed into sequences".to_owned()
        } else {
            format!(
                "rows are not packed: each is a sequence of its own, filled up to at most {}",
                count(training.sequence, "token")
            )
        },
    ];
    if training.pairs {
        lines.push(
            "preference pairs: both answers side by side, and the model as it was before training once more forward (of all \
             weights a second model in memory, unless its answers are computed before)"
                .to_owned(),
        );
    }
    let mut seen: Vec<&Source> = Vec::new();
    for source in gpus.iter().flat_map(|gpu| [gpu.spot.source(), gpu.on_demand.source()]) {
        if seen.contains(&source) {
            continue;
        }
        seen.push(source);
        let read = source.read.map_or_else(String::new, |day| format!(" (read {})", day.0));
        let of = gpus.iter().filter(|gpu| [gpu.spot.source(), gpu.on_demand.source()].contains(&source));
        let names: Vec<&str> = of.map(|gpu| gpu.name.as_str()).collect();
        lines.push(format!(
            "an hour of {} between spot and on demand: {}{read}, {}",
            if names.len() == gpus.len() && gpus.len() > 1 { "each".to_owned() } else { names.join(", ") },
            source.what,
            source.sure.in_words()
        ));
    }
    lines.push("a machine is paid for while it loads, saves and waits, too: that is not counted".to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::super::architecture::architecture;
    use super::super::memory::{LORA, Precision};
    use super::*;

    fn planned(training: Training, name: &str, only: Option<&str>) -> Result<SelfHosted> {
        let tokens = Tokens { low: 10_000_000, high: 10_000_000 };
        self_hosted(&architecture(name).unwrap(), training, 3, tokens, &Book::built_in().unwrap(), only)
    }

    #[test]
    fn hours_and_money_by_hand() {
        // 6 * 7.505e9 + 6 * 41.9e6 = 4.53e10 a token, 30 million tokens: 1.358e18. One A100 at half of 312e12: 2.42 hours. At
        // most attention besides, (3 + 1) * 4 * 32 * 4096 * 2048 = 4.29e9 a token, and a fifth of 312e12: 1.487e18 in 6.62.
        let plan = planned(LORA, "llama-3.1-8b", Some("a100-80gb")).unwrap();
        let on = &plan.gpus[0];
        assert_eq!((plan.tokens.low, on.count), (30_000_000, Some(1)));
        let hours = on.hours.unwrap();
        assert!((hours.low - 2.42).abs() < 0.01, "{hours:?}");
        assert!((hours.high - 6.62).abs() < 0.01, "{hours:?}");
        // Spot, 1.39 an hour: 3.36 dollars at least.
        assert_eq!(on.cost.unwrap().low.show("USD"), "$3.36");
    }

    #[test]
    fn what_does_not_fit_one_gpu_takes_several_or_none() {
        let count = |training, name: &str, gpu| planned(training, name, Some(gpu)).unwrap().gpus[0].count;
        assert_eq!(count(LORA, "llama-3.1-8b", "rtx-4090"), Some(2));
        let four = Training { precision: Precision::Four, ..LORA };
        assert_eq!(count(four, "llama-3.1-8b", "rtx-4090"), Some(1));
        let full = Training { rank: None, ..LORA };
        assert_eq!(count(full, "llama-3.1-8b", "h100-sxm"), Some(4));
        // Reached on one GPU of 24 GB (README of torchtune at 0031bfb), with batches of 2.
        let reached = planned(Training { batch: 2, ..full }, "llama-3.1-8b", Some("rtx-4090")).unwrap();
        assert_eq!(reached.gpus[0].count_least, Some(1));
        assert_eq!(count(full, "qwen3-235b-a22b", "l4"), None);
        let none = planned(full, "qwen3-235b-a22b", Some("l4")).unwrap();
        assert_eq!((none.gpus[0].hours, none.gpus[0].cost), (None, None));
    }

    #[test]
    fn sources_and_ages_are_those_of_the_gpus_that_are_asked_about() {
        let own = "as_of = \"2020-01-31\"\ncurrency = \"USD\"\n[[gpu]]\nname = \"our-rack\"\nmemory = 48\ntflops = 362\nspot = 0.2\non_demand = 0.2\n";
        let mut book = Book::built_in().unwrap();
        book.put_over(own, "my prices").unwrap();
        let book = book.on("2026-11-22".parse().unwrap());
        let planned = |only| {
            let tokens = Tokens { low: 1_000, high: 1_000 };
            self_hosted(&architecture("qwen3-8b").unwrap(), LORA, 1, tokens, &book, only).unwrap()
        };
        let said = |plan: &SelfHosted, word: &str| plan.assumptions.iter().any(|line| line.contains(word));
        let (rack, l4, all) = (planned(Some("our-rack")), planned(Some("l4")), planned(None));
        assert!(said(&rack, "my prices") && !said(&rack, "RunPod") && rack.warnings.len() == 1, "{rack:?}");
        assert!(said(&l4, "RunPod") && !said(&l4, "my prices") && l4.warnings.is_empty(), "{l4:?}");
        assert!(said(&all, "RunPod") && said(&all, "an hour of our-rack"), "{all:?}");
    }

    #[test]
    fn the_cheapest_that_holds_it_comes_first() {
        let plan = planned(LORA, "qwen3-8b", None).unwrap();
        assert_eq!(plan.gpus.len(), Book::built_in().unwrap().gpus().len());
        assert!(plan.gpus.iter().is_sorted_by_key(|on| (on.count.is_none(), on.cost.map(|cost| cost.high))));
    }

    #[test]
    fn senseless_settings_are_refused() {
        let said = |training| planned(training, "qwen3-8b", None).unwrap_err().to_string();
        assert!(said(Training { rank: Some(0), ..LORA }).contains("rank of 0"));
        assert!(said(Training { batch: 0, ..LORA }).contains("batch of 0"));
        assert!(said(Training { sequence: 0, ..LORA }).contains("sequences of 0"));
        assert!(said(Training { sequence: u64::MAX, ..LORA }).contains("sequences of 18,446"));
        assert!(
            said(Training { rank: None, precision: Precision::Four, ..LORA })
                .contains("4bit cannot all be trained")
        );
        let error = planned(LORA, "qwen3-8b", Some("a1000")).unwrap_err();
        assert!(
            error.hint().unwrap().starts_with("did you mean `a100-80gb`")
                || error.hint().unwrap().contains("known are")
        );
        let most = Tokens { low: u64::MAX, high: u64::MAX };
        let book = Book::built_in().unwrap();
        assert!(self_hosted(&architecture("qwen3-8b").unwrap(), LORA, 2, most, &book, None).is_err());
        let one = self_hosted(&architecture("qwen3-8b").unwrap(), LORA, 1, most, &book, None).unwrap();
        assert!(one.gpus.iter().all(|on| on.hours.is_none_or(|hours| hours.high.is_finite())));
        assert!(self_hosted(&architecture("qwen3-8b").unwrap(), LORA, 0, most, &book, None).is_err());
    }
}
