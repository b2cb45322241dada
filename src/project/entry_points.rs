//! Which settings `asgi.py` and `wsgi.py` start with where nothing else is said.

use super::discover::Project;
use super::mentions::Evidence;
use super::naming::Purpose;
use crate::source::{Place, Sources};

/// The entry points of a project.
#[derive(Debug, Default)]
pub struct EntryPoints {
    /// Those that name one settings module, sorted by file.
    pub found: Vec<EntryPoint>,
    /// Where the deployment names a settings module, which then goes before what entry points name.
    pub named_at: Option<Place>,
    /// Where another module than `manage.py` and these names one, which they may import.
    pub named_in_code_at: Option<Place>,
    /// A settings module for production, where there is one.
    pub production: Option<String>,
}

/// An `asgi.py` or `wsgi.py`.
#[derive(Debug)]
pub struct EntryPoint {
    /// The settings module that it names.
    pub settings: String,
    /// Whether that is a developer's own.
    pub is_for_development: bool,
    /// Where it names it.
    pub place: Place,
    /// Its file's name.
    pub name: &'static str,
}

impl EntryPoints {
    /// The entry points of a project.
    pub fn of(project: &Project, sources: &Sources) -> Self {
        let mut entry_points = Self::default();
        for module in &project.settings {
            if module.evidence == Some(Evidence::Deployment) {
                entry_points.named_at = entry_points.named_at.or(module.named_at.last().copied());
            }
            let in_code = module.named_at.iter().find(|place| is_other_code(sources, **place));
            entry_points.named_in_code_at = entry_points.named_in_code_at.or(in_code.copied());
            if module.purpose == Purpose::Production {
                entry_points.production.get_or_insert_with(|| module.name.clone());
            }
            let named = module.named_at.iter().filter_map(|place| Some((*place, name_of(sources, *place)?)));
            entry_points.found.extend(named.map(|(place, name)| EntryPoint {
                settings: module.name.clone(),
                is_for_development: module.purpose == Purpose::Development,
                place,
                name,
            }));
        }
        let places: Vec<Place> = entry_points.found.iter().map(|point| point.place).collect();
        // One that names several chooses between them.
        entry_points.found.retain(|point| places.iter().filter(|place| place.file == point.place.file).count() == 1);
        entry_points.found.sort_by_key(|point| point.place);
        entry_points
    }

    /// The other entry point that stands in the same folder.
    pub fn beside<'p>(&'p self, point: &EntryPoint, sources: &Sources) -> Option<&'p EntryPoint> {
        let folder = |place: Place| sources.path(place.file).parent().map(std::path::Path::to_path_buf);
        self.found.iter().find(|other| other.name != point.name && folder(other.place) == folder(point.place))
    }
}

fn name_of(sources: &Sources, place: Place) -> Option<&'static str> {
    let path = sources.path(place.file);
    let name = path.file_name()?.to_str()?;
    ["asgi.py", "wsgi.py"].into_iter().find(|known| *known == name)
}

fn is_other_code(sources: &Sources, place: Place) -> bool {
    let path = sources.path(place.file);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".py") && !matches!(name, "manage.py" | "asgi.py" | "wsgi.py" | "conftest.py")
}
