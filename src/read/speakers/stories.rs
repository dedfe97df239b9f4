//! What the table makes of talks as they occur in published data.

use super::{SpeakerRole, SpeakerSettings, SpeakerTable, Survey};
use crate::model::{Auto, Conversation, Kind, Medium, Role, Turn, Visibility};
use SpeakerRole::{Assistant, Bot, Event, Ignored, System, Tool, User};

/// A conversation of one turn for each name between commas.
fn talk(names: &str) -> Conversation {
    let turn = |name: &str| Turn { speaker: name.trim().into(), text: "x".into(), ..Turn::default() };
    let turns = names.split(',').filter(|name| !name.is_empty()).map(turn).collect();
    Conversation { turns, ..Conversation::default() }
}

fn survey(talks: &[&str]) -> Survey {
    let mut survey = Survey::default();
    for names in talks {
        survey.add(&talk(names));
    }
    survey
}

fn settled(talks: &[&str]) -> SpeakerTable {
    survey(talks).settle(&SpeakerSettings::default())
}

fn roles(table: &SpeakerTable, names: &str) -> Vec<Option<SpeakerRole>> {
    table.roles(&talk(names).turns)
}

fn row<'a>(table: &'a SpeakerTable, name: &str) -> &'a super::SpeakerRow {
    table.rows().iter().find(|row| row.name == name).unwrap()
}

#[test]
fn the_caller_beats_marks_and_labels() {
    let settings = SpeakerSettings {
        assistant: vec!["customer".into()],
        user: vec!["ag*".into()],
        ignore: vec!["agent 9".into()],
        ..SpeakerSettings::default()
    };
    let table = survey(&["Customer,Agent,Agent 9"]).settle(&settings);
    assert_eq!(roles(&table, "CUSTOMER,agent,Agent 9"), [Some(Assistant), Some(User), Some(Ignored)]);
    let mut marked = talk("customer");
    marked.turns[0].role = Some(Role::User);
    assert_eq!(table.roles(&marked.turns), [Some(Assistant)]);
    assert_eq!(row(&table, "Agent").why, "named by the caller");
    assert!(table.unmatched_patterns().is_empty());
}

#[test]
fn marks_beat_labels_and_each_turn_has_its_own() {
    let mut both = talk("Agent,Agent,Bo");
    both.turns[0].role = Some(Role::User);
    let table = SpeakerTable::default();
    assert_eq!(table.roles(&both.turns), [Some(User), Some(User), Some(Assistant)]);
    let mut nameless = talk(" , , ");
    nameless.turns[0].role = Some(Role::User);
    nameless.turns[1].role = Some(Role::Assistant);
    assert_eq!(table.roles(&nameless.turns), [Some(User), Some(Assistant), None]);
}

#[test]
fn sides_that_a_reader_assumed_are_called_so() {
    let mut assumed = talk("Kim,Ana");
    assumed.turns[0].role = Some(Role::User);
    assumed.turns[1].role = Some(Role::Assistant);
    let mut marked = assumed.clone();
    marked.turns[0].speaker = "Bo".into();
    assumed.assumed = vec!["Kim".into(), "Ana".into()];
    let mut survey = Survey::default();
    survey.add(&assumed);
    survey.add(&talk("Kim"));
    survey.add(&marked);
    let table = survey.settle(&SpeakerSettings::default());
    let why = |name: &str| row(&table, name).why.clone();
    assert_eq!(why("Bo"), "marked so in the data");
    assert_eq!(why("Kim"), "assumed in 1 of 2 conversations, since the data does not say it");
    assert_eq!(why("Ana"), "marked so in the data in 1 conversation, assumed in 1 of 2 conversations");
}

#[test]
fn who_writes_notes_is_of_the_support_side() {
    let mut noted = talk("Ana,Ben,Ben");
    noted.turns[1].visibility = Visibility::Internal;
    assert_eq!(SpeakerTable::default().roles(&noted.turns), [Some(User), Some(Assistant), Some(Assistant)]);
}

#[test]
fn system_is_the_assistant_where_it_answers() {
    let table = settled(&["USER,SYSTEM,USER,SYSTEM", "USER,SYSTEM", "USER,SYSTEM,USER,SYSTEM,USER"]);
    assert_eq!(roles(&table, "USER,SYSTEM"), [Some(User), Some(Assistant)]);
    assert_eq!(row(&table, "SYSTEM").role, Some(Assistant));
    assert!(row(&table, "SYSTEM").why.starts_with("speaks in turn with the user in 2 of 2"));
    assert_eq!(
        roles(&SpeakerTable::default(), "usr,sys,usr,sys"),
        [Some(User), Some(Assistant), Some(User), Some(Assistant)]
    );
}

