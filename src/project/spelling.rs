//! Misspelt names, and what they probably mean.

/// The name that takes the fewest typing errors to become `wrong`, the first of several. None where these are more than
/// `tolerance` allows for that name. Case makes no difference.
pub fn nearest<'k>(
    wrong: &str,
    names: impl IntoIterator<Item = &'k str>,
    tolerance: impl Fn(&str) -> usize,
) -> Option<&'k str> {
    let wrong = wrong.to_lowercase();
    let mut near: Option<(usize, &str)> = None;
    for name in names {
        let tolerance = tolerance(name);
        let is_far = |distance| distance > tolerance || near.is_some_and(|(least, _)| distance >= least);
        if is_far(least_distance(name, &wrong)) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &wrong);
        if !is_far(distance) {
            near = Some((distance, name));
        }
    }
    near.map(|(_, name)| name)
}

/// No fewer typing errors than these make one word of another one, case apart: each adds one letter at most, and takes
/// one away.
fn least_distance(word: &str, other: &str) -> usize {
    if !word.is_ascii() || !other.is_ascii() {
        return 0;
    }
    let mut surplus = [0_i32; 128];
    word.bytes().for_each(|letter| surplus[usize::from(letter.to_ascii_lowercase() & 127)] += 1);
    other.bytes().for_each(|letter| surplus[usize::from(letter.to_ascii_lowercase() & 127)] -= 1);
    let (added, lacking) = surplus.iter().fold((0, 0), |(added, lacking), surplus| match *surplus {
        more @ 0.. => (added + more, lacking),
        less => (added, lacking - less),
    });
    added.max(lacking) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_not_overestimated() {
        for (word, other) in [("port", "prot"), ("DEBUG", "bug"), ("", "abc"), ("aab", "abb"), ("é", "e"), ("x", "x")]
        {
            let distance = strsim::damerau_levenshtein(&word.to_lowercase(), other);
            assert!(least_distance(word, other) <= distance, "{word} {other}");
        }
        assert_eq!(least_distance("ALLOWED", "hosts"), 6);
    }

    #[test]
    fn names_within_the_tolerance() {
        assert_eq!(nearest("prot", ["port", "proto"], |_| 1), Some("port"));
        assert_eq!(nearest("PROTOO", ["port", "proto"], |_| 1), Some("proto"));
        assert_eq!(nearest("x", ["port", "proto"], |_| 1), None);
    }
}
