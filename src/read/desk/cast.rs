//! The names of the people of one conversation: different people stay different speakers.

use std::collections::BTreeMap;

/// Who bears which name. The first bearer has it alone; later ones get their identifier behind it.
#[derive(Debug, Default)]
pub struct Cast {
    by_name: BTreeMap<String, String>,
}

impl Cast {
    /// The speaker to show for a person: the name where there is one, else the identifier.
    pub fn speaker(&mut self, id: Option<&str>, name: Option<&str>) -> String {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let (Some(name), Some(id)) = (name, id) else { return name.or(id).unwrap_or_default().to_owned() };
        let bearer = self.by_name.entry(name.to_owned()).or_insert_with(|| id.to_owned());
        if bearer == id { name.to_owned() } else { format!("{name} ({id})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_two_people() {
        let mut cast = Cast::default();
        assert_eq!(cast.speaker(Some("1"), Some("Kim")), "Kim");
        assert_eq!(cast.speaker(Some("2"), Some(" Kim ")), "Kim (2)");
        assert_eq!(cast.speaker(Some("1"), Some("Kim")), "Kim");
        assert_eq!(cast.speaker(Some("3"), None), "3");
        assert_eq!(cast.speaker(None, Some("Kim")), "Kim");
        assert_eq!(cast.speaker(None, None), "");
    }
}
