//! A settings module with all that rules ask about: its settings, the application beside it, how both are deployed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::asgi::application::{Application, Node};
use super::asgi::early_imports::{EarlyImport, early_imports};
use super::configurations::{Chosen, choose};
use super::deployment::Deployment;
use super::discover::{Project, SettingsModule};
use super::entry_points::EntryPoints;
use super::modules::dotted;
use super::naming::is_for_tests;
use super::settings::Settings;
use super::views::{NoView, no_csrf_failure_view};
use crate::eval::value::Value;
use crate::eval::{Foundations, Imports, Machine, Mode, Module, World, with_stack};
use crate::source::{FileId, FileTree, Place};

/// A settings module and what belongs to it.
#[derive(Debug)]
pub struct Judged {
    /// What Django would see as its settings.
    pub settings: Settings,
    /// Where the ASGI application is, where the project has one.
    pub entry: Option<Entry>,
    /// The ASGI application.
    pub application: Option<Application>,
    /// What the entry point imports too early.
    pub early_imports: Vec<EarlyImport>,
    /// Which settings the entry points start with.
    pub entry_points: EntryPoints,
    /// Whether the project seems to replace Django's check of the `Host` header.
    pub has_own_host_check: bool,
    /// The files of the project that list routes to WebSocket consumers.
    pub websocket_routes: Vec<FileId>,
    /// The files of the project that put an application together which may serve WebSockets.
    pub websocket_applications: Vec<FileId>,
    /// Why `CSRF_FAILURE_VIEW` names no view, or may name none.
    pub no_csrf_failure_view: Option<NoView>,
    /// The folder that the project's modules are imported from.
    pub root: PathBuf,
    /// Every file that version control keeps.
    pub files: Arc<FileTree>,
    /// How the project is deployed.
    pub deployment: Arc<Deployment>,
}

/// Where the ASGI application is.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The module.
    pub module: String,
    /// Its file; none where there is no such module.
    pub file: Option<FileId>,
    /// Whether the module's outermost package is one of the project's own, so that what it lacks is known.
    pub is_own: bool,
    /// The name in the module.
    pub name: String,
    /// Whether the module binds the name; none where that is not known.
    pub is_bound: Option<bool>,
    /// The value of `ASGI_APPLICATION` that names it; none where it was found by its file.
    pub named_at: Option<Place>,
}

impl Entry {
    /// An application that nothing in the settings names.
    fn found(module: String, file: FileId, name: &str) -> Self {
        Self { module, file: Some(file), is_own: true, name: name.to_owned(), is_bound: None, named_at: None }
    }
}

/// Evaluates a settings module and the application beside it. `foundations` are those of the project's settings modules.
pub fn judge(
    world: &World,
    foundations: &Foundations,
    project: &Project,
    module: &SettingsModule,
    deployment: &Arc<Deployment>,
) -> Judged {
    with_stack(|| {
        let requirements = deployment.requirements.clone();
        let mode = Mode { imports: Imports::Eager, production: module.is_deployed, bare: false };
        let mut machine = foundations.begin(world, mode, &module.name);
        let program = machine.run_program(&module.name).ok();
        let class = program.as_ref().map(|program| set_up_class(&mut machine, program, project, module));
        let mut settings = match &program {
            Some(program) => Settings::take(&mut machine, program, module.file, module.is_deployed, requirements),
            None => {
                let why = machine.exhaustion().map_or("the module raises in every case", |why| why);
                Settings::unknown(&module.name, module.file, why, requirements)
            }
        };
        if machine.exhaustion().is_some() {
            // One case alone can be followed further than all at once.
            let mut machine = foundations.begin(world, Mode { bare: true, ..mode }, &module.name);
            if let Ok(program) = machine.run_program(&module.name)
                && set_up_class(&mut machine, &program, project, module).is_ok()
            {
                settings = settings.bare(&mut machine, &program);
            }
        }
        // Settings that serve no URL are for commands alone.
        let serves_none = settings.get("ROOT_URLCONF").value.as_str() == Some("");
        settings.is_deployed = module.is_deployed && (module.is_declared || !serves_none);
        if let Some(program) = &program {
            match class {
                Some(Err(why)) => settings.open = Some(settings.open.take().unwrap_or(why)),
                Some(Ok(None)) => settings.debug_unassumed = debug_unassumed(&mut machine, program, &settings),
                Some(Ok(Some(chosen))) => settings.is_deployed &= chosen.is_deployed || module.is_declared,
                None => {}
            }
            settings.open = settings.open.take().or_else(|| why_incomplete(program, module, &settings));
        }
        let (entry, application) = application(machine, program.as_ref(), world, project, deployment, &settings);
        let early_imports = match &entry {
            Some(Entry { file: Some(file), module, .. }) => early_imports(world, *file, module),
            _ => Vec::new(),
        };
        let no_csrf_failure_view = no_csrf_failure_view(world, &settings);
        let files = |paths: &[PathBuf]| paths.iter().map(|path| world.trees.sources.id(path)).collect();
        Judged {
            settings,
            entry,
            application,
            early_imports,
            entry_points: EntryPoints::of(project, world.trees.sources),
            has_own_host_check: project.has_own_host_check,
            websocket_routes: files(&project.websocket_routes),
            websocket_applications: files(&project.websocket_applications),
            no_csrf_failure_view,
            root: project.root.clone(),
            files: world.committed.clone(),
            deployment: deployment.clone(),
        }
    })
}

