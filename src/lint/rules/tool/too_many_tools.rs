//! `TOOL008`: more definitions than the target takes.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{row_extra, tools, tools_path};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL008",
        name: "too-many-tools",
        severity: Severity::Error,
        summary: "the row declares more tools than the target takes",
        why: "services refuse the file",
        remedy: "declare the tools that the conversation could need, and no others",
    },
    good: "",
    bad: "",
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, \
             2025-07-04); https://learn.microsoft.com/azure/ai-services/openai/how-to/fine-tuning (128)",
    build: |spec, _| {
        let most = spec.limits.tools_max?;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(most, item, report);
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::TOOLS))
    },
};

fn check(most: usize, item: &Item<'_>, report: &mut Vec<Finding>) {
    let functions = row_extra(item.body).get("functions").and_then(Value::as_array).map_or(0, Vec::len);
    let tools = tools(item.body).map_or(0, <[Value]>::len);
    for (path, count) in [(tools_path(item.body), tools), ("functions", functions)] {
        if count > most {
            let what = format!("{count} tools are declared, and at most {most} are accepted");
            report.push(Finding::new(&RULE.def, path, what));
        }
    }
}
