//! Which known names resemble an unknown one. Knows no tables.

use crate::QualName;

/// A list longer than this is read by nobody.
const SUGGESTIONS: usize = 4;

/// In bytes. Longer names are held against others by equality alone: the distance takes time in
/// proportion to the product of the lengths, and an unknown name may be hostile.
const LONGEST_COMPARED: usize = 128;

/// What being in an unrelated module counts for: more than a typing mistake or two in the right
/// one.
const OTHER_MODULE: usize = 4;

/// The names that resemble `unknown`, nearest first; of each group of synonyms only the nearest.
pub(crate) fn near_misses<'a, Synonyms>(
    unknown: &QualName<'_>,
    known: impl IntoIterator<Item = Synonyms>,
) -> Vec<QualName<'static>>
where
    Synonyms: IntoIterator<Item = &'a QualName<'static>>,
{
    let mut near: Vec<(usize, &QualName<'static>)> = known
        .into_iter()
        .filter_map(|synonyms| {
            synonyms
                .into_iter()
                .filter_map(|name| Some((distance(unknown, name)?, name)))
                .min()
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(SUGGESTIONS);
    near.into_iter().map(|(_, name)| name.clone()).collect()
}

/// How far apart two different names are; `None` is too far to be a mistake.
fn distance(unknown: &QualName<'_>, known: &QualName<'_>) -> Option<usize> {
    if unknown == known {
        return None;
    }
    if unknown.reads_like(known) {
        return Some(0);
    }
    let qualname = text_distance(unknown.qualname(), known.qualname())?;
    let module = text_distance(unknown.module(), known.module()).unwrap_or(OTHER_MODULE);
    Some(module + qualname)
}

/// How many edits lead from one text to the other, whatever their case. One edit is allowed for
/// every three letters, so that short texts do not all resemble each other.
fn text_distance(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    if a.len().max(b.len()) > LONGEST_COMPARED {
        return None;
    }
    let (a, b) = (lowercase(a), lowercase(b));
    let allowed = a.len().max(b.len()) / 3;
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    Some(edits(&a, &b)).filter(|&edits| edits <= allowed)
}

fn lowercase(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The optimal string alignment distance: insertions, deletions, replacements, and swaps of
/// neighbours count one each.
fn edits(a: &[char], b: &[char]) -> usize {
    // Row i holds the distances from a[..i] to every prefix of b. Three rows are kept, each of
    // b.len() + 1 elements, so no index below is out of range.
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = vec![0; b.len() + 1];
    for (i, &x) in a.iter().enumerate() {
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && y == a[i - 1] {
                best = best.min(before_last[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::text_distance;

    #[test]
    fn each_kind_of_edit_counts_one() {
        assert_eq!(text_distance("Point", "Pont"), Some(1));
        assert_eq!(text_distance("Point", "Pointe"), Some(1));
        assert_eq!(text_distance("Point", "Paint"), Some(1));
        assert_eq!(text_distance("Point", "Piont"), Some(1));
        assert_eq!(text_distance("Connection", "Conection"), Some(1));
        assert_eq!(text_distance("Connection", "Conenctoin"), Some(2));
    }

    #[test]
    fn case_counts_nothing() {
        assert_eq!(text_distance("OrderedDict", "ordereddict"), Some(0));
        assert_eq!(text_distance("STRASSE", "straße"), Some(2));
    }

    #[test]
    fn short_texts_resemble_only_themselves() {
        assert_eq!(text_distance("A", "B"), None);
        assert_eq!(text_distance("Id", "It"), None);
        assert_eq!(text_distance("", ""), Some(0));
        assert_eq!(text_distance("", "A"), None);
    }

    #[test]
    fn long_texts_are_only_held_to_be_equal() {
        let long = "x".repeat(1000);
        assert_eq!(text_distance(&long, &long.clone()), Some(0));
        assert_eq!(text_distance(&long, &long[1..]), None);
    }
}
