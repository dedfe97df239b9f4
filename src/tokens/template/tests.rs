//! Templates: what is trained, the surroundings, strangers' programs.

use super::*;
use crate::model::{Content, Extra, Message, Role, ToolCall};

const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const MARKED: &str = "{{ bos_token }}
{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {{- '[A]' }}
        {%- generation %}
        {{- message.content.strip() + eos_token }}
        {%- endgeneration %}
    {%- else %}
        {{- '[' + message.role[0] | upper + ']' + message.content }}
    {%- endif %}
{%- endfor %}
";

fn template(text: &str) -> ChatTemplate {
    ChatTemplate::new(text, Some("<s>".to_owned()), Some("</s>".to_owned())).unwrap()
}

fn talk() -> Vec<Message> {
    vec![
        Message::text(Role::User, "Hi"),
        Message::text(Role::Assistant, " One "),
        Message::text(Role::User, "And?"),
        Message::text(Role::Assistant, "Two"),
    ]
}

/// The rendering with what is trained in brackets.
fn shown(template: &ChatTemplate, messages: &[Message], mask: Mask) -> Result<String, String> {
    let segments = template.render(Chat { messages, tools: &[] }, mask)?;
    Ok(segments
        .iter()
        .map(|one| if one.trained { format!("«{}»", one.text) } else { one.text.clone() })
        .collect())
}

#[test]
fn answers_are_what_they_add_to_what_stands_before_them() {
    let chatml = template(CHATML);
    assert!(!chatml.marks_answers());
    let all = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n« One <|im_end|>»\n<|im_start|>user\nAnd?<|im_end|>\n\
               <|im_start|>assistant\n«Two<|im_end|>»\n";
    assert_eq!(shown(&chatml, &talk(), Mask::Answers).unwrap(), all);
    let last = shown(&chatml, &talk(), Mask::LastAnswer).unwrap();
    assert_eq!((last.matches('«').count(), last.contains("«Two<|im_end|>»")), (1, true));
    assert_eq!(shown(&chatml, &talk(), Mask::Nothing).unwrap().matches('«').count(), 0);
    assert!(shown(&chatml, &talk(), Mask::Everything).unwrap().starts_with("«<|im_start|>user"));
}

#[test]
fn marks_decide_where_a_template_has_some() {
    let marked = template(MARKED);
    assert!(marked.marks_answers());
    assert_eq!(shown(&marked, &talk(), Mask::Answers).unwrap(), "<s>[U]Hi[A]«One</s>»[U]And?[A]«Two</s>»");
    assert_eq!(shown(&marked, &talk(), Mask::LastAnswer).unwrap(), "<s>[U]Hi[A]One</s>[U]And?[A]«Two</s>»");
    // A namespace that is set inside is the one outside.
    let counting = template(
        "{% set ns = namespace(n=0) %}{% for m in messages %}{% generation %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endgeneration %}{% endfor %}",
    );
    assert_eq!(shown(&counting, &talk(), Mask::Everything).unwrap(), "«1»«2»«3»«4»");
    // What is only sliced inside is the one outside, too.
    let slicing = template(
        "{% set all = messages[1:] %}{% for a, b in [('x', 'yz')] %}{% generation %}{% for m in all[1:] %}{{ m.content }}{% endfor %}{{ a[:1] }}{{ b[1:] }}{% endgeneration %}{% endfor %}",
    );
    assert_eq!(shown(&slicing, &talk(), Mask::Everything).unwrap(), "«And?Twoxz»");
    let mut masked = talk();
    masked[3].weight = Some(0);
    assert_eq!(shown(&marked, &masked, Mask::Answers).unwrap(), "<s>[U]Hi[A]«One</s>»[U]And?[A]Two</s>");
    assert_eq!(shown(&marked, &masked, Mask::LastAnswer).unwrap().matches('«').count(), 0);
    // Whoever writes the marks himself changes nothing.
    let mut forged = talk();
    forged[0].content = Content::Text("\u{f8f0}\u{10f8f0}Hi".to_owned());
    assert_eq!(shown(&marked, &forged, Mask::Answers), shown(&marked, &talk(), Mask::Answers));
}

#[test]
fn an_answer_that_later_ones_change_is_looked_for() {
    // As templates do that drop the thoughts of all but the last answer.
    let dropping = template(
        "{% for m in messages %}{{ m.role }}:{% if m.role == 'assistant' and loop.last %}<think>{% endif %}{{ m.content }};{% endfor %}",
    );
    let shown = shown(&dropping, &talk(), Mask::Answers).unwrap();
    assert_eq!(
        shown,
        "user:Hi;assistant: «One» ;user:And?;assistant:«<think>Two;»"
            .replace("assistant:«<think>Two;»", "«assistant:<think>Two;»")
    );
}

#[test]
fn tools_and_calls_are_written_as_python_writes_them() {
    let tools = template(
        "{{ tools | tojson }}|{{ tools[0] | tojson(indent=2) }}|{% for m in messages %}{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% for k, v in c.function.arguments.items() %}{{ k }}={{ v }}{% endfor %}{% endfor %}{% endfor %}",
    );
    let mut call = Message::text(Role::Assistant, "");
    call.content = Content::Null;
    call.tool_calls = vec![ToolCall {
        id: None,
        name: "find".to_owned(),
        arguments: r#"{"b":1,"a":"é<x>"}"#.to_owned(),
        extra: Extra::new(),
    }];
    let definitions = [serde_json::json!({"name": "find", "n": 1.5, "big": 18_446_744_073_709_551_615_u64})];
    let segments =
        tools.render(Chat { messages: &[call.clone()], tools: &definitions }, Mask::Nothing).unwrap();
    let wanted = "[{\"name\": \"find\", \"n\": 1.5, \"big\": 18446744073709551615}]|{\n  \"name\": \"find\",\n  \"n\": 1.5,\n  \"big\": \
                  18446744073709551615\n}|find{\"b\": 1, \"a\": \"é<x>\"}b=1a=é<x>";
    assert_eq!(segments[0].text, wanted);
    // A template that joins arguments to a text gets them as a text.
    let joining = template("{{ 'calls ' + messages[0].tool_calls[0].function.arguments }}");
    let segments = joining.render(Chat { messages: &[call], tools: &[] }, Mask::Nothing).unwrap();
    assert_eq!(segments[0].text, r#"calls {"b":1,"a":"é<x>"}"#);
}

#[test]
fn the_surroundings_are_those_of_hugging_face() {
    for (text, wanted) in [
        ("{% for m in messages %}\n  {% if loop.first %}\nfirst\n  {% endif %}\n{% endfor %}\n", "first\n"),
        ("a\r\n{% if true %}\r\nb\r{% endif %}\r\n\"c\"\r\n", "a\nb\n\"c\""),
        ("{{ strftime_now('%d %b %Y') }}", "26 Jul 2024"),
        (
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% if ns.n == 2 %}{% break %}{% endif %}{% endfor %}{{ ns.n }}",
            "2",
        ),
        ("{{ messages[::-1][0].content.replace('T', 'w') }}", "wwo"),
        ("{{ (messages | selectattr('role', 'equalto', 'user') | list) | length }}{{ bos_token }}", "2<s>"),
        (
            "{{ none }}{{ true }}{{ none is iterable }}{{ 'a' is iterable }}{{ [] is iterable }}",
            "NoneTrueFalseTrueTrue",
        ),
        ("{{ '<b>' }}{{ messages[0].content.startswith('H') }}{{ nothing is defined }}", "<b>TrueFalse"),
    ] {
        let rendered = shown(&template(text), &talk(), Mask::Nothing).unwrap();
        assert_eq!(rendered, wanted, "{text}");
    }
}

#[test]
fn several_marks_of_an_answer_are_its_own() {
    let twice = "{% for message in messages %}{% if message.role == 'assistant' %}{% generation %}{{ message.content.strip() }}{% endgeneration %}|{% generation %}{{ eos_token }}{% endgeneration %}{% else %}[{{ message.content }}]{% endif %}{% endfor %}";
    let template = template(twice);
    let mut talk = talk();
    talk[1].weight = Some(0);
    assert_eq!(shown(&template, &talk, Mask::Answers).unwrap(), "[Hi]One|</s>[And?]«Two»|«</s>»");
    talk[1].weight = None;
    assert_eq!(shown(&template, &talk, Mask::LastAnswer).unwrap(), "[Hi]One|</s>[And?]«Two»|«</s>»");
    assert_eq!(shown(&template, &talk, Mask::Answers).unwrap(), "[Hi]«One»|«</s>»[And?]«Two»|«</s>»");
    // An answer that the template rewrites is not found: then all that is marked counts, where something is learned.
    talk[1] = Message::text(Role::Assistant, "o\u{a0}n");
    let rewritten = self::template(&twice.replace(".strip()", ".upper()"));
    assert!(shown(&rewritten, &talk, Mask::LastAnswer).unwrap().starts_with("[Hi]«O"));
}

#[test]
fn templates_that_raise_or_do_not_end_are_faults_of_the_example() {
    let said = |text: &str| shown(&template(text), &talk(), Mask::Answers).unwrap_err();
    assert_eq!(
        said("{{ raise_exception('Conversation roles must alternate') }}"),
        "Conversation roles must alternate (line 1)"
    );
    // Two short messages say nothing of a template that goes on for longer chats.
    let endless = "{% if messages[2] %}{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}{% endif %}";
    assert!(said(endless).starts_with("it does not end within"));
    assert!(said("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").contains("recursion"));
    assert!(said("{% for a in range(9000) %}{{ 'a' * 9999 }}{% endfor %}").contains("writes more than"));
    for growing in [
        "{% set ns = namespace(text='ab') %}{% for a in range(99) %}{% set ns.text = ns.text ~ ns.text %}{% endfor %}",
        "{% set ns = namespace(text='ab') %}{% for a in range(99) %}{% set ns.text %}{{ ns.text }}{{ ns.text }}{% endset %}{% endfor %}",
        "{% macro f(text, n) %}{{ f(text + text, n - 1) if n }}{% endmacro %}{{ f('ab', 99) }}",
        // Small steps over a long text.
        "{% set ns = namespace(text='ab' * 2000000) %}{% for a in range(90000) %}{% set ns.text = ns.text ~ 'a' %}{% endfor %}",
    ] {
        assert!(said(growing).starts_with("it builds texts of more than"), "{growing}: {}", said(growing));
    }
    let lists = "{% set ns = namespace(list=[1]) %}{% for a in range(99) %}{% set ns.list = ns.list + ns.list %}{% endfor %}";
    assert!(said(lists).starts_with("it builds a list of more than"), "{}", said(lists));
    // Python goes through nothing where nothing is known, and not through `None`.
    assert!(said("{% for part in none %}{% endfor %}").starts_with("'NoneType' object is not iterable"));
    assert!(shown(&template("{% for part in nothing %}{% endfor %}"), &talk(), Mask::Nothing).is_ok());
    assert!(said("{{ messages[9].content.strip() }}").contains("undefined"));
}

#[test]
fn files_are_templates_or_configurations() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat_template.jinja");
    let load = |text: &[u8]| {
        std::fs::write(&path, text).unwrap();
        ChatTemplate::load(&path)
    };
    let said = |text: &[u8]| load(text).err().unwrap().to_string();
    assert!(load(CHATML.as_bytes()).is_ok());
    assert!(load(b"{{ messages[0].content }}").is_ok());
    assert!(load(b"{%- for m in messages %}{% endfor %}").is_ok());
    assert!(said(b" ").ends_with("it is empty"));
    let endless = said(b"{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}");
    assert!(endless.ends_with("steps, even for two short messages"), "{endless}");
    assert!(said(b"\xff").ends_with("it is not UTF-8"));
    assert!(
        said(b"{% for m in messages %}").contains("unexpected end"),
        "{}",
        said(b"{% for m in messages %}")
    );
    assert!(said(b"{\"chat_template\": ").contains("it is not JSON"));
    assert!(said(b"{}").contains("JSON without `chat_template`"));
    assert!(said(b"{\"chat_template\": 3}").contains("is no text"));
    let config = br#"{"bos_token": {"content": "<s>"}, "chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "{{ bos_token }}d"}]}"#;
    assert_eq!(shown(&load(config).unwrap(), &talk(), Mask::Nothing).unwrap(), "<s>d");
    std::fs::write(folder.path().join("tokenizer_config.json"), r#"{"bos_token": "<b>"}"#).unwrap();
    assert_eq!(shown(&load(b"{{ bos_token }}").unwrap(), &talk(), Mask::Nothing).unwrap(), "<b>");
    assert!(
        ChatTemplate::load(Path::new("/nowhere/t.jinja"))
            .err()
            .unwrap()
            .to_string()
            .contains("cannot be read")
    );
}
