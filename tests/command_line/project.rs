//! Small projects in temporary folders, and the command run on them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder that goes when the test ends.
pub struct Project {
    folder: tempfile::TempDir,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// What keeps the checks of Django quiet that every small settings module fails.
pub const SILENCED: &str =
    "SILENCED_SYSTEM_CHECKS = ['security.W001', 'security.W002', 'security.W003', 'security.W009']\n";

/// A project whose settings are this text.
pub fn settings(text: impl AsRef<[u8]>) -> Project {
    let manage = b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n";
    Project::new([("manage.py", manage.as_slice()), ("config/__init__.py", b""), ("config/settings.py", text.as_ref())])
}

impl Project {
    /// A folder with these files, by relative path.
    pub fn new<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// The folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder is there")
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// Runs djudge in the folder.
    pub fn djudge(&self, args: &[&str]) -> Output {
        self.djudge_with_input(args, "")
    }

    /// Runs djudge in the folder with some text on standard input.
    pub fn djudge_with_input(&self, args: &[&str], input: &str) -> Output {
        djudge_in(&self.path(), args, input)
    }
}

fn djudge_in(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
    command.args(args).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG"] {
        command.env_remove(name);
    }
    let mut child = command.spawn().expect("djudge starts");
    let mut stdin = child.stdin.take().expect("standard input is open");
    stdin.write_all(input.as_bytes()).expect("djudge reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("djudge ends");
    Output {
        code: output.status.code().expect("djudge is not killed"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
