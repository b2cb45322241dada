//! The environment that the user declares: what environment files hold.

use super::{Config, ConfigError, EnvFile};
use crate::eval::{ComposeReader, Environment, Variable};
use crate::source::{Place, ReadError, Sources};

/// The variables that the environment files of a configuration set.
///
/// # Errors
/// Where a file cannot be read, is not UTF-8, or Docker Compose would refuse it.
pub fn environment(config: &Config, sources: &Sources) -> Result<Environment, ConfigError> {
    let mut environment = Environment::new();
    let mut reader = ComposeReader::default();
    for env_file in &config.env_files {
        let id = sources.id(&env_file.path);
        let file = sources.file(id).map_err(|error| unreadable(env_file, &error))?;
        let lines = reader.read(&file.text).map_err(|malformed| ConfigError {
            message: format!("Docker Compose cannot read this environment file: {}", malformed.message),
            help: None,
            place: Some((
                env_file.path.clone(),
                file.text.clone(),
                malformed.span.start as usize..malformed.span.end as usize,
            )),
        })?;
        for line in lines {
            let variable = Variable { value: line.value.map(Into::into), place: Place::new(id, line.span) };
            environment.insert(line.name.into(), variable);
        }
    }
    Ok(environment)
}

fn unreadable(env_file: &EnvFile, error: &ReadError) -> ConfigError {
    let path = env_file.path.display();
    let message = match error {
        ReadError::Decode(_) => format!("the environment file {path} is not UTF-8"),
        ReadError::Io(why) => format!("the environment file {path} cannot be read: {why}"),
        ReadError::TooLarge => format!("the environment file {path} cannot be read: it is {error}"),
    };
    ConfigError { message, help: None, place: env_file.named_at.clone() }
}
