//! Embeds the rule book: every `rules/<group>/<rule>.md`, with the function of its sibling `.rs` where there is one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let mut entries = String::new();
    for group in sorted(&root)?.iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", group.display());
        for page in sorted(group)?.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
            let stem = name(page);
            let check = match page.with_extension("rs").is_file() {
                true => format!("Some({}::{stem}::check)", name(group)),
                false => "None".to_owned(),
            };
            let _ = writeln!(
                entries,
                "    Entry {{ group: {:?}, stem: {stem:?}, text: include_str!({page:?}), check: {check} }},",
                name(group)
            );
        }
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("book.rs");
    fs::write(target, format!("const BOOK: &[Entry] = &[\n{entries}];\n"))
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned()
}
