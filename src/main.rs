//! Temporary.
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout)]
use djudge::{
    eval::*,
    project::{discover, requirements::Requirements, scan, settings::Settings},
    source::*,
};
use std::sync::Arc;
fn main() {
    with_stack(real)
}
fn real() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = absolute(std::path::Path::new(&args[0]));
    let sources = Sources::new(&Disk);
    let scan = scan::scan(&Disk, &[root], &globset::GlobSet::empty());
    let trees = Trees::new(&sources);
    let mut requirements = Requirements::default();
    for (path, text) in &scan.deployment {
        requirements.add_file(path, text);
    }
    let requirements = Arc::new(requirements);
    let committed = discover::committed(&scan);
    for project in discover::discover(&scan, &trees, &[]) {
        eprintln!("project {} asgi {:?}", project.root.display(), project.asgi.len());
        let mut world = World::new(&trees, discover::import_path(&project, &committed));
        world.committed = committed.clone();
        world.packages = requirements.pinned();
        for module in &project.settings {
            eprintln!(
                "  {} {:?} evidence {:?} base {} deployed {} judged {}",
                module.name,
                module.purpose,
                module.evidence,
                module.is_base,
                module.is_deployed,
                module.is_judged()
            );
            if args.len() > 1 && args[1] != module.name {
                continue;
            }
            if args.len() < 2 {
                continue;
            }
            let mut machine = Machine::new(
                &world,
                Mode { imports: Imports::Eager, production: module.is_deployed && args.get(2).is_none() },
            );
            let t = std::time::Instant::now();
            match machine.run_program(&module.name) {
                Ok(program) => {
                    let settings = Settings::take(&mut machine, &program, module.file, true, requirements.clone());
                    eprintln!(
                        "   {:?} open {:?} assumed {:?}",
                        t.elapsed(),
                        settings.open,
                        settings.assumptions.iter().map(|a| &a.text).collect::<Vec<_>>()
                    );
                    let mut out = serde_json::Map::new();
                    for (name, setting) in &settings.names {
                        out.insert(name.to_string(), serde_json::json!({"value": djudge::report::value_json::value_json(&setting.value), "certainty": format!("{:?}", setting.certainty)}));
                    }
                    println!("{}", serde_json::to_string_pretty(&out).unwrap());
                }
                Err(_) => eprintln!("   FAILED exhausted {:?}", machine.exhaustion()),
            }
        }
    }
}
