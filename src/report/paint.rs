//! Colours of plain text.

/// Colours text, where colours are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Whether they are.
    pub color: bool,
}

impl Paint {
    /// What one looks for.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What is said beside it.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    /// What is not certain.
    pub fn doubtful(self, text: &str) -> String {
        self.with("33", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        let painted = |line: &str| {
            let plain = line.trim_end_matches('\n');
            if plain.is_empty() {
                line.to_owned()
            } else {
                format!("\x1b[{code}m{plain}\x1b[0m{}", &line[plain.len()..])
            }
        };
        if self.color { text.split_inclusive('\n').map(painted).collect() } else { text.to_owned() }
    }
}
