//! What a finding is known by from one commit to the next, though lines above it come and go.

use rustc_hash::FxHashMap;

use super::Places;
use crate::diagnostic::Finding;

/// Fingerprints of the findings of one report, each its own.
#[derive(Default)]
pub struct Fingerprints {
    /// How often the same was seen.
    seen: FxHashMap<u64, u32>,
}

impl Fingerprints {
    /// That of the next finding, in hexadecimal digits. It hangs on the rule, the file, the settings module and the text
    /// of the line, and on how many findings before were the same in all that.
    pub fn next(&mut self, finding: &Finding, places: &Places) -> String {
        let line = places.sources.file(finding.place.file).ok().and_then(|file| {
            let number = file.position(finding.place.span.start).line as usize;
            file.text.lines().nth(number - 1).map(|line| line.trim().to_owned())
        });
        let module = finding.settings_module.as_deref().unwrap_or_default();
        let path = places.file(finding.place);
        let parts = [&finding.rule, path.as_str(), module, line.as_deref().unwrap_or_default()];
        let hash = parts.iter().fold(OFFSET, |hash, part| fnv1a(fnv1a(hash, part.as_bytes()), &[0]));
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{:016x}", fnv1a(hash, &count.to_le_bytes()))
    }
}

/// FNV-1a, which is the same on every machine and in every version. Source: RFC 9923.
fn fnv1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_ok() {
        assert_eq!(fnv1a(OFFSET, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(OFFSET, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(OFFSET, b"foobar"), 0x8594_4171_f739_67e8);
    }
}
