//! What Django would see as its settings.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;

use super::requirements::Requirements;
use crate::eval::value::{Certainty, Entry, Kind, Sequence, Unknown, Value};
use crate::eval::{Assumption, Frozen, Machine, Module, Step, django_default, is_django_setting};
use crate::source::{FileId, Place, Span};

/// The settings that a module ends with.
#[derive(Debug)]
pub struct Settings {
    /// The module's dotted name.
    pub module: String,
    /// Its file.
    pub file: FileId,
    /// Whether it is deployed: rules about production apply to it.
    pub is_deployed: bool,
    /// What was assumed about production.
    pub assumptions: Vec<Assumption>,
    /// Every upper-case name that it ends with, in the order of its first assignment.
    pub names: IndexMap<Arc<str>, Setting>,
    /// Names in lower or mixed case that are those of settings otherwise, each with the statements that assigned it.
    pub misnamed: Vec<(Arc<str>, Vec<Place>)>,
    /// Why other names may be set, where they may.
    pub open: Option<Arc<str>>,
    /// Whether the values from the tree are those where no environment variable is set.
    pub is_bare: bool,
    /// What is required beside it.
    pub requirements: Arc<Requirements>,
    /// What `DEBUG` holds in all cases, where production is assumed to have it off.
    pub debug_unassumed: Option<Value>,
}

/// A setting that is assigned somewhere.
#[derive(Debug)]
pub struct Setting {
    /// What it holds.
    pub value: Value,
    /// Where files outside the tree may change it: what it holds if there is none. Where it depends on too much: what it
    /// holds if no environment variable is set either. No rule relies on that.
    pub from_tree: Option<Value>,
    /// How far the value is known, or that from the tree.
    pub certainty: Certainty,
    /// Every statement that assigned or changed it, oldest first.
    pub history: Vec<Place>,
    /// What each of them did.
    pub steps: Vec<Step>,
}

/// A setting as Django sees it.
#[derive(Debug)]
pub struct Resolved<'s> {
    /// What it holds: what the module assigns, else Django's default.
    pub value: Cow<'s, Value>,
    /// Every statement that assigned or changed it, oldest first; none for a default.
    pub history: &'s [Place],
    /// Whether some module assigns it.
    pub is_set: bool,
}

/// An answer that may be open, and then why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It is so in every case.
    Yes,
    /// It is so in no case.
    No,
    /// It is so in some cases, or cannot be known, for this reason.
    Unknown(Arc<str>),
}

impl Setting {
    /// The value to show: with nothing but what the tree holds.
    pub fn shown(&self) -> &Value {
        self.from_tree.as_ref().unwrap_or(&self.value)
    }
}

impl Truth {
    /// Whether it is so in every case.
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    /// Whether it is so in no case.
    pub fn is_no(&self) -> bool {
        *self == Self::No
    }

    /// The answer that `yes` gives where nothing is open.
    pub fn known(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// The opposite.
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            open => open,
        }
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (open, _) => open,
        }
    }

    /// One of them at least.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, other) => other,
            (open, _) => open,
        }
    }

    /// The same answer over all options of a value: open where they differ.
    pub fn over<'v>(value: &'v Value, mut test: impl FnMut(&'v Value) -> Self) -> Self {
        let mut options = value.options().into_iter();
        let Some((_, first)) = options.next() else { return Self::Unknown("no value is possible".into()) };
        let mut all = test(first);
        for (when, option) in options {
            let answer = test(option);
            if answer != all {
                all = match (all, answer) {
                    (open @ Self::Unknown(_), _) | (_, open @ Self::Unknown(_)) => open,
                    _ => Self::Unknown(format!("it differs {}", when.describe()).into()),
                };
            }
        }
        all
    }
}

impl Settings {
    /// Takes the settings that a machine holds after it ran a module.
    pub fn take(
        machine: &mut Machine,
        module: &Module,
        file: FileId,
        is_deployed: bool,
        requirements: Arc<Requirements>,
    ) -> Self {
        let mut names = IndexMap::new();
        if !machine.is_exhausted() {
            for (name, frozen, steps) in machine.freeze_names(module) {
                let rests_on_assumption = frozen.is_assumed || frozen.from_tree.is_some();
                let certainty = match frozen.from_tree.as_ref().unwrap_or(&frozen.value).certainty() {
                    Certainty::Known if rests_on_assumption => Certainty::Assumed,
                    certainty => certainty,
                };
                let history = steps.iter().map(|step| step.place).collect();
                let Frozen { value, from_tree, .. } = frozen;
                names.insert(name, Setting { value, from_tree, certainty, history, steps });
            }
        }
        // Taking the values works on their conditions too: past a bound these are not to be trusted.
        let open = match machine.exhaustion() {
            Some(why) => {
                names.clear();
                Some(why.into())
            }
            None => machine.open_names(module),
        };
        Self {
            module: module.name.to_string(),
            file,
            is_deployed,
            assumptions: machine.assumptions.clone(),
            names,
            misnamed: misnamed(machine, module),
            open,
            is_bare: false,
            requirements,
            debug_unassumed: None,
        }
    }

