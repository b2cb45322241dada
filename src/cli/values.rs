//! The values that options take, for help, completions and "a similar value exists".

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::config::OutputFormat;
use crate::diagnostic::Severity;

/// A severity by its name.
pub fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "advice"]).try_map(|name| name.parse::<Severity>())
}

/// The form of a report by its name.
pub fn output_format() -> impl TypedValueParser<Value = OutputFormat> {
    PossibleValuesParser::new(OutputFormat::ALL.map(OutputFormat::name)).try_map(|name| name.parse::<OutputFormat>())
}
