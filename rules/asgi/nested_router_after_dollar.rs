//! A regular expression that ends the path in front of a router that needs the rest of it.

use crate::rule::{Context, Findings};

/// Reports each route that ends with `$` and leads to a router.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    for route in application.routes() {
        let Some(nested) = route.nested().filter(|nested| nested.wrapper.is_none()) else { continue };
        let (Some(inner), Some(pattern)) = (nested.unreachable(), route.pattern.as_str()) else { continue };
        let Some(place) = route.pattern.origin.or(route.place).filter(|_| route.ends_at_the_end()) else { continue };
        let shorter = pattern.strip_suffix('$').or_else(|| pattern.strip_suffix(r"\Z")).unwrap_or(pattern);
        findings
            .report(
                place,
                format!(
                    "`{pattern}` matches whole paths alone, so that nothing is left for the router behind it, and \
                     `{}` in it matches no path",
                    inner.pattern.as_str().unwrap_or_default()
                ),
            )
            .related(inner.pattern.origin.or(inner.place), "this route is never reached")
            .help(format!("write `r\"{shorter}\"`"))
            .safe_fix("remove what ends it", context.rewrite_string(&route.pattern, shorter));
    }
}