    /// The same names with the values that they have in a bare environment, for settings of which nothing else is known.
    pub fn bare(self, machine: &mut Machine, module: &Module) -> Self {
        let bare = Self::take(machine, module, self.file, self.is_deployed, self.requirements.clone());
        let why = self.open.clone().unwrap_or_else(|| "it depends on too many conditions".into());
        let setting = |setting: Setting| {
            let from_tree = setting.from_tree.unwrap_or(setting.value);
            let certainty = match setting.certainty {
                Certainty::Known => Certainty::Assumed,
                certainty => certainty,
            };
            let value = Value::new(Kind::Unknown(Unknown::of(why.clone())), from_tree.origin);
            Setting { value, from_tree: Some(from_tree), certainty, ..setting }
        };
        let names = bare.names.into_iter().map(|(name, held)| (name, setting(held))).collect();
        Self { names, is_bare: true, assumptions: bare.assumptions, ..self }
    }

    /// Settings of which nothing is known, for an application without a settings module.
    pub fn unknown(module: &str, file: FileId, why: &str, requirements: Arc<Requirements>) -> Self {
        Self {
            module: module.to_owned(),
            file,
            is_deployed: true,
            assumptions: Vec::new(),
            names: IndexMap::new(),
            misnamed: Vec::new(),
            open: Some(why.into()),
            is_bare: false,
            requirements,
            debug_unassumed: None,
        }
    }

    /// What the values that are shown rest on.
    pub fn shown_assumptions(&self) -> Vec<Assumption> {
        let mut assumptions = self.assumptions.clone();
        if self.names.values().any(|setting| setting.from_tree.is_some()) {
            let text = match self.is_bare {
                true => "no environment variable is set, and no file is read that is not in the repository",
                false => "no file is read that is not in the repository",
            };
            assumptions.push(Assumption { text: text.to_owned(), place: None });
        }
        assumptions
    }

    /// A setting as Django sees it.
    pub fn get(&self, name: &str) -> Resolved<'_> {
        match (self.names.get(name), &self.open) {
            (Some(setting), _) => {
                Resolved { value: self.with_default(name, &setting.value), history: &setting.history, is_set: true }
            }
            (None, Some(why)) => Resolved {
                value: Cow::Owned(Value::new(Kind::Unknown(Unknown::of(why.clone())), None)),
                history: &[],
                is_set: false,
            },
            (None, None) => Resolved { value: self.default(name), history: &[], is_set: false },
        }
    }

    /// Where a finding about a setting belongs that is not set: the beginning of the module.
    pub fn place(&self) -> Place {
        Place::new(self.file, Span::default())
    }

    /// Whether an app is installed: by its name, or by a configuration class of its.
    pub fn installed(&self, app: &str) -> Truth {
        let resolved = self.get("INSTALLED_APPS");
        contains(&resolved.value, |entry| {
            entry == app || entry.strip_prefix(app).is_some_and(|rest| rest.starts_with(".apps."))
        })
    }

    /// Whether a middleware of this path is in use.
    pub fn uses_middleware(&self, path: &str) -> Truth {
        let resolved = self.get("MIDDLEWARE");
        contains(&resolved.value, |entry| entry == path)
    }

    /// Whether the version of a package is `bound` or later; what the requirements leave open counts as the newest.
    pub fn is_at_least(&self, package: &str, bound: &str) -> bool {
        self.requirements.at_least(package, bound).unwrap_or(true)
    }

    /// In which cases a setting is true, as Python counts truth.
    pub fn truth(&self, name: &str) -> Truth {
        truth(&self.get(name).value)
    }

    /// What Django holds for a setting that is not set; none where its version has no such setting.
    pub fn default_of(&self, name: &str) -> Option<&'static Value> {
        django_default(name, self.requirements.pinned_version("django"))
    }

    /// Whether a setting is one of Django's own, and differs, or may differ, from its default.
    pub fn is_changed(&self, name: &str) -> bool {
        let Some(default) = self.default_of(name) else { return false };
        self.names.get(name).is_some_and(|setting| {
            setting
                .value
                .options()
                .iter()
                .any(|(_, option)| !matches!(option.kind, Kind::Missing) && !equals(option, default))
        })
    }

    fn default(&self, name: &str) -> Cow<'static, Value> {
        let missing = || Cow::Owned(Value::new(Kind::Missing, None));
        self.default_of(name).map_or_else(missing, Cow::Borrowed)
    }

    /// Where a setting is assigned in some cases only, Django's default holds in the others.
    fn with_default<'v>(&self, name: &str, value: &'v Value) -> Cow<'v, Value> {
        let Kind::Either(either) = &value.kind else { return Cow::Borrowed(value) };
        if either.options.iter().all(|choice| !matches!(choice.value.kind, Kind::Missing)) {
            return Cow::Borrowed(value);
        }
        let mut either = either.clone();
        for choice in &mut either.options {
            if matches!(choice.value.kind, Kind::Missing) {
                choice.value = self.default(name).into_owned();
            }
        }
        Cow::Owned(Value::new(Kind::Either(either), value.origin))
    }
}