#[test]
fn system_is_instructions_or_a_note_where_it_does_not() {
    let table = settled(&["system,user,assistant,user,assistant", "system,user,assistant"]);
    assert_eq!(row(&table, "system").role, Some(System));
    // Once more in the middle: the chat software reports, whoever else is silent.
    assert_eq!(
        roles(&table, "system,user,system,user,system"),
        [Some(System), Some(User), Some(Event), Some(User), Some(Event)]
    );
    let beside = roles(&SpeakerTable::default(), "system,Ana,Ben,system,Ana,Ben,system");
    assert_eq!(beside, [Some(Event), None, None, Some(Event), None, None, Some(Event)]);
}

#[test]
fn system_beside_people_is_the_software_of_the_chat() {
    let table = settled(&[
        "system,Kim,Ana,Kim,Ana,system",
        "system,Bo,Ana,Bo",
        "Cid,Ana,system",
        "Dan,system,Dan,system",
    ]);
    assert_eq!(roles(&table, "system,Kim,Ana")[0], Some(Event));
    assert_eq!(row(&table, "system").role, Some(Event));
    let agents = settled(&["system,customer,agent,customer,agent", "system,customer,agent"]);
    assert_eq!(row(&agents, "system").role, Some(Event));
    assert!(row(&agents, "system").why.contains("software of the chat"));
    assert_eq!(roles(&agents, "system,customer,agent"), [Some(Event), Some(User), Some(Assistant)]);
    // Instructions, by their words or length.
    let mut told = talk("system,customer,agent,system");
    told.turns[0].text = "You are a helpful agent.".into();
    told.turns[3].text = "You are a winner.".into();
    assert_eq!(agents.roles(&told.turns), [Some(System), Some(User), Some(Assistant), Some(Event)]);
    told.turns[0].text = "x ".repeat(61);
    assert_eq!(agents.roles(&told.turns)[0], Some(System));
}

#[test]
fn numbered_agents_among_themselves_stay_undecided() {
    let table = settled(&["agent_1,agent_2,agent_1", "agent_2,agent_1"]);
    assert_eq!(roles(&table, "agent_1,agent_2"), [None, None]);
    assert_eq!(row(&table, "agent_1").role, None);
    assert!(row(&table, "agent_1").why.contains("either may be the assistant"));
    assert_eq!(roles(&table, "agent_1,customer,agent_2"), [Some(Assistant), Some(User), Some(Assistant)]);
}

#[test]
fn the_one_who_is_always_there_is_the_assistant() {
    let talks = ["Ana,Shop,Ana", "Ben,Shop", "Cid,Shop,Cid,Shop", "Dan,Eve"];
    let table = settled(&talks);
    assert_eq!(row(&table, "Shop").role, Some(Assistant));
    assert_eq!(row(&table, "Shop").why, "takes part in 3 of 4 shared conversations, the others come and go");
    assert_eq!(row(&table, "Cid").role, Some(User));
    assert_eq!(roles(&table, "Zoe,Shop,Moe"), [Some(User), Some(Assistant), Some(User)]);
    assert_eq!(roles(&table, "Dan,Eve"), [None, None]);
}

#[test]
fn numbers_do_not_decide_for_a_team_or_a_pair() {
    // Everybody comes back.
    let team = settled(&["Ana,Ben", "Ana,Cid", "Ana,Dan", "Ben,Cid"]);
    assert!(team.rows().iter().all(|row| row.role.is_none()));
    // Two who are always there.
    let pair = settled(&["A1,Ana,Ben", "B1,Ana,Ben", "C1,Ana,Ben"]);
    assert!(pair.rows().iter().all(|row| row.role.is_none()));
    // Too few to tell.
    assert_eq!(row(&settled(&["Ana,Shop", "Ben,Shop"]), "Shop").role, None);
}

#[test]
fn who_answers_beside_a_known_assistant_is_no_customer() {
    let settings = SpeakerSettings { assistant: vec!["Ana".into()], ..SpeakerSettings::default() };
    let with_bob =
        ["Kim,Ana,Bob", "Lee,Ana,Bob", "Mo,Ana,Bob", "Zoe,Ana", "Zoe,Ana", "Zoe,Ana", "Jo,Ana", "Al,Ana"];
    let table = survey(&with_bob).settle(&settings);
    assert_eq!(roles(&table, "Kim,Ana,Bob"), [Some(User), Some(Assistant), None]);
    assert_eq!(roles(&table, "Zoe,Ana"), [Some(User), Some(Assistant)]);
    assert!(row(&table, "Bob").why.starts_with("comes back beside"));
    // A team that meets: most come back.
    let team = ["Kim,Ana,Bob", "Lee,Ana,Bob", "Mo,Zoe,Ana,Bob", "Mo,Ana,Zoe", "Mo,Ana,Zoe"];
    let table = survey(&team).settle(&settings);
    assert_eq!(roles(&table, "Kim,Ana,Bob"), [Some(User), Some(Assistant), Some(User)]);
}

