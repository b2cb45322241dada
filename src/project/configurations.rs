//! Which class of a module holds its settings, where these stand in classes of django-configurations.
//!
//! Django takes the class that `DJANGO_CONFIGURATION` names and does not start without it. Files that name one say how
//! much they are worth by what they are; the name of a class says what it is for.

use std::sync::Arc;

use super::mentions::{Evidence, Mention};
use super::naming::{Purpose, purpose};

/// Classes that are no process of its own: what an image is built with, what others derive from.
const NOT_RUN: [&str; 5] = ["base", "build", "common", "core", "default"];

/// A class of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its name.
    pub class: Arc<str>,
    /// Whether it is deployed, as far as its name says: rules about production apply to it.
    pub is_deployed: bool,
}

/// The class that is deployed, among those that a module holds, in order of definition.
///
/// # Errors
/// Why none can be told.
pub fn choose(classes: &[Arc<str>], mentions: &[Mention]) -> Result<Chosen, Arc<str>> {
    let ranked = classes.iter().enumerate().filter_map(|(at, class)| {
        let evidence =
            mentions.iter().filter(|mention| mention.module == class.as_ref()).map(|mention| mention.evidence).max();
        rank(class, evidence).map(|rank| (rank, at, class))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable_by_key(|(rank, at, _)| (*rank, *at));
    if let Some((rank, _, class)) = ranked.first() {
        return Ok(Chosen { class: (*class).clone(), is_deployed: !matches!(rank, Rank::Development) });
    }
    if let [only] = classes
        && purpose_of(only) == Purpose::Plain
    {
        return Ok(Chosen { class: only.clone(), is_deployed: true });
    }
    let shown: Vec<String> = classes.iter().map(|class| format!("`{class}`")).collect();
    let why = "nothing says which class of django-configurations holds its settings: set `DJANGO_CONFIGURATION` in a \
               deployment file";
    Err(format!("{why} (its classes are {})", shown.join(", ")).into())
}

/// How likely a class is the deployed one, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Named for production, and a deployment file or an entry point names it.
    NamedProduction,
    /// A deployment file or an entry point names it.
    Named,
    /// Called `Production`.
    Production,
    /// Its name speaks of production or a stage like it.
    Stage,
    /// A script names it.
    Script,
    /// Named for development, and something other than tests names it.
    Development,
}

fn rank(class: &str, evidence: Option<Evidence>) -> Option<Rank> {
    let is_started = matches!(evidence, Some(Evidence::Deployment | Evidence::EntryPoint));
    let lower = class.to_lowercase();
    match purpose_of(class) {
        Purpose::Production if is_started && matches!(lower.as_str(), "prod" | "production" | "live") => {
            Some(Rank::NamedProduction)
        }
        Purpose::Production if matches!(lower.as_str(), "prod" | "production" | "live") => Some(Rank::Production),
        Purpose::Production if is_started => Some(Rank::Named),
        Purpose::Production => Some(Rank::Stage),
        Purpose::Plain if NOT_RUN.contains(&lower.as_str()) => None,
        Purpose::Plain if is_started => Some(Rank::Named),
        Purpose::Plain if evidence == Some(Evidence::Script) => Some(Rank::Script),
        Purpose::Development if evidence > Some(Evidence::Tests) => Some(Rank::Development),
        _ => None,
    }
}

/// What a class is for, by the words of its name.
fn purpose_of(class: &str) -> Purpose {
    let mut words = String::new();
    for character in class.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(character.to_lowercase());
    }
    match purpose(&words) {
        Purpose::Plain => purpose(&class.to_lowercase()),
        by_words => by_words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn chosen(classes: &[&str], mentions: &[(&str, Evidence)]) -> Option<(String, bool)> {
        let classes: Vec<Arc<str>> = classes.iter().map(|class| (*class).into()).collect();
        let mention = |(class, evidence): &(&str, Evidence)| Mention {
            module: (*class).to_owned(),
            span: Span::default(),
            evidence: *evidence,
        };
        let mentions: Vec<Mention> = mentions.iter().map(mention).collect();
        choose(&classes, &mentions).ok().map(|chosen| (chosen.class.to_string(), chosen.is_deployed))
    }

    fn class(name: &str, is_deployed: bool) -> Option<(String, bool)> {
        Some((name.to_owned(), is_deployed))
    }

    #[test]
    fn production_goes_before_development() {
        let classes = ["Base", "Development", "Test", "Staging", "Production", "PreProduction"];
        assert_eq!(chosen(&classes, &[]), class("Production", true));
        assert_eq!(chosen(&classes, &[("Development", Evidence::EntryPoint)]), class("Production", true));
        assert_eq!(chosen(&classes[..4], &[("Development", Evidence::EntryPoint)]), class("Staging", true));
        assert_eq!(chosen(&classes[..3], &[("Development", Evidence::Script)]), class("Development", false));
    }

    #[test]
    fn what_a_deployment_names_goes_first() {
        let classes = ["Base", "Build", "Web", "Production"];
        assert_eq!(chosen(&classes, &[("Web", Evidence::Deployment)]), class("Web", true));
        assert_eq!(chosen(&classes, &[("Build", Evidence::Deployment)]), class("Production", true));
        let both = [("Web", Evidence::Deployment), ("Production", Evidence::Deployment)];
        assert_eq!(chosen(&classes, &both), class("Production", true));
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(chosen(&["Base", "Web", "Api"], &[]), None);
        assert_eq!(chosen(&["Dev", "Test"], &[("Test", Evidence::Tests)]), None);
        assert_eq!(chosen(&["Settings"], &[]), class("Settings", true));
    }
}
