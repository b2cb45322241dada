//! The hook, installed by the real pre-commit into a throw-away repository.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::{copy_of_the_source, run};

const MANAGE: &str = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.production')\n";

/// A bad commit is refused with the message, a good one passes, and a commit of a base module is judged through the
/// module that imports it.
pub fn refuses_and_accepts_commits(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let hook = folder.path().join("djudge");
    copy_of_the_source(&hook);
    let repository = Repository { folder: &hook, environment, home: folder.path() };
    repository.git(&["init", "-q"])?;
    repository.git(&["add", "-A"])?;
    repository.git(&["commit", "-q", "--no-verify", "-m", "The hook"])?;
    let revision = repository.git(&["rev-parse", "HEAD"])?;

    let project = folder.path().join("project");
    std::fs::create_dir_all(project.join("config/settings"))?;
    let repository = Repository { folder: &project, environment, home: folder.path() };
    repository.git(&["init", "-q"])?;
    let hooks =
        format!("repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: djudge\n", hook.display(), revision.trim());
    repository.write(".pre-commit-config.yaml", &hooks)?;
    repository.write("manage.py", MANAGE)?;
    repository.write("config/__init__.py", "")?;
    repository.write("config/settings/__init__.py", "")?;
    repository.write(
        "config/settings/base.py",
        "import os\nSECRET_KEY = os.environ['KEY']\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['example.com']\n",
    )?;
    repository.write("config/settings/production.py", "from .base import *\nALLOWED_HOSTS += ['*']\n")?;
    let (is_success, text) = run(Command::new(environment.join("pre-commit")).arg("install").current_dir(&project));
    if !is_success {
        return Err(text.into());
    }

    let refused = repository.commit("A wildcard");
    expect(&refused, false, "config/settings/production.py:2:19")?;
    expect(&refused, false, "warning[allowed-hosts-wildcard]")?;

    repository.write("config/settings/production.py", "from .base import *\nDEBUG = False\n")?;
    expect(&repository.commit("No wildcard"), true, "Passed")?;

    repository.write(
        "config/settings/base.py",
        "import os\nSECRET_KEY = os.environ['KEY']\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\n",
    )?;
    let refused = repository.commit("A wildcard in the base");
    expect(&refused, false, "config/settings/base.py:4:18")?;

    // The base alone is innocent: it is what production makes of it that is wrong.
    repository.write(
        "config/settings/base.py",
        "import os\nSECRET_KEY = os.environ['KEY']\nINSTALLED_APPS = []\nHOST = '*'\nALLOWED_HOSTS = ['example.com']\n",
    )?;
    repository.write("config/settings/production.py", "from .base import *\nALLOWED_HOSTS = [HOST]\n")?;
    repository.git(&["add", "-A"])?;
    repository.git(&["commit", "-q", "--no-verify", "-m", "Both"])?;
    repository
        .write("config/settings/base.py", "import os\nSECRET_KEY = os.environ['KEY']\nINSTALLED_APPS = []\nHOST = \"*\"\nALLOWED_HOSTS = ['example.com']\n")?;
    expect(&repository.commit("The base alone"), false, "warning[allowed-hosts-wildcard]")
}

struct Repository<'a> {
    folder: &'a Path,
    environment: &'a Path,
    home: &'a Path,
}

impl Repository<'_> {
    fn write(&self, path: &str, text: &str) -> std::io::Result<()> {
        std::fs::write(self.folder.join(path), text)
    }

    fn git(&self, args: &[&str]) -> Result<String, Failed> {
        let (is_success, text) = self.run_git(args);
        if is_success { Ok(text) } else { Err(format!("git {args:?}: {text}").into()) }
    }

    fn run_git(&self, args: &[&str]) -> (bool, String) {
        let path = std::env::var("PATH").unwrap_or_default();
        run(Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"])
            .args(args)
            .current_dir(self.folder)
            .env("PATH", format!("{}:{path}", self.environment.display()))
            .env("PRE_COMMIT_HOME", self.home.join("pre-commit"))
            // The dependencies are compiled once for all runs.
            .env("CARGO_TARGET_DIR", root().join("target/pre-commit")))
    }

    /// Commits everything, through the hook.
    fn commit(&self, message: &str) -> (bool, String) {
        let (is_success, text) = self.run_git(&["add", "-A"]);
        if is_success { self.run_git(&["commit", "-m", message]) } else { (false, text) }
    }
}

fn expect((is_success, text): &(bool, String), wanted: bool, said: &str) -> Result<(), Failed> {
    if *is_success == wanted && text.contains(said) {
        return Ok(());
    }
    Err(format!("expected {} with {said:?}, got: {text}", if wanted { "success" } else { "a refusal" }).into())
}
