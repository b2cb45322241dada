//! Misspelt names, and what they probably mean.

/// The name that takes the fewest typing errors to become `wrong`, the first of several. None where these are more than
/// `tolerance` allows for that name. Case makes no difference.
pub fn nearest<'k>(
    wrong: &str,
    names: impl IntoIterator<Item = &'k str>,
    tolerance: impl Fn(&str) -> usize,
) -> Option<&'k str> {
    let wrong = wrong.to_lowercase();
    let letters = Letters::of(&wrong);
    let near = names.into_iter().filter_map(|name| {
        let (lower, most) = (name.to_lowercase(), tolerance(name));
        // Most names are far off, which their letters tell at once.
        let may_be = Letters::of(&lower).least_distance(&letters) <= most;
        let distance = may_be.then(|| strsim::damerau_levenshtein(&lower, &wrong))?;
        (distance <= most).then_some((distance, name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How often each letter stands in a name; other letters than those of ASCII share places.
struct Letters([usize; 32]);

impl Letters {
    fn of(name: &str) -> Self {
        let mut counts = [0; 32];
        name.chars().for_each(|c| counts[c as usize % 32] += 1);
        Self(counts)
    }

    /// No fewer typing errors than these lie between two names: each adds one letter at most, and takes one away at most.
    fn least_distance(&self, other: &Self) -> usize {
        let pairs = || self.0.iter().zip(&other.0);
        let (more, less) = (pairs().map(|(a, b)| a.saturating_sub(*b)), pairs().map(|(a, b)| b.saturating_sub(*a)));
        more.sum::<usize>().max(less.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_within_the_tolerance() {
        assert_eq!(nearest("prot", ["port", "proto"], |_| 1), Some("port"));
        assert_eq!(nearest("PROTOO", ["port", "proto"], |_| 1), Some("proto"));
        assert_eq!(nearest("x", ["port", "proto"], |_| 1), None);
    }
}
