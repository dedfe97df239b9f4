//! Until when a provider tunes a model and serves it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::bill::title_of;
use super::book::{Day, Entry, Sourced};
use crate::tokens::Model;

/// Days before a model goes out of service from which on that is said of every job.
const GONE_WITHIN_DAYS: i64 = 180;
/// Days before the last day of jobs from which on that is said of every job.
const LAST_JOB_WITHIN_DAYS: i64 = 30;

/// When a provider stops to tune and to serve a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct End {
    /// Last day on which a job is started.
    pub last_job: Option<Day>,
    /// First day on which the model is out of service, tuned versions included.
    pub shutdown: Option<Day>,
}

impl End {
    /// What is known: the price book's word, else what stands with the models.
    pub fn of(provider: &str, model: &Model, entry: Option<&Entry>) -> Self {
        let offer = model.offers.iter().find(|offer| offer.provider == provider);
        let day = |day: Option<&'static str>| day.and_then(|day| day.parse().ok()).map(Day);
        let said = |figure: Option<&Sourced<Day>>| figure.map(|day| day.is);
        Self {
            last_job: said(entry.and_then(|entry| entry.last_job.as_ref()))
                .or_else(|| day(offer.and_then(|offer| offer.last_job))),
            shutdown: said(entry.and_then(|entry| entry.shutdown.as_ref()))
                .or_else(|| day(offer.and_then(|offer| offer.shutdown))),
        }
    }

    /// Whether no job can be started any more on that day.
    pub fn is_over(&self, today: Date) -> bool {
        self.last_job.is_some_and(|day| today > day.0) || self.shutdown.is_some_and(|day| today >= day.0)
    }

    /// Whether that day is past, or so near that a job may not be worth it: the model is gone within half a year, or jobs
    /// end within a month. Both are choices of ours: a tuned model is used for months, a job is started in a day.
    pub fn is_near(&self, today: Date) -> bool {
        let within = |day: Day, days: i64| today.checked_add(days.days()).is_ok_and(|then| then >= day.0);
        self.shutdown.is_some_and(|day| within(day, GONE_WITHIN_DAYS))
            || self.last_job.is_some_and(|day| within(day, LAST_JOB_WITHIN_DAYS))
    }

    /// What is known, in words; `provider` by its short name.
    pub fn in_words(&self, provider: &str, name: &str, today: Option<Date>) -> Option<String> {
        let title = title_of(provider);
        let passed = |day: Date| today.is_some_and(|today| today >= day);
        let last_job = self.last_job.map(|Day(day)| {
            if today.is_some_and(|today| today > day) {
                format!("{title} has started no fine-tuning job since {day}")
            } else {
                format!("{title} starts no fine-tuning job after {day}")
            }
        });
        match (self.shutdown.map(|day| day.0), last_job) {
            (Some(day), _) if passed(day) => Some(format!("`{name}` is out of service since {day}")),
            (Some(day), Some(last)) => Some(format!("{last}, and `{name}` goes out of service on {day}")),
            (Some(day), None) => Some(format!("`{name}` goes out of service on {day}")),
            (None, last) => last,
        }
    }
}
