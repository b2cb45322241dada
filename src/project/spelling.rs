//! Misspelt names, and what they probably mean.

/// The name that takes the fewest typing errors to become `wrong`, the first of several. None where these are more than
/// `tolerance` allows for that name. Case makes no difference.
pub fn nearest<'k>(
    wrong: &str,
    names: impl IntoIterator<Item = &'k str>,
    tolerance: impl Fn(&str) -> usize,
) -> Option<&'k str> {
    let wrong = wrong.to_lowercase();
    let distances = names.into_iter().map(|name| (strsim::damerau_levenshtein(&name.to_lowercase(), &wrong), name));
    let near = distances.filter(|(distance, name)| *distance <= tolerance(name));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
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
