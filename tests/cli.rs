//! What the command prints, word for word. `TRYCMD=overwrite cargo test --test cli` writes what it prints now; read it
//! before it is committed.

#[test]
fn printed_word_for_word() {
    trycmd::TestCases::new().env("LANG", "C.UTF-8").env("COLUMNS", "80").case("tests/cli/*.trycmd");
}
