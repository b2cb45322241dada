//! Entries of a `URLRouter` that are no routes.

use crate::project::asgi::application::MisfitKind;
use crate::rule::{Context, Findings};

/// Reports lists, routers and consumers that stand among the routes themselves.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    for router in application.routers() {
        for misfit in &router.misfits {
            let Some(place) = misfit.place.or(router.place) else { continue };
            let (what, help) = match misfit.kind {
                MisfitKind::List => ("a list stands among the routes", "unpack it: `URLRouter([*one_list, *another])`"),
                MisfitKind::Application => (
                    "an application stands among the routes without a path",
                    "give it a path: `path(\"ws/chat/\", …)`, or `path(\"\", …)`",
                ),
                MisfitKind::Include => continue,
            };
            findings
                .report(
                    place,
                    format!(
                        "{what}: `URLRouter` raises `AttributeError: … has no attribute 'callback'`, and no server \
                         loads this application"
                    ),
                )
                .related(router.place, "the router")
                .help(help);
        }
    }
}
