//! Chats of the shapes that plain made-up ones hide: long instructions with numbers, tools, answers in lists and code, mail
//! with footers, many languages, long numbers.

use std::fmt::Write as _;

use super::Variety;

const PROMPT: &str = "You are the help desk of Birchline, a shop for furniture with 14 branches. Answer in the language of the customer, \
    in at most 120 words, and never promise a day of delivery. Orders have six digits, invoices begin with RE and the year. \
    Deliveries within 30 km cost 29.90 euros, farther away 49.90, and nothing from 500 euros on. Returns are free for 100 days; \
    after that point to section 7 of the terms. Refunds take 3 to 5 days by card and up to 10 by transfer. Never ask for a \
    password, a card number or a date of birth. Where somebody is upset, say sorry once, then say what happens next. Open from \
    8:00 to 18:00, on Saturdays until 14:00. Discounts above 15 % need a colleague: say that somebody will call within 24 hours. \
    Parts that are missing are sent within 48 hours, without a photograph up to 20 euros, with one above that.";

const TOOLS: &str = r#"[{"type":"function","function":{"name":"find_order","description":"Finds an order by its number.","parameters":{"type":"object","properties":{"order":{"type":"string","description":"Six digits."},"with_items":{"type":"boolean"}},"required":["order"]}}}]"#;

/// Questions and answers, one language each.
const LANGUAGES: [(&str, &str); 8] = [
    (
        "Wo bleibt meine Bestellung {}? Sie sollte am Dienstag da sein.",
        "Das tut mir leid. Die Bestellung {} ist seit heute Früh unterwegs und kommt bis Freitag an.",
    ),
    (
        "¿Puedo devolver la silla del pedido {}? Llegó con una pata rota.",
        "Lo siento mucho. Le he enviado una etiqueta para el pedido {}; la silla nueva ya está en camino.",
    ),
    (
        "J’ai été débité deux fois pour la commande {}, pourquoi ?",
        "Vous avez raison, {} a été débitée deux fois. Le second paiement vous sera rendu sous trois jours.",
    ),
    (
        "Где мой заказ {}? Его обещали доставить во вторник.",
        "Извините за ожидание. Заказ {} отправлен сегодня утром и придёт до пятницы.",
    ),
    (
        "我的订单{}在哪里？本来应该星期二送到。",
        "很抱歉让您久等了。订单{}今天早上已经发出，星期五之前会送到。",
    ),
    (
        "注文{}はまだ届きませんか。火曜日の予定でした。",
        "お待たせして申し訳ございません。ご注文{}は今朝発送し、金曜日までに届きます。",
    ),
    (
        "أين طلبي رقم {}؟ كان يجب أن يصل يوم الثلاثاء.",
        "نعتذر عن التأخير. غادر الطلب {} صباح اليوم وسيصل قبل يوم الجمعة.",
    ),
    (
        "Hola, my order {} is still not here 😞😞 can u check pls??",
        "Thanks for writing! Order {} is on its way 🚚 and will be with you by Friday.",
    ),
];

/// Chats of six shapes, in turn by chance; some 1,050 bytes a row.
#[allow(dead_code, reason = "not every benchmark needs chats")]
pub fn mixed_chats(variety: &mut Variety, rows: usize) -> String {
    let mut text = String::new();
    for _ in 0..rows {
        let order = (100_000 + variety.next(900_000)).to_string();
        let parcel = format!("{:08}{:07}", variety.next(100_000_000), variety.next(10_000_000));
        text.push_str(r#"{"messages":["#);
        match variety.next(6) {
            0 => {
                message(&mut text, "system", PROMPT);
                for _ in 0..=variety.next(3) {
                    message(
                        &mut text,
                        "user",
                        &format!("What does it cost to bring order {order} to the third floor?"),
                    );
                    message(
                        &mut text,
                        "assistant",
                        "To the third floor it is 39.90 euros, paid when we bring it.",
                    );
                }
            }
            1 => {
                message(&mut text, "user", &format!("Is {order} sent already?"));
                let _ = write!(
                    text,
                    r#"{{"role":"assistant","content":null,"tool_calls":[{{"id":"call_{order}","type":"function","function":{{"name":"find_order","arguments":"{{\"order\":\"{order}\",\"with_items\":true}}"}}}}]}},{{"role":"tool","tool_call_id":"call_{order}","content":"{{\"state\":\"sent\",\"parcel\":\"{parcel}\"}}"}},"#
                );
                message(
                    &mut text,
                    "assistant",
                    &format!("Yes, as parcel {parcel}; it will be with you tomorrow."),
                );
            }
            2 => {
                message(
                    &mut text,
                    "user",
                    &format!(
                        "How do I put together the shelf of order {order}, and read its label by a script?"
                    ),
                );
                message(
                    &mut text,
                    "assistant",
                    &format!(
                        "Gladly.\\n\\n## What you need\\n\\n- a screwdriver (PH2)\\n- the bag marked **B**\\n- two people\\n\\n## Steps\\n\\n1. Lay the sides on the floor.\\n2. Put in the six bolts, then the boards.\\n3. Turn each lock by 180°.\\n4. Fix it to the wall.\\n\\n```python\\nlabel = scan(\\\"{order}\\\")\\nif label.parts != 24:\\n    print(\\\"missing\\\", 24 - label.parts)\\n```\\n\\nMore at https://example.com/shelves/{order}?page=2."
                    ),
                );
            }
            3 => {
                message(
                    &mut text,
                    "user",
                    &format!(
                        "Dear team,\\n\\nthe table of order {order} came without its legs. Please send them.\\n\\nKind regards\\nKim Doe\\n\\nOn Mon, 3 Mar 2025 at 09:14, Birchline wrote:\\n> Your order {order} is on its way.\\n> Parcel {parcel}"
                    ),
                );
                message(
                    &mut text,
                    "assistant",
                    &format!(
                        "Dear Kim Doe,\\n\\nI am sorry. The legs of order {order} leave our house today, in a parcel of their own.\\n\\nKind regards\\nAna of Birchline"
                    ),
                );
            }
            4 => {
                for _ in 0..=variety.next(2) {
                    let (asked, answered) = LANGUAGES[variety.next(LANGUAGES.len())];
                    message(&mut text, "user", &asked.replace("{}", &order));
                    message(&mut text, "assistant", &answered.replace("{}", &order));
                }
            }
            _ => {
                message(
                    &mut text,
                    "user",
                    &format!(
                        "The invoice RE2025{order} says 1,249.00 EUR, but parcel {parcel} of 12/03/2025 was worth 899.50."
                    ),
                );
                message(
                    &mut text,
                    "assistant",
                    &format!(
                        "You are right: RE2025{order} has the desk twice. I have sent back 349.50 EUR; it takes 3 to 5 days."
                    ),
                );
            }
        }
        text.pop();
        text.push(']');
        if text.ends_with("tomorrow.\"}]") {
            let _ = write!(text, r#","tools":{TOOLS}"#);
        }
        text.push_str("}\n");
    }
    text
}

/// A message, and the comma after it. The text is as it stands in JSON.
fn message(text: &mut String, role: &str, says: &str) {
    let _ = write!(text, r#"{{"role":"{role}","content":"{says}"}},"#);
}