/// What `DEBUG` holds in all cases, where production was assumed to have it off: its default among them.
fn debug_unassumed(machine: &mut Machine, program: &Module, settings: &Settings) -> Option<Value> {
    settings.assumptions.iter().find(|assumption| assumption.text == "DEBUG is False")?;
    // Where some cases leave it unset, its default is Django's.
    settings.names.get("DEBUG")?.steps.iter().find(|step| step.when.is_always())?;
    let debug = machine.freeze_unassumed(program, "DEBUG")?;
    machine.exhaustion().is_none().then_some(debug.value)
}

/// Makes the attributes of a class the settings, where these stand in classes of django-configurations.
fn set_up_class(
    machine: &mut Machine,
    program: &Module,
    project: &Project,
    module: &SettingsModule,
) -> Result<Option<Chosen>, Arc<str>> {
    let classes = machine.configurations(program);
    if classes.is_empty() {
        return Ok(None);
    }
    let chosen = choose(&classes, &project.configurations)?;
    machine.mode.production = module.is_deployed && (chosen.is_deployed || module.is_declared);
    machine.configure(program, &chosen.class)?;
    Ok(Some(chosen))
}

/// Why a module is not all of Django's settings, where it shows that it is not.
fn why_incomplete(program: &Module, module: &SettingsModule, settings: &Settings) -> Option<Arc<str>> {
    // Django does not start without a key: https://docs.djangoproject.com/en/stable/ref/settings/#secret-key
    let is_fragment = module.evidence.is_none() && !module.is_declared && !settings.names.contains_key("SECRET_KEY");
    let has_none =
        ["SECRET_KEY", "INSTALLED_APPS", "ROOT_URLCONF"].iter().all(|name| !settings.names.contains_key(*name));
    if program.is_package && has_none && !module.is_declared {
        return Some("it is a package that sets neither SECRET_KEY nor INSTALLED_APPS nor ROOT_URLCONF".into());
    }
    is_fragment.then(|| "nothing names it, and it has no SECRET_KEY: it may be a part of other settings".into())
}