#[test]
fn tools_guides_and_bots() {
    let table = SpeakerTable::default();
    assert_eq!(
        roles(&table, "UserGuide,User,Wizard,KnowledgeBase,action"),
        [Some(Event), Some(User), Some(Assistant), Some(Tool), Some(Event)]
    );
    assert_eq!(roles(&table, "Chatbot,customer"), [Some(Assistant), Some(User)]);
    assert_eq!(roles(&table, "Chatbot,customer,agent"), [Some(Bot), Some(User), Some(Assistant)]);
    let mut auto = talk("Mailer,customer,Ana");
    auto.turns[0].kind = Kind::Auto(Auto::Other);
    assert_eq!(table.roles(&auto.turns), [Some(Bot), Some(User), Some(Assistant)]);
}

#[test]
fn a_name_that_fits_nobody_is_reported_with_the_nearest() {
    let settings = SpeakerSettings {
        assistant: vec!["Suport Ana".into()],
        user: vec!["zzz*".into()],
        ..SpeakerSettings::default()
    };
    let table = survey(&["Support Ana,Bob,Bob"]).settle(&settings);
    let unmatched = table.unmatched_patterns();
    assert_eq!(unmatched.len(), 2);
    assert_eq!(
        (unmatched[0].list, unmatched[0].hint().as_str()),
        ("assistant", "did you mean `Support Ana`?")
    );
    assert_eq!(unmatched[1].hint(), "the speakers with the most turns are `Bob`, `Support Ana`");
}

#[test]
fn rows_come_with_the_most_turns_first_and_one_name_whatever_its_case() {
    let table = settled(&["User,Agent,User", "user,agent"]);
    let shown: Vec<_> =
        table.rows().iter().map(|row| (row.name.as_str(), row.turns, row.conversations)).collect();
    assert_eq!(shown, [("User", 3, 2), ("Agent", 2, 2)]);
    assert!((table.rows()[0].share - 1.0).abs() < f64::EPSILON);
}

#[test]
fn parts_of_a_survey_add_up_to_the_whole() {
    let talks: Vec<String> = (0..40)
        .map(|index| match index % 4 {
            0 => format!("c{index},Shop,c{index}"),
            1 => format!("c{index},system,c{index},system"),
            2 => "customer,agent_1".to_owned(),
            _ => format!("Shop,c{},c{}", index % 5, index % 7),
        })
        .collect();
    let talks: Vec<&str> = talks.iter().map(String::as_str).collect();
    let whole = settled(&talks);
    for size in [1, 3, 17] {
        let mut merged = Survey::default();
        for part in talks.chunks(size) {
            merged.merge(survey(part));
        }
        assert_eq!(merged.conversations(), 40);
        let table = merged.settle(&SpeakerSettings::default());
        assert_eq!(table.rows(), whole.rows());
        assert_eq!(roles(&table, "Shop,new"), roles(&whole, "Shop,new"));
    }
}

#[test]
fn many_names_stay_within_bounds() {
    let mut survey = Survey::default();
    for block in 0..101 {
        let names: Vec<String> = (0..1000).map(|index| format!("c{block}x{index}")).collect();
        survey.add(&talk(&names.join(",")));
        survey.add(&talk(&format!("c{block}x0,Shop")));
    }
    let table = survey.settle(&SpeakerSettings::default());
    assert_eq!(table.rows().len(), 100_000);
    assert_eq!(row(&table, "Shop").conversations, 101);
    assert_eq!(row(&table, "Shop").role, None, "c0x0 and its like come back");
    assert_eq!(roles(&table, "somebody else,agent"), [Some(User), Some(Assistant)]);
}

#[test]
fn a_channel_of_thousands_and_a_name_of_megabytes() {
    let names: Vec<String> = (0..5000).map(|index| format!("nick{index}")).collect();
    let channel = names.join(",");
    let long = "x".repeat(1 << 20);
    let table = settled(&[&channel, &format!("{long},agent")]);
    assert_eq!(table.rows().len(), 5001);
    assert!(row(&table, "nick7").why.contains("too many speakers"));
    assert!(roles(&table, &channel).iter().all(Option::is_none));
    assert_eq!(roles(&table, &format!("{long},agent")), [Some(User), Some(Assistant)]);
}

#[test]
fn a_name_stays_one_where_its_bearer_only_took_something_back() {
    let mut chat = talk("Kim Doe,Guest,Kim Doe,Guest");
    let mut silent = talk("Kim Doe,Guest");
    silent.turns[1].kind = Kind::Event(crate::model::Event::Leave);
    for turn in chat.turns.iter_mut().chain(&mut silent.turns) {
        turn.medium = Medium::Messenger;
    }
    let mut survey = Survey::default();
    survey.add(&chat);
    survey.add(&silent);
    let table = survey.settle(&SpeakerSettings::default());
    assert_eq!(table.roles(&chat.turns), [None; 4]);
}