fn misnamed(machine: &Machine, module: &Module) -> Vec<(Arc<str>, Vec<Place>)> {
    let mut names = machine.other_names(module);
    names.retain(|(name, _)| is_django_setting(&name.to_uppercase()));
    names
}

/// Whether two values are equal for certain, as Python counts equality.
fn equals(a: &Value, b: &Value) -> bool {
    let items = |a: &Sequence, b: &Sequence| {
        let is_plain = |items: &Sequence| items.open.is_none() && items.items.iter().all(|item| item.when.is_always());
        let pairs = || a.items.iter().zip(&b.items);
        is_plain(a) && is_plain(b) && a.items.len() == b.items.len() && pairs().all(|(a, b)| equals(&a.value, &b.value))
    };
    let number = |value: &Value| match value.kind {
        Kind::Bool(value) => Some(f64::from(u8::from(value))),
        Kind::Int(value) => Some(value as f64),
        Kind::Float(value) => Some(value),
        _ => None,
    };
    match (&a.kind, &b.kind) {
        (Kind::None, Kind::None) => true,
        (Kind::Str(a), Kind::Str(b)) => a == b,
        (Kind::Int(a), Kind::Int(b)) => a == b,
        (Kind::List(a), Kind::List(b)) | (Kind::Tuple(a), Kind::Tuple(b)) => items(a, b),
        (Kind::Dict(a), Kind::Dict(b)) => {
            let is_plain = a.open.is_none() && a.entries.iter().all(|entry| entry.when.is_always());
            let has = |entry: &Entry| {
                let other = entry.key.as_str().and_then(|key| b.get(key));
                other.is_some_and(|other| equals(&entry.value, &other.value))
            };
            is_plain && a.entries.len() == b.entries.len() && a.entries.iter().all(has)
        }
        _ => number(a).is_some() && number(a) == number(b),
    }
}

/// Whether a value is true, as Python counts truth.
pub fn truth(value: &Value) -> Truth {
    Truth::over(value, |value| match &value.kind {
        Kind::None | Kind::Missing => Truth::No,
        Kind::Bool(value) => Truth::known(*value),
        Kind::Int(value) => Truth::known(*value != 0),
        Kind::Float(value) => Truth::known(*value != 0.0),
        Kind::Str(text) => Truth::known(!text.is_empty()),
        Kind::Bytes(bytes) => Truth::known(!bytes.is_empty()),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            match (items.items.iter().any(|item| item.when.is_always()), items.items.is_empty(), &items.open) {
                (true, ..) => Truth::Yes,
                (false, true, None) => Truth::No,
                (_, _, Some(why)) => Truth::Unknown(why.clone()),
                _ => Truth::Unknown("its items are there in some cases only".into()),
            }
        }
        Kind::Dict(dict) => {
            match (dict.entries.iter().any(|entry| entry.when.is_always()), dict.entries.is_empty(), &dict.open) {
                (true, ..) => Truth::Yes,
                (false, true, None) => Truth::No,
                (_, _, Some(why)) => Truth::Unknown(why.clone()),
                _ => Truth::Unknown("its entries are there in some cases only".into()),
            }
        }
        Kind::Ellipsis | Kind::Path(_) | Kind::Function(_) | Kind::Class(_) | Kind::Module(_) => Truth::Yes,
        Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
        Kind::Template(_) | Kind::Call(_) | Kind::Instance(_) | Kind::Symbol(_) | Kind::Either(_) => {
            Truth::Unknown("the value is not known".into())
        }
    })
}

/// Whether a list of strings has an item that `test` accepts.
pub fn contains(value: &Value, test: impl Fn(&str) -> bool) -> Truth {
    Truth::over(value, |value| {
        let Some(sequence) = value.sequence() else {
            return match &value.kind {
                Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
                Kind::None | Kind::Missing => Truth::No,
                _ => Truth::Unknown("it is no list".into()),
            };
        };
        let mut open = sequence.open.clone();
        for item in &sequence.items {
            match (item.value.as_str().map(&test), item.when.is_always()) {
                (Some(true), true) => return Truth::Yes,
                (Some(true), false) => open = Some(format!("it is there {}", item.when.describe()).into()),
                (Some(false), _) => {}
                (None, _) => open = open.or_else(|| Some("one of the items is not known".into())),
            }
        }
        open.map_or(Truth::No, Truth::Unknown)
    })
}