/// Finds and evaluates the ASGI application, in the process in which the settings were.
fn application<'a>(
    mut machine: Machine<'a>,
    settings_module: Option<&Module>,
    world: &'a World<'a>,
    project: &Project,
    deployment: &Deployment,
    settings: &Settings,
) -> (Option<Entry>, Option<Application>) {
    let mut entries = named_entry(world, settings)
        .into_iter()
        .chain(started_entry(world, project, deployment))
        .chain(found_entry(world, project, settings));
    let Some(mut entry) = entries.next() else { return (None, None) };
    let fallback = entries.next();
    match (settings_module, machine.exhaustion()) {
        (Some(module), None) => {
            machine.begin(Imports::Lazy);
            machine.serve_settings(module);
        }
        _ => {
            machine =
                Machine::new(world, Mode { imports: Imports::Lazy, production: settings.is_deployed, bare: false })
        }
    }
    if let Some(file) = entry.file {
        let node = evaluate(&mut machine, &mut entry);
        if entry.is_bound != Some(false) {
            let application = Application { module: entry.module.clone(), file, name: entry.name.clone(), node };
            return (Some(entry), Some(application));
        }
    }
    // What ASGI_APPLICATION names is not there. A server may still run what is found.
    let application = fallback.and_then(|mut fallback| {
        let node = evaluate(&mut machine, &mut fallback);
        let file = fallback.file?;
        Some(Application { module: fallback.module, file, name: fallback.name, node })
    });
    (Some(entry), application)
}

fn evaluate(machine: &mut Machine, entry: &mut Entry) -> Node {
    let unknown = |why: &str| Node::Unknown(why.into(), None);
    let Ok(program) = machine.run_program(&entry.module) else {
        return unknown(machine.exhaustion().unwrap_or("the module raises in every case"));
    };
    let found = machine.freeze_name(&program, &entry.name);
    if let Some(why) = machine.exhaustion() {
        return unknown(why);
    }
    entry.is_bound = match (&found, machine.open_names(&program)) {
        (Some(_), _) => Some(true),
        // A function `__getattr__` makes names as they are asked for.
        (None, None) if machine.freeze_name(&program, "__getattr__").is_none() => Some(false),
        (None, _) => None,
    };
    found.map_or_else(|| unknown("the name is not bound"), |frozen| Node::of(&frozen.value))
}

/// What `ASGI_APPLICATION` names.
fn named_entry(world: &World, settings: &Settings) -> Option<Entry> {
    let resolved = settings.get("ASGI_APPLICATION");
    let text = resolved.value.as_str()?;
    let (module, name) = text.rsplit_once('.').unwrap_or((text, ""));
    let outermost = world.module(module.split('.').next().unwrap_or(module));
    Some(Entry {
        module: module.to_owned(),
        file: world.module(module).and_then(|source| source.file()),
        is_own: outermost.is_some_and(|source| source.file().is_some()),
        name: name.to_owned(),
        is_bound: None,
        named_at: resolved.value.origin.or_else(|| resolved.history.last().copied()),
    })
}

/// The ASGI application that a command of the deployment starts: `daphne config.asgi:application`.
fn started_entry(world: &World, project: &Project, deployment: &Deployment) -> Option<Entry> {
    deployment.applications.iter().find_map(|started| {
        let (module, name) = started.what.split_once(':')?;
        let file = world.module(module).and_then(|source| source.file())?;
        let is_asgi = project.asgi.contains(&world.trees.sources.path(file));
        is_asgi.then(|| Entry::found(module.to_owned(), file, name))
    })
}

/// An `asgi.py`, else a `routing.py`, else a module that puts an application together: the one nearest to the settings.
fn found_entry(world: &World, project: &Project, settings: &Settings) -> Option<Entry> {
    let near = world.trees.sources.path(settings.file);
    let below = |path: &Path| path.strip_prefix(&project.root).map_or_else(|_| path.to_path_buf(), Path::to_path_buf);
    let kind = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("asgi.py") => Some(0),
        Some("routing.py") => Some(1),
        _ => project.websocket_applications.iter().any(|known| known == path).then_some(2),
    };
    let rank = |path: &&PathBuf| {
        let shared = path.components().zip(near.components()).take_while(|(a, b)| a == b).count();
        let is_beside_the_point = is_for_tests(&below(path)) && !is_for_tests(&below(&near));
        (is_beside_the_point, kind(path), usize::MAX - shared, path.components().count())
    };
    let path = project.asgi.iter().filter(|path| kind(path).is_some()).min_by_key(rank)?;
    Some(Entry::found(dotted(&project.root, path)?, world.trees.sources.id(path), "application"))
}
