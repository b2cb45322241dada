//! Embeds the rule book: every `rules/<group>/<rule>.md`, with the function of its sibling `.rs` where there is one.
//!
//! The texts are compressed. What every run asks of a page is embedded on its own: its message, and its metadata as JSON,
//! for two hundred blocks of TOML take longer to read than all else at the start.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    // By the name of the rule, as the registry has them.
    let mut entries: Vec<(String, String)> = Vec::new();
    let mut texts = String::new();
    for group in sorted(&root)?.iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", group.display());
        for page in sorted(group)?.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
            let stem = name(page);
            let check = match page.with_extension("rs").is_file() {
                true => format!("Some({}::{stem}::check)", name(group)),
                false => "None".to_owned(),
            };
            let text = fs::read_to_string(page)?;
            let header = header(&text).map_err(|error| invalid(page, &error))?;
            let entry = format!(
                "    Entry {{ group: {:?}, stem: {stem:?}, message: {:?}, header: {header:?}, text: {}..{}, check: {check} }},\n",
                name(group),
                message(&text),
                texts.len(),
                texts.len() + text.len(),
            );
            entries.push((stem.replace('_', "-"), entry));
            texts += &text;
        }
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    entries.sort();
    let entries: String = entries.into_iter().map(|(_, entry)| entry).collect();
    fs::write(target.join("book.rs"), format!("const BOOK: &[Entry] = &[\n{entries}];\n"))?;
    const SMALLEST: u8 = 10;
    fs::write(target.join("pages.deflate"), miniz_oxide::deflate::compress_to_vec(texts.as_bytes(), SMALLEST))
}

/// The paragraph after the title, without its full stop.
fn message(page: &str) -> String {
    let paragraph = page.split("\n\n").nth(1).unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
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
