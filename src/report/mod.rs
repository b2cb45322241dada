//! Reports.
pub mod value_json;
