//! Which setting is meant at a place in a file.

use super::state::At;
use crate::engine::ExaminedProject;
use crate::project::discover::SettingsModule;
use crate::project::judged::Judged;
use crate::python::code_only;
use crate::source::{FileId, Span};

/// A setting that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
}

/// The setting that is named at an offset: by its name where settings are assigned, as `settings.NAME` or
/// `getattr(settings, "NAME")` elsewhere.
pub fn setting_at(text: &str, offset: u32, is_settings_file: bool) -> Option<Named> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = text.split_at_checked(offset as usize)?;
    let start =
        before.rfind(|c| !is_part(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let end = before.len() + after.find(|c| !is_part(c)).unwrap_or(after.len());
    let name = &text[start..end];
    let has_letter = name.chars().any(char::is_uppercase);
    if !has_letter || name.chars().any(char::is_lowercase) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let code = code_only(text);
    let is_code = code.get(start..end) == Some(name);
    let before = &text[..start];
    let is_meant = match before.strip_suffix('.') {
        Some(owner) if is_code => names_settings(last_word(owner), &code),
        Some(_) => false,
        None if is_code => is_settings_file,
        None => before
            .strip_suffix(['"', '\''])
            .map(str::trim_end)
            .and_then(|before| before.strip_suffix(','))
            .is_some_and(|before| names_settings(last_word(before.trim_end()), &code)),
    };
    is_meant.then(|| Named { name: name.to_owned(), span: Span::new(start as u32, end as u32) })
}

fn last_word(text: &str) -> &str {
    let start = text
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

/// Whether a name is that of the settings in this code: `settings`, or what it was imported as.
fn names_settings(name: &str, code: &str) -> bool {
    let is_alias = |line: &str| {
        let imported = line.trim_start().strip_prefix("from django.conf import ");
        let names = imported.unwrap_or_default().split(',');
        names.into_iter().any(|part| part.trim().strip_prefix("settings as ").is_some_and(|alias| alias.trim() == name))
    };
    name == "settings" || !name.is_empty() && code.lines().any(is_alias)
}

/// A settings module of a project.
#[derive(Clone, Copy)]
pub struct Module<'v> {
    /// What was found.
    pub module: &'v SettingsModule,
    /// What is known of it.
    pub judged: &'v Judged,
}

impl<'v> At<'v> {
    /// The setting that is named here.
    pub fn setting(&self) -> Option<Named> {
        let is_python = self.file.path.extension().is_some_and(|end| end == "py");
        is_python.then(|| setting_at(&self.file.text, self.offset, self.assigns_settings()))?
    }

    /// The settings modules to tell about here: those that are deployed, else all; and the one whose file this is.
    pub fn modules(&self) -> Vec<Module<'v>> {
        let Some(project) = self.project() else { return Vec::new() };
        let has_deployed = project.modules.iter().any(|(module, _)| module.is_deployed);
        let is_wanted = |module: &SettingsModule| module.is_deployed || !has_deployed || module.file == self.file.id;
        let all = project.modules.iter().filter(|(module, _)| is_wanted(module));
        all.map(|(module, judged)| Module { module, judged }).collect()
    }

    /// The innermost project around the file.
    fn project(&self) -> Option<&'v ExaminedProject> {
        let projects = &self.folder.known.as_ref()?.examined.projects;
        let around = projects.iter().filter(|project| self.file.path.starts_with(&project.project.root));
        around.max_by_key(|project| project.project.root.components().count())
    }

    /// Whether settings are assigned in this file.
    fn assigns_settings(&self) -> bool {
        let Some(project) = self.project() else { return false };
        project
            .modules
            .iter()
            .any(|(module, judged)| module.file == self.file.id || is_in_history(judged, self.file.id))
    }
}

fn is_in_history(judged: &Judged, file: FileId) -> bool {
    judged.settings.names.values().any(|setting| setting.history.iter().any(|place| place.file == file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, is_settings_file: bool) -> Option<String> {
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        setting_at(&text, offset as u32, is_settings_file).map(|named| named.name)
    }

    #[test]
    fn names_are_found_where_settings_are_meant() {
        for text in [
            "x = settings.DE|BUG",
            "x = settings.|DEBUG\n",
            "x = django.conf.settings.DEBUG|",
            "getattr(settings, 'DEB|UG', None)",
            "from django.conf import settings as conf\nconf.DEB|UG",
        ] {
            assert_eq!(named(text, false).as_deref(), Some("DEBUG"), "{text}");
        }
        for text in ["DEB|UG = 1", "# settings.DEB|UG", "'settings.DEB|UG'", "other.DEB|UG", "settings.deb|ug", "1|2"] {
            assert_eq!(named(text, false), None, "{text}");
        }
        assert_eq!(named("if not DE|BUG:\n    pass", true).as_deref(), Some("DEBUG"));
        assert_eq!(named("x = {'DE|BUG': 1}", true), None);
    }
}
