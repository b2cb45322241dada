//! `djudge show`.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::terminal::Terminal;
use super::{Exit, Files, places, request, usage};
use crate::engine::{self, Error, Examined};
use crate::eval::value::Certainty;
use crate::eval::{Trees, django_settings};
use crate::project::discover::SettingsModule;
use crate::project::judged::Judged;
use crate::project::settings::Setting;
use crate::project::spelling::nearest;
use crate::report::Places;
use crate::report::full::Look;
use crate::report::settings_text::Settings;
use crate::report::value_json::value_json;
use crate::source::{Disk, Sources};

/// Print what settings resolve to, and where each value came from
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Settings by name; all where none is given
    #[arg(value_name = "SETTING")]
    names: Vec<String>,

    /// Only those of Django's own settings that differ, or may differ, from its defaults
    #[arg(long)]
    changed: bool,

    /// The project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,

    /// The form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output_format: Format,

    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Full,
    Json,
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    let sources = Sources::new(&Disk);
    let trees = Trees::new(&sources);
    let request = request(std::slice::from_ref(&args.project), args.files.overrides());
    let examined = terminal.working(&sources, || engine::examine(&request, &sources, &trees))?;
    let places = places(&sources);
    match args.output_format {
        Format::Json => {
            let modules: Vec<Json> = judged_modules(&examined, &args.files.settings)
                .map(|(module, judged)| module_json(module, judged, args, &places))
                .collect();
            let document = json!({"schema": 1, "modules": modules});
            let text = serde_json::to_string_pretty(&document).map_err(|error| usage(error.to_string(), None))?;
            terminal.print(&(text + "\n"));
        }
        Format::Full => {
            let look = terminal.look();
            let texts: Vec<String> = judged_modules(&examined, &args.files.settings)
                .map(|(module, judged)| module_text(module, judged, args, &places, look))
                .collect();
            terminal.print(&texts.join("\n"));
            if texts.is_empty() {
                terminal.note(
                    "djudge: all settings modules that were found are for tests, for examples or for others to build \
                     on; --settings names one\n",
                );
            }
        }
    }
    terminal.unreadable(&examined, &places);
    Ok(if examined.unreadable.is_empty() { Exit::Clean } else { Exit::Unreadable })
}

/// The modules that were asked for; else the deployed ones; else all.
pub fn judged_modules<'e>(
    examined: &'e Examined,
    asked_for: &'e [String],
) -> impl Iterator<Item = &'e (SettingsModule, Judged)> {
    let has_deployed = examined.modules().any(|(module, _)| module.is_deployed);
    examined.modules().filter(move |(module, _)| match asked_for.is_empty() {
        true => module.is_deployed || !has_deployed,
        false => asked_for.contains(&module.name),
    })
}

fn wanted<'j>(judged: &'j Judged, args: &'j Args) -> impl Iterator<Item = (&'j str, &'j Setting)> {
    judged
        .settings
        .names
        .iter()
        .map(|(name, setting)| (name.as_ref(), setting))
        .filter(|(name, _)| args.names.is_empty() || args.names.iter().any(|wanted| wanted == name))
        .filter(|(name, _)| !args.changed || judged.settings.is_changed(name))
}

fn django_version(judged: &Judged) -> Option<String> {
    judged.deployment.requirements.pinned_version("django").map(ToString::to_string)
}

fn certainty_name(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Known => "known",
        Certainty::Assumed => "assumed",
        Certainty::Depends => "depends",
        Certainty::Unknown => "unknown",
    }
}

fn module_json(module: &SettingsModule, judged: &Judged, args: &Args, places: &Places) -> Json {
    let mut settings = Map::new();
    let at = |place| json!({"path": places.file(place), "line": places.start(place).line});
    for (name, setting) in wanted(judged, args) {
        let origin = setting.shown().origin.or_else(|| setting.history.last().copied());
        settings.insert(
            name.to_owned(),
            json!({
                "value": value_json(setting.shown()),
                "certainty": certainty_name(setting.certainty),
                "origin": origin.map(at),
                "history": setting.history.iter().map(|place| at(*place)).collect::<Vec<_>>(),
            }),
        );
    }
    json!({
        "module": module.name,
        "path": places.path(&places.sources.path(module.file)),
        "deployed": judged.settings.is_deployed,
        "django": django_version(judged),
        "assumed": judged.settings.shown_assumptions().iter().map(|assumed| assumed.text.as_str()).collect::<Vec<_>>(),
        "settings": settings,
    })
}

fn module_text(module: &SettingsModule, judged: &Judged, args: &Args, places: &Places, look: Look) -> String {
    let settings = Settings { module, judged, places, look };
    let mut text = settings.head();
    if args.names.is_empty() {
        text.push('\n');
        text.extend(wanted(judged, args).map(|(name, setting)| settings.short(name, setting)));
        let shown: Vec<&Setting> = wanted(judged, args).map(|(_, setting)| setting).collect();
        return text + "\n" + &settings.last_line(&shown, args.changed);
    }
    for name in &args.names {
        text.push('\n');
        text += &match judged
            .settings
            .names
            .get(name.as_str())
            .filter(|_| !args.changed || judged.settings.is_changed(name))
        {
            Some(setting) => settings.full(name, setting),
            None => settings.absent(name, near(judged, name).as_deref()),
        };
    }
    text
}

/// The setting that a name may be meant for: of those that are set, or of Django's own.
fn near(judged: &Judged, name: &str) -> Option<String> {
    let mut names: Vec<&str> = django_settings().collect();
    names.extend(judged.settings.names.keys().map(|name| -> &str { name }));
    nearest(name, names, |known| known.len() / 5 + 1).filter(|near| *near != name).map(str::to_owned)
}
