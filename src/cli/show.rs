//! `djudge show`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::terminal::Terminal;
use super::{Exit, Files, places, request, usage};
use crate::engine::{self, Error, Examined};
use crate::eval::Trees;
use crate::eval::value::{Certainty, Value, brief};
use crate::project::discover::SettingsModule;
use crate::project::judged::Judged;
use crate::project::settings::Setting;
use crate::report::Places;
use crate::report::value_json::value_json;
use crate::report::value_text::value_text;
use crate::source::{Disk, Sources};

/// Print what settings resolve to, and where each value came from
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Settings by name; all where none is given
    #[arg(value_name = "SETTING")]
    names: Vec<String>,

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
    let examined = engine::examine(&request, &sources, &trees)?;
    let places = places(&sources);
    match args.output_format {
        Format::Json => {
            let modules: Vec<Json> =
                modules(&examined, args).map(|(module, judged)| module_json(module, judged, args, &places)).collect();
            let document = json!({"schema": 1, "modules": modules});
            let text = serde_json::to_string_pretty(&document).map_err(|error| usage(error.to_string(), None))?;
            terminal.print(&(text + "\n"));
        }
        Format::Full => {
            let texts: Vec<String> =
                modules(&examined, args).map(|(module, judged)| module_text(module, judged, args, &places)).collect();
            terminal.print(&texts.join("\n"));
        }
    }
    terminal.unreadable(&examined, &places);
    Ok(if examined.unreadable.is_empty() { Exit::Clean } else { Exit::Unreadable })
}

/// The modules that were asked for; else the deployed ones; else all.
fn modules<'e>(examined: &'e Examined, args: &'e Args) -> impl Iterator<Item = &'e (SettingsModule, Judged)> {
    let has_deployed = examined.modules().any(|(module, _)| module.is_deployed);
    examined.modules().filter(move |(module, _)| match args.files.settings.is_empty() {
        true => module.is_deployed || !has_deployed,
        false => args.files.settings.contains(&module.name),
    })
}

fn wanted<'j>(judged: &'j Judged, args: &'j Args) -> impl Iterator<Item = (&'j str, &'j Setting)> {
    judged
        .settings
        .names
        .iter()
        .map(|(name, setting)| (name.as_ref(), setting))
        .filter(|(name, _)| args.names.is_empty() || args.names.iter().any(|wanted| wanted == name))
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
        "assumed": judged.settings.shown_assumptions(),
        "settings": settings,
    })
}

fn module_text(module: &SettingsModule, judged: &Judged, args: &Args, places: &Places) -> String {
    let deployed = if judged.settings.is_deployed { "deployed" } else { "not deployed" };
    let django = django_version(judged).map_or(String::new(), |version| format!(", Django {version}"));
    let file = places.path(&places.sources.path(module.file));
    let mut text = format!("{} ({file}, {deployed}{django})\n", module.name);
    for assumption in judged.settings.shown_assumptions() {
        let _ = writeln!(text, "  assumed: {}", assumption);
    }
    if let Some(why) = &judged.settings.open {
        let _ = writeln!(text, "  may hold more settings: {why}");
    }
    for (name, setting) in wanted(judged, args) {
        text.push('\n');
        text += &setting_text(name, setting, places);
    }
    for name in &args.names {
        if judged.settings.names.contains_key(name.as_str()) {
            continue;
        }
        let capitals = name.to_uppercase();
        if *name != capitals {
            let _ = write!(text, "\n{name}: no setting, for Django takes names in capitals alone; try {capitals}\n");
            continue;
        }
        let resolved = judged.settings.get(name);
        let said = match &judged.settings.open {
            Some(why) => format!("not known: {why}"),
            None if is_missing(&resolved.value) => "not set, and Django has no such setting".to_owned(),
            None => format!("not set: Django's default is {}", brief(&resolved.value)),
        };
        let _ = write!(text, "\n{name}: {said}\n");
    }
    text
}

fn is_missing(value: &Value) -> bool {
    matches!(value.kind, crate::eval::value::Kind::Missing)
}

fn setting_text(name: &str, setting: &Setting, places: &Places) -> String {
    let mut text = format!("{name} = {}\n", value_text(setting.shown()));
    if setting.certainty != Certainty::Known {
        let _ = writeln!(text, "    {}", certainty_name(setting.certainty));
    }
    let last = setting.history.len().saturating_sub(1);
    for (index, place) in setting.history.iter().enumerate() {
        let note = match (index, index == last) {
            (_, true) => "",
            _ => "  (changed below)",
        };
        let _ = writeln!(text, "    {}{note}", places.line(*place));
    }
    text
}
