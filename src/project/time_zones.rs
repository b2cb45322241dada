//! The names of time zones.

/// Every name in the database of the IANA, release 2026, old ones that are kept among them.
const NAMES: &str = include_str!("time_zones.txt");

/// Whether there is a time zone of this name. Case matters, as the names are those of files.
pub fn is_time_zone(name: &str) -> bool {
    let plain = name.strip_prefix("posix/").or_else(|| name.strip_prefix("right/")).unwrap_or(name);
    let of_the_system = ["localtime", "posixrules"];
    names().any(|known| known == plain) || of_the_system.contains(&plain)
}

/// The names.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zones_ok() {
        for name in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "US/Pacific", "EST5EDT", "posix/UTC"] {
            assert!(is_time_zone(name), "{name}");
        }
    }

    #[test]
    fn no_time_zones_err() {
        for name in ["utc", "Europe/berlin", "CEST", "GMT+2", "America", ""] {
            assert!(!is_time_zone(name), "{name}");
        }
    }
}
