//! Claims of every kind: what disagrees, and what stays silent.

use super::*;

/// The codes and sides of what two answers to a question disagree about.
fn told(question: &str, texts: &[&str]) -> Vec<String> {
    let question = Question::of(question);
    let answers: Vec<Answer> = texts
        .iter()
        .zip(0..)
        .map(|(text, talk)| Answer { claims: claims(&question, text), rows: 1, talk })
        .collect();
    let tell = |found: &Disagreement| {
        let mut says: Vec<&str> = found.sides.iter().map(|side| side.says.as_str()).collect();
        says.sort_unstable();
        format!("{} {}", found.def.code, says.join(" | "))
    };
    disagreements(&answers).iter().map(tell).collect()
}

#[test]
fn numbers_of_one_thing_disagree() {
    let question = "How long do I have to send something back?";
    for (one, other, wanted) in [
        (
            "You have 30 days to return it.",
            "Returns are possible within 14 days.",
            "CONF001 14 days | 30 days",
        ),
        ("Returns take two weeks.", "Returns take 30 days.", "CONF001 30 days | two weeks"),
        ("The return costs $15.", "A return costs 10 dollars.", "CONF001 $15 | 10 dollars"),
        ("We keep 10 % of returns.", "We keep 15 percent of returns.", "CONF001 10 % | 15 percent"),
        ("Returns close at 5 pm.", "Returns close at 18:30.", "CONF001 18:30 | 5 pm"),
        ("Sie haben 30 Tage.", "Sie haben 14 Tage Zeit.", "CONF001 14 Tage | 30 Tage"),
        ("退货期限为30天", "退货期限为14天", "CONF001 14天 | 30天"),
        ("Returns end on March 3.", "Returns end on 5 April.", "CONF001 5 April | March 3"),
        ("You may return up to 3 items.", "You may return up to 5 items.", "CONF001 3 items | 5 items"),
        (
            "A 5-7 day return.",
            "A return takes 8 to 10 business days.",
            "CONF001 5-7 day | 8 to 10 business days",
        ),
    ] {
        assert_eq!(told(question, &[one, other]), [wanted], "{one} {other}");
    }
}

#[test]
fn numbers_that_agree_or_are_of_one_case_are_silent() {
    let question = "Is it too late to send something back within 60 days?";
    for (one, other) in [
        ("Returns take 14 days.", "Returns take two weeks."),
        ("Returns take 30 days.", "Returns take one month or 30 days."),
        ("Returns take 5-7 days.", "Returns take 6 days."),
        ("Returns take 30 days.", "We have 14 shops downtown."),
        ("Returns take 30 days.", "The money comes 5 days later."),
        ("Order 48213 is on its way.", "Order 58213 is on its way."),
        ("I have refunded $15 for the return.", "I have refunded $22 for the return."),
        ("Your refund is $15.", "Your refund is $22."),
        ("You have 60 days to return it.", "You have 14 days to return it."),
        ("30 days for returns, 14 days for returns of sale items.", "14 days for returns."),
        ("Version 2.0.1 returns it.", "Version 3.1.1 returns it."),
    ] {
        assert_eq!(told(question, &[one, other]), Vec::<String>::new(), "{one} {other}");
    }
}

#[test]
fn yes_and_no_disagree() {
    let question = "Can I return a used bike?";
    assert_eq!(told(question, &["Yes, within a month.", "No, sorry."]), ["CONF002 no | yes"]);
    assert_eq!(told(question, &["Unfortunately not.", "Yes."]), ["CONF002 no | yes"]);
    assert_eq!(told(question, &["Absolutely!", "Absolutely not."]), ["CONF002 no | yes"]);
    assert_eq!(told("Kann ich ein Rad zurückgeben?", &["Ja, gern.", "Nein."]), ["CONF002 no | yes"]);
    assert_eq!(told("Puis-je rendre un vélo ?", &["Oui.", "Non, désolé."]), ["CONF002 no | yes"]);
    assert_eq!(told("¿Puedo devolver una bici?", &["Sí, claro.", "No."]), ["CONF002 no | yes"]);
    let wanted = ["CONF002 denied | stated"];
    assert_eq!(told(question, &["You can return used bikes.", "You cannot return used bikes."]), wanted);
    let how = "What about shipping to islands?";
    assert_eq!(told(how, &["Shipping to islands is free.", "Shipping to islands isn't free."]), wanted);
    assert_eq!(told(how, &["Wir liefern auf Inseln.", "Wir liefern nicht auf Inseln."]), wanted);
}

