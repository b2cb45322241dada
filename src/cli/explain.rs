//! `djudge explain`.

use super::terminal::Terminal;
use super::{Exit, no_such_rule, registry_here};
use crate::config::Overrides;
use crate::engine::Error;

/// Print a rule's page
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule
    rule: String,
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    let config = registry_here(&Overrides::default())?;
    let rule = config.registry.get(&args.rule).ok_or_else(|| no_such_rule(&config.registry, &args.rule))?;
    terminal.print(&rule.page.prose());
    Ok(Exit::Clean)
}
