//! `include()` in a `URLRouter`.

use crate::project::asgi::application::MisfitKind;
use crate::rule::{Context, Findings};

/// Reports each route of a `URLRouter` that includes others.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    for router in application.routers() {
        for misfit in router.misfits.iter().filter(|misfit| misfit.kind == MisfitKind::Include) {
            let Some(place) = misfit.place.or(router.place) else { continue };
            findings
                .report(
                    place,
                    "a `URLRouter` takes no `include()`: it raises `ImproperlyConfigured`, and no server loads this \
                     application",
                )
                .related(router.place, "the router")
                .help("lead the route to a `URLRouter(…)` of the inner routes");
        }
    }
}
