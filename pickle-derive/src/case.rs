//! `rename_all`: the eight ways to spell a name, as serde has them.

/// How fields or variants are spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    pub(crate) const ALL: [(&'static str, Case); 8] = [
        ("lowercase", Case::Lower),
        ("UPPERCASE", Case::Upper),
        ("PascalCase", Case::Pascal),
        ("camelCase", Case::Camel),
        ("snake_case", Case::Snake),
        ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
        ("kebab-case", Case::Kebab),
        ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ];

    /// Spells a field's name, which Rust writes in snake_case.
    pub(crate) fn field(self, name: &str) -> String {
        let words: Vec<_> = name.split('_').filter(|word| !word.is_empty()).collect();
        match self {
            // Underscores at the ends are a part of the name.
            Case::Lower | Case::Snake => name.to_owned(),
            Case::Upper | Case::ScreamingSnake => name.to_uppercase(),
            _ => self.join(&words),
        }
    }

    /// Spells a variant's name, which Rust writes in PascalCase.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Case::Lower => name.to_lowercase(),
            Case::Upper => name.to_uppercase(),
            Case::Pascal => name.to_owned(),
            _ => self.join(&pascal_words(name)),
        }
    }

    fn join(self, words: &[&str]) -> String {
        let lower = || words.iter().map(|word| word.to_lowercase());
        let capitalized = || words.iter().map(|word| capitalize(word));
        match self {
            Case::Lower => lower().collect(),
            Case::Upper => lower().collect::<String>().to_uppercase(),
            Case::Pascal => capitalized().collect(),
            Case::Camel => {
                let rest = capitalized().skip(1);
                lower().take(1).chain(rest).collect()
            }
            Case::Snake => lower().collect::<Vec<_>>().join("_"),
            Case::ScreamingSnake => lower().collect::<Vec<_>>().join("_").to_uppercase(),
            Case::Kebab => lower().collect::<Vec<_>>().join("-"),
            Case::ScreamingKebab => lower().collect::<Vec<_>>().join("-").to_uppercase(),
        }
    }
}

fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A word begins at each capital letter: `DarkBlue` is two, and so is `V2`'s one.
fn pascal_words(name: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = name
        .char_indices()
        .filter(|(index, char)| *index > 0 && char.is_uppercase())
        .map(|(index, _)| index)
        .collect();
    starts.push(name.len());
    let mut from = 0;
    let mut words = Vec::new();
    for to in starts {
        words.push(&name[from..to]);
        from = to;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_spelt_as_serde_spells_them() {
        let spelt = |name| Case::ALL.map(|(_, case)| case.variant(name));
        assert_eq!(
            spelt("DarkBlue"),
            [
                "darkblue",
                "DARKBLUE",
                "DarkBlue",
                "darkBlue",
                "dark_blue",
                "DARK_BLUE",
                "dark-blue",
                "DARK-BLUE"
            ]
        );
        assert_eq!(spelt("A")[5], "A");
        assert_eq!(spelt("Z42")[4], "z42");
    }

    #[test]
    fn fields_are_spelt_as_serde_spells_them() {
        let spelt = |name| Case::ALL.map(|(_, case)| case.field(name));
        assert_eq!(
            spelt("very_tasty"),
            [
                "very_tasty",
                "VERY_TASTY",
                "VeryTasty",
                "veryTasty",
                "very_tasty",
                "VERY_TASTY",
                "very-tasty",
                "VERY-TASTY"
            ]
        );
        assert_eq!(spelt("z42")[2], "Z42");
        assert_eq!(Case::Snake.field("_private"), "_private");
    }
}
