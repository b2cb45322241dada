//! When a value that the source does not decide is the one that holds.

use std::sync::Arc;

/// When something holds: never for certain, or it would not be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// The ways to hold, each a list of facts that hold together. One way without facts: always. None: it is too
    /// intricate to be told.
    pub ways: Vec<Vec<Fact>>,
    /// The environment variables that have a hand in it.
    pub variables: Vec<Arc<str>>,
    /// Whether it holds where none of these variables is set; none where that is not known.
    pub when_unset: Option<bool>,
    /// The environment file that sets what holds then, where one does.
    pub env_file: Option<Arc<str>>,
}

/// A fact that the source does not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What is undecided: `STAGE == "production"`.
    pub text: Arc<str>,
    /// Whether it holds.
    pub holds: bool,
    /// The environment variable, where the fact is whether it is set.
    pub variable: Option<Arc<str>>,
}

impl Condition {
    /// It always holds.
    pub fn always() -> Self {
        Self { ways: vec![Vec::new()], ..Self::default() }
    }

    /// Whether it always holds.
    pub fn is_always(&self) -> bool {
        matches!(self.ways.as_slice(), [way] if way.is_empty())
    }

    /// Whether both hold in the same cases, as far as these can be told.
    pub fn is_same_as(&self, other: &Self) -> bool {
        !self.ways.is_empty() && self.ways == other.ways
    }

    /// This condition with that of something inside, which is the one to name where there is one.
    pub fn narrowed_by(&self, inner: &Self) -> Self {
        if inner.is_always() { self.clone() } else { inner.clone() }
    }

    /// It holds where this or the other does.
    pub fn or(mut self, other: Self) -> Self {
        if self.is_always() || other.is_always() {
            return Self::always();
        }
        self.when_unset = match (self.when_unset, other.when_unset) {
            (Some(one), Some(other)) => Some(one || other),
            _ => None,
        };
        let variables: Vec<_> = other.variables.into_iter().filter(|name| !self.variables.contains(name)).collect();
        self.variables.extend(variables);
        if self.ways.is_empty() || other.ways.is_empty() {
            self.ways.clear();
            return self;
        }
        self.env_file = self.env_file.filter(|file| other.env_file.as_ref() == Some(file));
        self.ways.extend(other.ways.into_iter().filter(|way| !self.ways.contains(way)).collect::<Vec<_>>());
        self
    }

    /// The environment variables that are not set in any way in which it holds.
    pub fn unset_variables(&self) -> Vec<&Arc<str>> {
        let Some((first, rest)) = self.ways.split_first() else { return Vec::new() };
        let unset = first.iter().filter(|fact| !fact.holds).filter_map(|fact| fact.variable.as_ref());
        let in_all = |variable: &&Arc<str>| {
            rest.iter().all(|way| way.iter().any(|fact| !fact.holds && fact.variable.as_ref() == Some(variable)))
        };
        unset.filter(in_all).collect()
    }

    /// The condition for a reader: "when STAGE is set and STAGE == "production"".
    pub fn describe(&self) -> String {
        const MAX_WAYS: usize = 2;
        const MAX_FACTS: usize = 4;
        if self.is_always() {
            return "always".into();
        }
        let facts: usize = self.ways.iter().map(Vec::len).sum();
        if self.ways.is_empty() || self.ways.len() > MAX_WAYS || facts > MAX_FACTS {
            return "in some cases".into();
        }
        let way = |facts: &Vec<Fact>| facts.iter().map(Fact::describe).collect::<Vec<_>>().join(" and ");
        let ways: Vec<String> = self.ways.iter().map(way).collect();
        format!("when {}", ways.join(", or "))
    }
}

impl Fact {
    /// The fact for a reader.
    pub fn describe(&self) -> String {
        match (&self.variable, self.holds) {
            (Some(variable), true) => format!("{variable} is set"),
            (Some(variable), false) => format!("{variable} is not set"),
            (None, true) => self.text.to_string(),
            (None, false) => format!("not ({})", self.text),
        }
    }
}
