//! Embeds the rule book: every `rules/<group>/<rule>.md`, with the function of its sibling `.rs` where there is one.
//!
//! The metadata are embedded as JSON too: two hundred blocks of TOML take longer to read than all else at the start.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    // By the name of the rule, as the registry has them.
    let mut entries: Vec<(String, String)> = Vec::new();
    for group in sorted(&root)?.iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", group.display());
        for page in sorted(group)?.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
            let stem = name(page);
            let check = match page.with_extension("rs").is_file() {
                true => format!("Some({}::{stem}::check)", name(group)),
                false => "None".to_owned(),
            };
            let entry = format!(
                "    Entry {{ group: {:?}, stem: {stem:?}, text: include_str!({page:?}), header: {:?}, check: {check} }},\n",
                name(group),
                header(&fs::read_to_string(page)?).map_err(|error| invalid(page, &error))?
            );
            entries.push((stem.replace('_', "-"), entry));
        }
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("book.rs");
    entries.sort();
    let entries: String = entries.into_iter().map(|(_, entry)| entry).collect();
    fs::write(target, format!("const BOOK: &[Entry] = &[\n{entries}];\n"))
}

/// The first block of TOML in a page, as JSON.
fn header(page: &str) -> Result<String, String> {
    let block = page.split_once("```toml\n").and_then(|(_, rest)| rest.split_once("\n```")).map(|(block, _)| block);
    let header: toml::Table = block.ok_or("there is no block of metadata")?.parse().map_err(text)?;
    serde_json::to_string(&header).map_err(text)
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn invalid(page: &Path, error: &str) -> io::Error {
    io::Error::other(format!("{}: {error}", page.display()))
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