#[test]
fn what_is_no_contradiction_is_silent() {
    let silent: [String; 0] = [];
    let question = "Can I return a used bike?";
    assert_eq!(told(question, &["Yes, of course.", "Sure, bring it in."]), silent);
    assert_eq!(told(question, &["No problem, bring it.", "Yes, bring it."]), silent);
    assert_eq!(told("Is my bike repaired?", &["Yes, it is.", "No, not yet."]), silent);
    assert_eq!(told("How do I return a bike?", &["Yes, hello.", "No idea."]), silent);
    assert_eq!(told(question, &["Yes.", "Unfortunately it is possible."]), silent);
    assert_eq!(told(question, &["I don't think I feel bad.", "I feel bad for you."]), silent);
    assert_eq!(told(question, &["Bikes are fun.", "Returns are not free."]), silent);
    let both = "You can return used bikes. You cannot return used bikes.";
    assert_eq!(told(question, &[both, "You cannot return used bikes."]), silent);
}

#[test]
fn links_disagree_when_none_is_shared() {
    let question = "Where can I send a bike back?";
    let one = "See https://shop.example/returns.";
    assert_eq!(
        told(question, &[one, "Go to https://www.shop.example/send-back/?a=1"]),
        ["CONF003 shop.example/returns | shop.example/send-back"]
    );
    for other in [
        "See http://www.shop.example/returns/#top",
        "See https://shop.example or https://shop.example/returns",
        "See https://shop.example/",
        "Track it at https://post.example/track/00340434161094",
    ] {
        assert_eq!(told(question, &[one, other]), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn steps_disagree_within_one_procedure() {
    let question = "How do I reset the alarm?";
    let one = "1. Hold the red button\n2. Wait for the beep\n3. Enter the code";
    let other = "1. Hold the red button\n2. Enter the code";
    assert_eq!(told(question, &[one, other]).len(), 1);
    assert_eq!(
        told(question, &[one, "1) Wait for the beep\n2) Hold the red button\n3) Enter the code"]).len(),
        1
    );
    assert!(told(question, &[one, "1. hold red button\n2. wait for a beep\n3. enter code"]).is_empty());
    assert!(told(question, &[one, "1. Buy milk\n2. Bake bread\n3. Enjoy"]).is_empty());
    let reworded = "1. Hold the red button\n2. Wait until you hear the beep\n3. Enter the code";
    assert!(told(question, &[one, reworded]).is_empty());
    let retold = "1. Press and keep the button on the front pressed\n2. A beep sounds\n3. Type your digits";
    assert!(told(question, &[one, retold]).is_empty());
    let menus = |other: &str| told(question, &["Open Settings > Alarm > Reset.", other]);
    assert_eq!(
        menus("Go to **Profile** → **Devices**."),
        ["CONF004 Profile > Devices | Settings > Alarm > Reset"]
    );
    assert!(menus("It is under Settings -> Alarm -> Reset now").is_empty());
    assert!(menus("Settings > Alarm").is_empty());
    assert!(menus("if a > b then c").is_empty());
}

#[test]
fn answers_of_one_conversation_and_of_many_cases_are_silent() {
    let question = Question::of("What does the delivery cost?");
    let answer = |cost: usize, talk: u64| Answer {
        claims: claims(&question, &format!("Delivery costs ${cost}.")),
        rows: 1,
        talk,
    };
    assert_eq!(disagreements(&[answer(5, 1), answer(7, 1)]).len(), 0);
    assert_eq!(disagreements(&[answer(5, 1), answer(7, 2)]).len(), 1);
    let many: Vec<Answer> = (0..40).map(|cost| answer(5 + cost, cost as u64)).collect();
    assert_eq!(disagreements(&many).len(), 0);
    let few: Vec<Answer> = (0..80).map(|talk| answer([5, 7][talk % 2], talk as u64)).chain(many).collect();
    assert_eq!(disagreements(&few[..100])[0].sides.len(), 2);
}

#[test]
fn what_asks_nothing_is_no_question() {
    for text in ["yes", "ok thanks!", "4711", "Hi, how are you?", "my name", "a@b.com", ""] {
        assert!(!Question::of(text).asks(), "{text}");
    }
    for text in ["What is your return policy?", "Wie lange dauert der Versand?", "退款需要几天"] {
        assert!(Question::of(text).asks(), "{text}");
    }
}

proptest::proptest! {
    /// Whatever is said: nobody disagrees with a copy of oneself, and the order of answers decides nothing but the order.
    #[test]
    fn a_copy_agrees_and_order_does_not_matter(
        question in "[a-zA-Z ]{0,30}\\?",
        texts in proptest::collection::vec("[0-9]{0,2} ?(days|%|pm|\\$5|No, |Yes, |can|not| return| bike|\\. |\n1\\. |A > B){0,6}\\PC{0,20}", 1..5),
    ) {
        let question = Question::of(&question);
        let answer = |text: &String, talk| Answer { claims: claims(&question, text), rows: 1, talk };
        for text in &texts {
            proptest::prop_assert!(disagreements(&[answer(text, 0), answer(text, 1)]).is_empty());
        }
        if let [one, other, ..] = texts.as_slice() {
            let there = disagreements(&[answer(one, 0), answer(other, 1)]).len();
            let back = disagreements(&[answer(other, 1), answer(one, 0)]).len();
            proptest::prop_assert_eq!(there, back);
        }
    }
}
