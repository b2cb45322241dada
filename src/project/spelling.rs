//! Misspelt names, and what they probably mean.

/// The name that takes the fewest typing errors to become `wrong`, the first of several. None where these are more than
/// `tolerance` allows for that name. Case makes no difference.
pub fn nearest<'k>(
    wrong: &str,
    names: impl IntoIterator<Item = &'k str>,
    tolerance: impl Fn(&str) -> usize,
) -> Option<&'k str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let letters = Letters::of(&wrong);
    let mut near: Option<(usize, &str)> = None;
    for name in names {
        let tolerance = tolerance(name);
        let is_far = |distance| distance > tolerance || near.is_some_and(|(least, _)| distance >= least);
        if name.is_ascii()
            && (is_far(name.len().abs_diff(length))
                || letters.as_ref().is_some_and(|letters| is_far(letters.least_distance(name))))
        {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &wrong);
        if !is_far(distance) {
            near = Some((distance, name));
        }
    }
    near.map(|(_, name)| name)
}

/// How often each letter of ASCII is in a word, and how many letters it has.
struct Letters {
    counts: [u8; 128],
    length: usize,
}

impl Letters {
    /// Those of a word in lower case; none where it has more than can be counted.
    fn of(word: &str) -> Option<Self> {
        let mut counts = [0; 128];
        let length = word.chars().count();
        (length <= usize::from(u8::MAX)).then(|| {
            word.bytes().filter(u8::is_ascii).for_each(|letter| counts[usize::from(letter)] += 1);
            Self { counts, length }
        })
    }

    /// No fewer typing errors than these make one word of another one of ASCII, case apart: each adds one letter at
    /// most, and takes one away.
    fn least_distance(&self, other: &str) -> usize {
        let mut left = self.counts;
        let mut added = 0;
        for letter in other.bytes() {
            match &mut left[usize::from(letter.to_ascii_lowercase() & 127)] {
                0 => added += 1,
                count => *count -= 1,
            }
        }
        let lacking = self.length + added - other.len();
        added.max(lacking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_not_overestimated() {
        for (word, other) in [("port", "prot"), ("DEBUG", "bug"), ("", "abc"), ("aab", "abb"), ("x", "x")] {
            let distance = strsim::damerau_levenshtein(&word.to_lowercase(), other);
            let least = Letters::of(other).map(|letters| letters.least_distance(word));
            assert!(least.is_none_or(|least| least <= distance), "{word} {other}");
        }
        assert_eq!(Letters::of("hosts").unwrap().least_distance("ALLOWED"), 6);
        assert_eq!(Letters::of("porté").unwrap().least_distance("port"), 1);
        assert!(Letters::of(&"x".repeat(300)).is_none());
    }

    #[test]
    fn names_within_the_tolerance() {
        assert_eq!(nearest("prot", ["port", "proto"], |_| 1), Some("port"));
        assert_eq!(nearest("PROTOO", ["port", "proto"], |_| 1), Some("proto"));
        assert_eq!(nearest("x", ["port", "proto"], |_| 1), None);
        assert_eq!(nearest("pört", ["proto", "port"], |_| 1), Some("port"));
        assert_eq!(nearest(&"é".repeat(300), ["port", "proto"], |_| 1), None);
    }
}
