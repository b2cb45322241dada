//! What a rule is: a page, a condition on it or a function beside it, and what these may ask.

mod context;
mod example;
mod page;
mod redis;
mod registry;
mod scheme;
mod suppression;
mod when;

pub use context::{Context, Findings, Report, origin_note, written_items};
pub use example::{CaseKind, Example, ExampleFile, Mismatch, examples, mismatches};
pub use page::{AppliesTo, Page, PageError};
pub use redis::{UrlFault, report_host, report_urls};
pub use registry::{Registry, Rule};
pub use scheme::{Consequence, REDIRECT_NOTE};
pub use suppression::{Suppression, SuppressionScope, line_comments, suppressions};
pub use when::Condition;

/// A rule's logic, where the condition on its page does not suffice.
pub type Check = fn(&Context, &mut Findings);
