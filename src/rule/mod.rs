//! What a rule is: a page, a condition on it or a function beside it, and what these may ask.

mod condition;
mod context;
mod example;
mod findings;
mod fixes;
mod order;
mod page;
mod pattern;
mod possibilities;
mod proxy;
mod python_texts;
mod redis;
mod registry;
mod security;
mod suppression;
mod text;
mod when;

pub use condition::Condition;
pub use context::Context;
pub use example::{CaseKind, Example, ExampleFile, Mismatch, examples, examples_with_fixes, mismatches};
pub use findings::{Findings, Report};
pub use fixes::Position;
pub use order::{order_applicability, unmet_needs};
pub use page::{AppliesTo, Page, PageError, PageFix, Remedy};
pub use possibilities::{origin_note, shown, written_items};
pub use proxy::{Consequence, REDIRECT_NOTE, written_headers};
pub use python_texts::PythonTexts;
pub use redis::{Fault, report_host, report_urls};
pub use registry::{Registry, Rule};
pub use security::{is_seen_by_checks, report_missing_middleware, report_session_cookie, report_weak_key};
pub use suppression::{Suppression, SuppressionScope, Together, continued_lines, line_comments, suppressions};
pub use text::{PackedPages, PageText};

/// A rule's logic, where the condition on its page does not suffice.
pub type Check = fn(&Context, &mut Findings);
